package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"zstdshop/codecs"
	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// The results that the tests are about. They are built here, without chance
// and without measuring, and kept as testdata/NAME.json.
func fixtures() map[string]*result.Result {
	return map[string]*result.Result{
		"minimal": newResult(),
		"matrix":  matrixResult(),
		"trouble": troubleResult(),
		"cpuburn": cpuburnResult(),
		"shop":    shopResult(),
		"sides":   sidesResult(),
		"apart":   apartResult(),
		"randmul": randmulResult(),
		"nasty":   nastyResult(),
	}
}

func fixtureNames() []string {
	names := []string{}
	for name := range fixtures() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// newResult is a result that holds no cell.
func newResult() *result.Result {
	r := &result.Result{Schema: result.Schema}
	m := &r.Machine
	m.Host, m.OS, m.Kernel, m.Arch, m.CPU = "bench-1", "linux", "6.1.0", "amd64", "Example CPU @ 2.20GHz"
	m.CPUs, m.Usable, m.MemBytes, m.Virtual, m.Fingerprint = 2, 2, 8<<30, "kvm", "f1"
	r.Build = result.Build{
		Version: "v0.1.0", Commit: "0123456789abcdef0123456789abcdef01234567", Go: "go1.26.0", OS: "linux", Arch: "amd64", CGO: true,
		Settings: map[string]string{"GOAMD64": "v1"},
		Libraries: map[string]string{
			"klauspost": "github.com/klauspost/compress v1.20.3", "datadog": "github.com/DataDog/zstd v1.5.7", "memcpy": "go go1.26.0",
		},
	}
	r.Plan = result.PlanInfo{
		Args: []string{"bench"}, Seed: 42, Method: "m1", Budget: 50e9, Elapsed: 48.25e9, Precision: 0.02, Confidence: 0.95,
		Started: time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC), Complete: true,
	}
	return described(r)
}

func ptr[T any](v T) *T { return &v }

// around is an interval from below to above, both shares of est.
func around(est, below, above float64) *result.Interval {
	return &result.Interval{Est: est, Lo: ptr(est * (1 - below)), Hi: ptr(est * (1 + above))}
}

const (
	mib    = 1 << 20
	blocks = 16
	forks  = 8
)

// corpusCell is a cell over one MiB of logs in 64 KiB blocks that takes
// nsPerTask, with a record of its forks.
func corpusCell(codec string, level int, runner string, workers int, nsPerTask, cores float64) result.CellResult {
	cell := result.Cell{Scenario: "compress", Corpus: "logs", Codec: codec, Runner: runner, Workers: workers, Block: 65536}
	c := result.CellResult{Cell: cell, About: result.AboutOf(cell, catalogue{}), EffectiveGOMAXPROCS: 2, Status: result.StatusOK, Items: blocks, BytesIn: mib, CorpusBytes: mib, Digest: "d1", Warnings: []string{}}
	if level != 0 {
		c.Level, c.EffectiveLevel = level, ptr(level)
	}
	if runner == "gomaxprocs1" {
		c.EffectiveGOMAXPROCS = 1
	}
	c.BytesOut = int64(mib / (2.5 + 0.1*float64(level)))
	c.Ratio = ptr(float64(c.BytesIn) / float64(c.BytesOut))
	c.NSPerOp = around(nsPerTask, 0.011, 0.012)
	c.MBPerS = around(65536/nsPerTask*1e3, 0.012, 0.011)
	c.Parallelism = around(cores, 0.004, 0.006)
	c.LatencyUS = &result.Latency{P50: nsPerTask / 1e3, P90: nsPerTask / 900, P99: nsPerTask / 500, Max: nsPerTask / 100, N: 4096}
	c.AllocsPerOp, c.AllocBytesPerOp = ptr(0.25), ptr(12.5)
	c.PreparedRSSBytes, c.PeakRSSBytes, c.Threads = ptr[int64](9<<20), ptr[int64](12_345_678), ptr(7)
	c.Disturbed = ptr(0.125)
	c.Samples, c.Forks = forksOf(nsPerTask*float64(1), cores), forks
	c.Name = c.Cell.Name()
	return c
}

// forksOf is a record of forks whose mean is nsPerTask give or take a percent.
func forksOf(nsPerTask, cores float64) []result.Fork {
	var all []result.Fork
	for n := range forks {
		f := result.Fork{Fork: n}
		for s := range 2 {
			// -1 % .. +1 %, in an order that is not the forks'
			off := float64((n*5+s*3)%9-4) / 400
			wall := int64(nsPerTask * 16 * (1 + off))
			f.Turn, f.First, f.Tasks = append(f.Turn, n+s), append(f.First, s), append(f.Tasks, 16)
			f.WallNS, f.CPUNS = append(f.WallNS, wall), append(f.CPUNS, int64(float64(wall)*cores))
			f.IdleNS, f.Collect = append(f.IdleNS, int64(s*20_000)), append(f.Collect, s)
			f.Before, f.After = append(f.Before, 6100), append(f.After, int64(6100+n))
		}
		f.TaskNS = [][2]int64{{int64(nsPerTask), 98}, {int64(nsPerTask * 2), 2}}
		f.TimedTasks, f.Mallocs, f.AllocBytes = 100, 25, 1250
		f.PreparedRSSBytes, f.PeakRSSBytes, f.Threads, f.PassNS = 9<<20, 12_345_678, 7, int64(nsPerTask*blocks)
		all = append(all, f)
	}
	return all
}

// compareAll holds all cells of a group against each other, with a verdict
// from the estimates: beyond 2 % apart is decided.
func compareAll(r *result.Result) {
	for i := range r.Cells {
		for j := i + 1; j < len(r.Cells); j++ {
			a, b := &r.Cells[i], &r.Cells[j]
			if !hasSpeed(a) || !hasSpeed(b) || a.Cell.Group() != b.Cell.Group() {
				continue
			}
			ratio := b.NSPerOp.Est / a.NSPerOp.Est
			verdict := result.VerdictUndecided
			switch {
			case ratio < 0.98:
				verdict = result.VerdictFaster
			case ratio > 1.02:
				verdict = result.VerdictSlower
			}
			r.Comparisons = append(r.Comparisons, result.Comparison{
				Old: a.Name, New: b.Name, Metric: "time", Verdict: verdict, Delta: 0.02, MDE: new(0.015), Pairs: forks,
				TimeRatio: result.Ratio{Est: ratio, Lo: new(ratio * 0.99), Hi: new(ratio * 1.01), Confidence: 0.99},
			})
		}
	}
}

// matrixResult is what the program measures when told nothing: two codecs,
// four levels, three runners, and the ceiling.
func matrixResult() *result.Result {
	r := newResult()
	effective := map[int]int{1: 1, 3: 2, 9: 3, 19: 4} // klauspost's own
	for _, codec := range []string{"klauspost", "datadog"} {
		for _, level := range []int{1, 3, 9, 19} {
			ns := 90_000 * math.Sqrt(float64(level))
			if codec == "datadog" {
				ns *= 0.8
			}
			for _, m := range []struct {
				runner         string
				workers        int
				speedUp, cores float64
			}{{"single", 1, 1, 1.01}, {"pool", 2, 1.9, 1.97}, {"gomaxprocs1", 2, 0.97, 1.01}} {
				if codec == "datadog" && m.runner == "gomaxprocs1" {
					m.speedUp, m.cores = 1.89, 1.96 // C calls escape
				}
				c := corpusCell(codec, level, m.runner, m.workers, ns/m.speedUp, m.cores)
				if codec == "klauspost" {
					c.EffectiveLevel = ptr(effective[level])
				}
				c.SpeedUp = around(m.speedUp, 0.01, 0.01)
				if m.runner == "single" {
					c.SpeedUp = around(1, 0, 0) // over itself
				}
				r.Cells = append(r.Cells, c)
			}
		}
	}
	// At level 1 datadog leads alone.
	for i := range r.Cells {
		if c := &r.Cells[i]; c.Codec == "datadog" && c.Level == 1 && c.Runner == "gomaxprocs1" {
			*c.NSPerOp, *c.MBPerS = *around(c.NSPerOp.Est*1.2, 0.01, 0.04), *around(c.MBPerS.Est/1.2, 0.04, 0.01)
		}
	}
	ceilingCell := corpusCell("memcpy", 0, "single", 1, 5200, 1)
	ceilingCell.BytesOut, ceilingCell.Ratio = mib, ptr(1.0)
	r.Cells = append(r.Cells, ceilingCell)
	compareAll(r)
	return described(r)
}

// troubleResult is a run in which little went well.
func troubleResult() *result.Result {
	r := newResult()
	r.Build.CGO, r.Build.Dirty, r.Plan.Complete = false, true, false
	r.Build.Libraries["datadog"] = "unavailable: needs cgo"
	ok := corpusCell("klauspost", 3, "single", 1, 140_000, 1)
	ok.NSPerOp.Lo, ok.NSPerOp.Hi, ok.MBPerS.Lo, ok.MBPerS.Hi = nil, nil, nil, nil
	ok.BytesIn, ok.Items, ok.Samples, ok.Forks = mib/4, blocks/4, ok.Samples[:1], 1
	failed := corpusCell("klauspost", 3, "pool", 2, 1, 1)
	failed.Error, failed.Stderr = ptr("worker ended with signal 6 while it ran slice 12"), ptr("fatal: assertion\nline two")
	strip(&failed, result.StatusFailed)
	unmeasured := corpusCell("klauspost", 3, "gomaxprocs1", 2, 1, 1)
	strip(&unmeasured, result.StatusUnmeasured)
	r.Cells = append(r.Cells, ok, failed, unmeasured)
	for _, runner := range []string{"single", "pool"} {
		c := corpusCell("datadog", 3, runner, 2, 1, 1)
		c.Error = ptr("this build has no cgo: build with CGO_ENABLED=1 and a C compiler")
		strip(&c, result.StatusUnavailable)
		r.Cells = append(r.Cells, c)
	}
	r.Warnings = []result.Warning{
		{Code: "loaded", Text: "the machine was busy when the run began (load 3.1): close other programs"},
		{Cell: ok.Name, Code: "few_forks", Text: "only 1 fork, so there is no interval: raise the budget"},
		{Cell: unmeasured.Name, Code: "unmeasured", Text: "not measured before the run ended: raise the budget"},
	}
	r.Cells[0].Warnings = []string{"few_forks"}
	return described(r)
}

// strip takes the figures from a cell.
func strip(c *result.CellResult, status string) {
	c.Status, c.Samples, c.Forks = status, nil, 0
	c.Ratio, c.NSPerOp, c.MBPerS, c.Parallelism, c.LatencyUS = nil, nil, nil, nil, nil
	c.AllocsPerOp, c.AllocBytesPerOp, c.PreparedRSSBytes, c.PeakRSSBytes, c.Threads, c.Disturbed = nil, nil, nil, nil, nil, nil
	c.EffectiveLevel, c.Items, c.BytesIn, c.BytesOut, c.Digest, c.EffectiveGOMAXPROCS = nil, 0, 0, 0, "", 0
}

// plainCell is a cell without codec and corpus.
func plainCell(scenario, runner string, workers, tasks int, nsPerTask, cores float64) result.CellResult {
	c := result.CellResult{Cell: result.Cell{Scenario: scenario, Runner: runner, Workers: workers, Tasks: tasks}, EffectiveGOMAXPROCS: 2, Status: result.StatusOK, Items: tasks, NSPerOp: around(nsPerTask, 0.01, 0.01), Parallelism: around(cores, 0.01, 0.01), PeakRSSBytes: ptr[int64](6_000_000), Samples: forksOf(nsPerTask, cores), Forks: forks}
	c.Name = c.Cell.Name()
	return c
}

// sidesResult is two programs side by side, with every verdict there is.
func sidesResult() *result.Result {
	r := newResult()
	r.Plan.Args, r.Plan.Precision = []string{"compare", "./old/zstdshop", "./new/zstdshop"}, 0
	r.Sides = &result.TwoSides{Old: "./old/zstdshop: zstdshop v0.1.0, go1.26.0, cgo on, sha256 0123456789ab",
		New: "./new/zstdshop: zstdshop v0.2.0, go1.26.0, cgo on, sha256 ba9876543210"}
	r.Warnings = []result.Warning{
		{Code: "builds", Text: "the programs differ in version (v0.1.0, then v0.2.0)"},
	}
	for _, m := range []struct {
		scenario, codec, runner string
		ns, times               float64
		verdict                 string
		more                    *int64
	}{
		{"compress", "klauspost", "single", 100_000, 1.05, result.VerdictSlower, nil},
		{"compress", "klauspost", "pool", 52_000, 1.004, result.VerdictEquivalent, nil},
		{"compress", "datadog", "single", 80_000, 1.015, result.VerdictUndecided, ptr[int64](41.2e9)},
		{"compress", "datadog", "pool", 45_000, 0.93, result.VerdictFaster, nil},
		{"decompress", "klauspost", "single", 30_000, 0.999, result.VerdictEquivalent, nil},
		{"decompress", "datadog", "single", 20_000, 1, "", nil},
	} {
		workers := 1
		if m.runner == "pool" {
			workers = 2
		}
		var names [2]string
		for i, side := range []string{result.SideOld, result.SideNew} {
			c := corpusCell(m.codec, 3, m.runner, workers, m.ns*[]float64{1, m.times}[i], float64(workers))
			c.Scenario, c.Build = m.scenario, side
			c.Name = c.Cell.Name()
			names[i] = c.Name
			if m.codec == "klauspost" && side == result.SideNew {
				c.BytesOut += 1000
				c.Ratio = ptr(float64(c.BytesIn) / float64(c.BytesOut))
			}
			if m.codec == "datadog" && m.runner == "pool" && side == result.SideNew {
				c.AllocsPerOp = ptr(1.25)
			}
			if m.verdict == "" && side == result.SideNew {
				strip(&c, result.StatusFailed)
				c.Error, c.Stderr = ptr("worker ended with signal 6 while it ran slice 12"), ptr("fatal: assertion")
			}
			r.Cells = append(r.Cells, c)
		}
		if m.verdict == "" {
			continue
		}
		old, new := &r.Cells[len(r.Cells)-2], &r.Cells[len(r.Cells)-1]
		exact := func(metric string, times, delta float64) {
			verdict := result.VerdictEquivalent
			if times != 1 {
				verdict = result.VerdictWorse
			}
			r.Comparisons = append(r.Comparisons, result.Comparison{Old: names[0], New: names[1], Metric: metric, Verdict: verdict, Delta: delta,
				TimeRatio: result.Ratio{Est: times, Lo: &times, Hi: &times, Confidence: 1}})
		}
		r.Comparisons = append(r.Comparisons, result.Comparison{Old: names[0], New: names[1], Metric: result.MetricTime,
			Verdict: m.verdict, Delta: 0.02, MDE: ptr(0.0123), Pairs: 24, MoreNS: m.more,
			TimeRatio: result.Ratio{Est: m.times, Lo: ptr(m.times * 0.991), Hi: ptr(m.times * 1.008), Confidence: 0.9958}})
		if m.verdict == result.VerdictUndecided {
			t := &r.Comparisons[len(r.Comparisons)-1].TimeRatio
			t.Lo, t.Hi = ptr(0.98), ptr(1.05)
		}
		exact(result.MetricRatio, *new.Ratio / *old.Ratio, 0)
		exact(result.MetricAllocs, *new.AllocsPerOp / *old.AllocsPerOp, 0.02)
	}
	return described(r)
}

// apartResult is two results of different runs, of which each has a cell that
// the other has not.
func apartResult() *result.Result {
	side := func(version string, cells ...result.CellResult) *result.Result {
		r := newResult()
		r.Build.Version, r.Cells = version, cells
		return r
	}
	single, pool := corpusCell("klauspost", 3, "single", 1, 100_000, 1), corpusCell("klauspost", 3, "pool", 2, 52_000, 2)
	slower, failed := corpusCell("klauspost", 3, "single", 1, 110_000, 1), corpusCell("klauspost", 3, "pool", 2, 52_000, 2)
	strip(&failed, result.StatusFailed)
	failed.Error = ptr("no memory")
	slower.BytesOut--
	slower.Ratio = ptr(float64(slower.BytesIn) / float64(slower.BytesOut))
	old := side("v0.1.0", single, pool, corpusCell("klauspost", 9, "single", 1, 300_000, 1))
	new := side("v0.2.0", slower, failed, corpusCell("klauspost", 1, "single", 1, 50_000, 1))
	new.Plan.Started, new.Plan.Seed = new.Plan.Started.Add(24*time.Hour), 43
	new.Warnings = []result.Warning{{Code: "loaded", Text: "the machine was busy when the run began (load 3.1): close other programs"}}
	r, err := analyze.Compare(analyze.Source{Name: "old.json", Result: old}, analyze.Source{Name: "new.json", Result: new})
	if err != nil {
		panic(err)
	}
	r.Plan.Args = []string{"compare", "old.json", "new.json"}
	return described(r)
}

func cpuburnResult() *result.Result {
	r := newResult()
	for _, m := range []struct {
		runner   string
		workers  int
		ns       float64
		cores    float64
		checksum uint64
	}{
		{"single", 1, 3.25e6, 1, 2484899264},
		{"pool", 4, 1.64e6, 1.98, 2484899264},
		{"gomaxprocs1", 4, 3.26e6, 1, 2484899264},
	} {
		c := plainCell("cpuburn", m.runner, m.workers, 4, m.ns, m.cores)
		c.Iters, c.Checksum = 2_500_000, ptr(m.checksum)
		c.Name = c.Cell.Name()
		if m.runner != "single" {
			c.SpeedUp = around(3.25e6/m.ns, 0.01, 0.01)
		}
		r.Cells = append(r.Cells, c)
	}
	compareAll(r)
	return described(r)
}

// shopResult is requests as fast as they go, and at two rates of which one is too
// much.
func shopResult() *result.Result {
	r := newResult()
	for _, codec := range []string{"klauspost", "datadog"} {
		ns := map[string]float64{"klauspost": 300e3, "datadog": 220e3}[codec]
		c := corpusCell(codec, 3, "pool", 8, ns, 1.8)
		c.Scenario, c.Endpoint = "shop", "v1-compress"
		c.TasksPerS = around(1e9/ns, 0.012, 0.011)
		c.Name = c.Cell.Name()
		r.Cells = append(r.Cells, c)
	}
	for _, rate := range []int{500, 9000} {
		c := corpusCell("datadog", 3, "pool", 8, 220e3, float64(min(rate, 4545))*220e-6)
		c.Scenario, c.Endpoint, c.Rate = "shop", "v1-compress", rate
		c.NSPerOp, c.MBPerS = nil, nil
		c.TasksPerS = around(float64(min(rate, 4545)), 0.001, 0.001)
		c.LatencyUS.P99 *= float64(rate) / 500
		c.Name = c.Cell.Name()
		r.Cells = append(r.Cells, c)
	}
	ping := plainCell("shop", "pool", 8, 0, 16e3, 1.2)
	ping.Endpoint, ping.Tasks, ping.TasksPerS = "ping", 0, around(1e9/16e3, 0.01, 0.01)
	ping.Name = ping.Cell.Name()
	r.Cells = append(r.Cells, ping)
	compareAll(r)
	return described(r)
}

func randmulResult() *result.Result {
	r := newResult()
	for _, workers := range []int{1, 2} {
		c := plainCell("randmul", "pool", workers, workers, 1e6, float64(workers)*0.99)
		c.NSPerOp, c.Checksum = nil, ptr(uint64(workers))
		r.Cells = append(r.Cells, c)
	}
	return described(r)
}

// nastyNames are what user files and environments may be called.
var nastyNames = []string{
	"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\ttab", "\rreturn", "two\nlines", "pipe|pipe", "back`tick", `back\slash`, `ends\`,
	"<script>alert(1)</script>", "&lt;", "*bold* _it_ [a](b)", "\x1b[31mred\x1b[0m", "\u202eright to left\u202c", "\u2066isolate\u2069",
	"per%cent", "a/b=c", " spaced ", "日本語", "µ", "zero\x00byte", "cpus-12", "100%", "no\u00a0break", "\u2028separator", "``` fence",
}

func nastyResult() *result.Result {
	r := newResult()
	r.Machine.CPU = "CPU\nBenchmarkFake 1 1 ns/op \x1b[2J\u202e"
	r.Build.Libraries[nastyNames[0]] = "v1\nv2"
	for i, name := range nastyNames {
		c := corpusCell("klauspost", 3, "pool", 2, 100_000+1000*float64(i), 1.9)
		c.Samples, c.Forks = c.Samples[:1], 1
		switch i % 3 {
		case 0:
			c.Corpus = name
		case 1:
			c.Env = name
		case 2:
			c.Codec, c.CPUs = name, name
		}
		c.Warnings = []string{"about " + name}
		c.Name = c.Cell.Name()
		r.Cells = append(r.Cells, c)
	}
	r.Cells[1].Status, r.Cells[1].Error = result.StatusFailed, ptr("broke on "+nastyNames[14])
	slices.SortStableFunc(r.Cells, func(a, b result.CellResult) int { return cmp.Compare(a.Corpus, b.Corpus) })
	return described(r)
}

// largeResult has many cells in many tables.
func largeResult(cells int) *result.Result {
	r := newResult()
	for i := range cells {
		c := corpusCell("klauspost", 1+i%19, "pool"+strings.Repeat("s", i%2), 1+i%64, 1000+float64(i), 1.5)
		c.Corpus = fmt.Sprintf("corpus-%d", i/500)
		c.Samples = c.Samples[:2]
		c.Warnings = []string{fmt.Sprintf("warning %d", i%7)}
		c.Name = c.Cell.Name()
		r.Cells = append(r.Cells, c)
	}
	return described(r)
}

// levelsResult is two codecs at many levels, one of them slower and larger at
// each.
func levelsResult() *result.Result {
	r := newResult()
	for level := 1; level <= 19; level++ {
		for _, codec := range []string{"klauspost", "datadog"} {
			ns := 5e5 * math.Pow(1.25, float64(level))
			ratio := 2.5 + 0.09*float64(level)
			if codec == "klauspost" {
				ns, ratio = ns*1.4, ratio-0.2
			}
			c := corpusCell(codec, level, "pool", 2, ns, 1.9)
			c.Ratio = &ratio
			r.Cells = append(r.Cells, c)
		}
	}
	compareAll(r)
	return described(r)
}

// scalingResult is two runners with 1 to 64 workers, one of which comes to a peak.
func scalingResult() *result.Result {
	r := newResult()
	r.Machine.CPUs, r.Machine.Usable = 64, 64
	for _, runner := range []string{"pool", "sharded"} {
		for w := 1; w <= 64; w *= 2 {
			n := float64(w)
			slower := 1 + 0.02*(n-1)
			if runner == "pool" {
				slower += 0.0006 * n * (n - 1)
			}
			r.Cells = append(r.Cells, corpusCell("datadog", 3, runner, w, 1e6*slower/n, n/slower))
		}
	}
	compareAll(r)
	return described(r)
}

// described is r, its cells told what their entries say of themselves.
func described(r *result.Result) *result.Result {
	r.Describe(catalogue{})
	return r
}

// catalogue describes the entries that fixtures name as those of the program do.
type catalogue struct{}

func (catalogue) Infos(codec, runner, scenario string) (c codecs.Info, n runners.Info, s scenarios.Info) {
	c.Ceiling = codec == "memcpy"
	if codec == "klauspost" || codec == "datadog" {
		c.Levels = &codecs.Levels{Default: 3}
	}
	if r := map[string]runners.Runner{"single": runners.Single(), "pool": runners.Pool(), "gomaxprocs1": runners.GOMAXPROCS1(), "gil": runners.GIL(),
		"gil-release": runners.GILRelease(), "pinned": runners.Pinned(), "procs": runners.Procs(), "osthread": runners.OSThread()}[runner]; r != nil {
		n = r.Info()
	}
	if w := map[string]scenarios.Scenario{"compress": scenarios.Compress(), "decompress": scenarios.Decompress(),
		"roundtrip": scenarios.RoundTrip(), "randmul": scenarios.RandMul()}[scenario]; w != nil {
		s = w.Info()
	}
	return c, n, s
}
