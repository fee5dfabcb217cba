package analyze

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"zstdshop/codecs"
	"zstdshop/harness/result"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// adviceResult is three levels of one codec, one worker and two.
func adviceResult() *result.Result {
	r := &result.Result{Plan: result.PlanInfo{Confidence: 0.95}}
	for _, c := range []struct {
		level int
		ratio float64
		speed float64
	}{{1, 2, 400}, {3, 3, 300}, {19, 4, 4}} {
		one := frontCell("good", c.level, c.level, c.ratio, c.speed, 0.02)
		two := frontCell("good", c.level, c.level, c.ratio, 2*c.speed, 0.02)
		two.Runner, two.Workers = "pool", 2
		r.Cells = append(r.Cells, one, two)
	}
	for i := range r.Cells {
		r.Cells[i].Name = r.Cells[i].Cell.Name()
	}
	return r
}

func recommend(t *testing.T, r *result.Result, goal string) result.Advice {
	t.Helper()
	g, err := ParseGoal(goal)
	if err != nil {
		t.Fatal(err)
	}
	all, err := Recommend(r, g)
	if err != nil || len(all) != 1 {
		t.Fatalf("%s: %+v, %v", goal, all, err)
	}
	return all[0]
}

func TestRecommend(t *testing.T) {
	for _, c := range []struct {
		goal    string
		level   int
		workers int
	}{
		{"speed", 1, 2},
		{"size", 19, 2},
		{"balanced", 3, 2}, // 0.94 + 0.58 against 1 + 0 and 0.13 + 1
		{"compress>=500MB/s", 3, 2},
		{"ratio>=2.5", 3, 2},
		{"fastest at ratio>3", 19, 2},
		{"fastest at ratio>=3", 3, 2},
		{"size,compress>=1MB/s", 19, 2},
		{"compress>=5MB/s,ratio>=2.5", 3, 2},
		{"balanced,compress>=700MB/s", 1, 2},
		{"compress>=700MB/s", 1, 2},
		{"compress>=8.3MB/s", 3, 2}, // level 19 of two workers is at 7.84 to 8.16
		{"compress>=7.7MB/s", 19, 2},
	} {
		a := recommend(t, adviceResult(), c.goal)
		if result.Value(a.Level) != c.level || a.Workers != c.workers || !a.ToldApart || a.Ties != nil || a.Probability < 0.99 || (a.RunnerUp == "") != strings.HasSuffix(c.goal, "compress>=700MB/s") || a.RunnerUp == a.Cell || a.For != c.goal {
			t.Errorf("%s: %+v", c.goal, a)
		}
	}
	// A better one near the bound, on either side of it, is in doubt and named.
	a := recommend(t, adviceResult(), "compress>=7.9MB/s")
	if len(a.MayKeep) != 1 || a.ToldApart || result.Value(a.Level) != 3 || a.Ties != nil || math.Abs(a.Probability-(1-a.MayKeep[0].Chance)) > 1e-3 {
		t.Fatalf("a better one near the bound: %+v", a)
	}
	if m := a.MayKeep[0]; m.Cell != adviceResult().Cells[5].Cell.Name() || len(m.Bounds) != 1 || m.Chance < 0.9 || m.Chance > 0.97 || *m.Bounds[0].Chance != m.Chance {
		t.Errorf("a better one near the bound: %+v", m)
	}
	if a := recommend(t, adviceResult(), "compress>=7.83MB/s"); result.Value(a.Level) != 19 || !a.ToldApart || a.Probability > 0.98 || math.Abs(a.Probability-*a.Bounds[0].Chance) > 1e-3 {
		t.Errorf("the best one near the bound: %+v", a)
	}
	a = recommend(t, adviceResult(), "compress>=2GB/s")
	if a.Bounds[0].Margin >= 1 || a.Cell != "" || !strings.Contains(a.Nearest, "level=1/runner=pool") {
		t.Errorf("nobody is that fast: %+v", a)
	}
}

// A goal about figures that only streams have is about the scenarios that have them.
func TestRecommendStreams(t *testing.T) {
	r := adviceResult()
	for _, level := range []int{1, 3} {
		c := frontCell("good", level, level, float64(level), 100/float64(level), 0.02)
		c.Scenario = "pour"
		c.Name = c.Cell.Name()
		memory, flush := int64(level)<<20, &result.Latency{P50: 10, P99: 100 * float64(level)}
		c.StreamMemoryBytes, c.FlushUS = &memory, flush
		r.Cells = append(r.Cells, c)
	}
	for goal, level := range map[string]int{
		"stream memory<2MiB": 1, "size,stream-memory<4MiB": 3, "flush p99<200us": 1, "balanced,flush p99<1ms,ratio>2": 3, "pour>=1MB/s,flush p50<1ms": 1,
	} {
		if a := recommend(t, r, goal); a.Scenario != "pour" || result.Value(a.Level) != level {
			t.Errorf("%s: %+v, want level %d of pour", goal, a, level)
		}
	}
	for goal, want := range map[string]string{
		"window<1MiB":                  "no cell has window: leave window<1MiB out",
		"compress>=1MB/s,flush p99<1s": "no cell of compress has flush p99: leave flush p99<1s out",
	} {
		g, err := ParseGoal(goal)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Recommend(r, g); !errors.Is(err, ErrGoal) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", goal, err, want)
		}
	}
}

// What cannot be told apart goes to the simplest, by verdicts where there are some.
func TestRecommendTies(t *testing.T) {
	r := adviceResult()
	pool, single := &r.Cells[1], &r.Cells[0]
	set := func(c *result.CellResult, speed, half float64) {
		lo, hi := speed*(1-half), speed*(1+half)
		c.MBPerS = &result.Interval{Est: speed, Lo: &lo, Hi: &hi}
	}
	set(single, 790, 0.05)
	set(pool, 800, 0.05)
	a := recommend(t, r, "speed")
	if a.ToldApart || !a.Simpler || a.Workers != 1 || !slices.Equal(a.Ties, []string{pool.Name}) || a.RunnerUp != pool.Name || a.Probability > 0.5 {
		t.Errorf("by intervals: %+v", a)
	}
	r.Comparisons = []result.Comparison{{Old: pool.Name, New: single.Name, Metric: result.MetricTime, Verdict: result.VerdictSlower, Pairs: 8}}
	if a := recommend(t, r, "speed"); !a.ToldApart || a.Workers != 2 || a.RunnerUp != single.Name {
		t.Errorf("by a verdict: %+v", a)
	}
	// Undecided, but hardly as good: it is named, and not taken for being simpler.
	r.Comparisons[0] = result.Comparison{Old: single.Name, New: pool.Name, Metric: result.MetricTime, Verdict: result.VerdictUndecided, Pairs: 8}
	set(pool, 2000, 0.01)
	if a := recommend(t, r, "speed"); a.ToldApart || a.Workers != 2 || a.Simpler || !slices.Equal(a.Ties, []string{single.Name}) {
		t.Errorf("undecided: %+v", a)
	}
	// With few forks nothing is sure.
	r.Comparisons = nil
	single.Forks = MinPairs - 1
	if a := recommend(t, r, "speed"); a.ToldApart || !a.FewForks || a.Workers != 2 {
		t.Errorf("few forks: %+v", a)
	}
	// Made to be slow, whatever it shows.
	pool.Runner, pool.About.Runner = "gil-release", runners.Info{Contrived: true}
	pool.Name = pool.Cell.Name()
	single.Forks = MinPairs
	if a := recommend(t, r, "speed"); a.Runner == "gil-release" {
		t.Errorf("a runner that stands for a lock: %+v", a)
	}
}

// Between codecs memory says which is simpler, and no number of a level.
func TestSimplerBetweenCodecs(t *testing.T) {
	cell := func(codec string, level int, memory, rss int64) *result.CellResult {
		c := frontCell(codec, level, level, 2, 100, 0.02)
		c.MemoryBytes, c.PeakRSSBytes = &memory, &rss
		return &c
	}
	for _, c := range []struct {
		name string
		a, b *result.CellResult
	}{
		{"a higher level of another codec", cell("one", 9, 1, 5), cell("other", 1, 2, 5)},
		{"a larger process to begin with", cell("one", 1, 1, 9), cell("other", 1, 2, 5)},
		{"a lower level of the same", cell("one", 1, 2, 5), cell("one", 3, 1, 5)},
	} {
		if !simpler(c.a, c.b) || simpler(c.b, c.a) {
			t.Errorf("%s is not the simpler one", c.name)
		}
	}
}

// Of two cells compared in turns the verdict counts for whatever goal only speed decides
// between them: for speed also at different ratios.
func TestRecommendByVerdicts(t *testing.T) {
	for _, c := range []struct {
		goal          string
		ratio         float64 // of the slower one; the faster has 3
		verdict       string  // on the slower one, "" for none
		apart, simple bool
	}{
		{"speed", 3, "", false, true},
		{"speed", 3, result.VerdictSlower, true, false},
		{"speed", 2, "", false, true},
		{"speed", 2, result.VerdictSlower, true, false},
		{"speed", 2, result.VerdictUndecided, false, true},
		{"balanced", 3, result.VerdictSlower, true, false},
		{"compress>=1MB/s", 3, result.VerdictSlower, true, false},
	} {
		for _, turned := range []bool{false, true} {
			slow, fast := frontCell("slow", 3, 3, c.ratio, 97, 0.1), frontCell("fast", 3, 3, 3, 100, 0.1)
			fast.Runner, fast.Workers = "pool", 2
			slow.Name, fast.Name = slow.Cell.Name(), fast.Cell.Name()
			r := &result.Result{Plan: result.PlanInfo{Confidence: 0.95}, Cells: []result.CellResult{slow, fast}}
			v := result.Comparison{Old: fast.Name, New: slow.Name, Metric: result.MetricTime, Verdict: c.verdict, Pairs: MinPairs}
			if turned {
				v.Old, v.New = v.New, v.Old
				if v.Verdict == result.VerdictSlower {
					v.Verdict = result.VerdictFaster
				}
			}
			if c.verdict != "" {
				r.Comparisons = []result.Comparison{v}
			}
			if a := recommend(t, r, c.goal); a.ToldApart != c.apart || a.Simpler != c.simple || (a.Codec == "slow") != c.simple {
				t.Errorf("%+v, turned %v: %+v", c, turned, a)
			}
		}
	}
}

// What a verdict calls equivalent gives way to what is simpler, even where it is
// surely a little faster, and cores that a codec takes by itself are no simplicity.
func TestRecommendSimpler(t *testing.T) {
	for _, c := range []struct {
		verdict string
		cores   float64 // of the slower one, which has one worker
		simple  bool
	}{
		{result.VerdictEquivalent, 1, true}, {result.VerdictEquivalent, 1.3, true}, {result.VerdictEquivalent, 3.2, false},
		{result.VerdictUndecided, 1, false},
	} {
		slow, fast := frontCell("one", 3, 3, 3, 99, 0.001), frontCell("one", 3, 3, 3, 100, 0.001)
		slow.Parallelism = &result.Interval{Est: c.cores}
		fast.Runner, fast.Workers = "pool", 2
		slow.Name, fast.Name = slow.Cell.Name(), fast.Cell.Name()
		r := &result.Result{Plan: result.PlanInfo{Confidence: 0.95}, Cells: []result.CellResult{slow, fast},
			Comparisons: []result.Comparison{{Old: fast.Name, New: slow.Name, Metric: result.MetricTime, Verdict: c.verdict, Pairs: MinPairs}}}
		if a := recommend(t, r, "speed"); a.ToldApart || a.Simpler != c.simple || (a.Workers == 1) != c.simple || len(a.Ties) != 1 {
			t.Errorf("%+v: %+v", c, a)
		}
	}
}

func TestRecommendRefuses(t *testing.T) {
	r := adviceResult()
	for i := range r.Cells {
		r.Cells[i].Status = result.StatusFailed
	}
	memcpy := frontCell("memcpy", 0, 0, 1, 9e4, 0.01)
	r.Cells = append(r.Cells, memcpy)
	for _, goal := range []string{"speed", "decompress>=5MB/s"} {
		g, _ := ParseGoal(goal)
		if _, err := Recommend(r, g); !errors.Is(err, ErrGoal) || !strings.Contains(err.Error(), "--scenario") {
			t.Errorf("%s: %v", goal, err)
		}
	}
	short := adviceResult()
	for i := range short.Cells {
		short.Cells[i].MBPerS.Lo, short.Cells[i].MBPerS.Hi = nil, nil
	}
	g, _ := ParseGoal("speed")
	if _, err := Recommend(short, g); !errors.Is(err, ErrGoal) || !strings.Contains(err.Error(), "raise --budget") {
		t.Errorf("without intervals: %v", err)
	}
	g, _ = ParseGoal("decompress>=5MB/s")
	if _, err := Recommend(adviceResult(), g); !errors.Is(err, ErrGoal) {
		t.Errorf("without the scenario: %v", err)
	}
}

// What no measuring can make recommended is refused before, and what can be is not.
func TestCanRecommend(t *testing.T) {
	measured := func(c result.Cell) result.Cell { c.Runner, c.Workers = "single", 1; return c }
	coded := measured(result.Cell{Scenario: "compress", Codec: "good", Level: 3})
	for _, c := range []struct {
		goal string
		cell result.Cell
		want string // of the error; "" none
	}{
		{"speed", coded, ""},
		{"compress>=1MB/s", coded, ""},
		{"decompress>=1MB/s", coded, "no cell of decompress can be recommended, as the first is missing"},
		{"p99<1ms", measured(result.Cell{Scenario: "shop", Endpoint: "v1-compress", Codec: "good", Level: 3}), ""},
		{"p99<1ms", measured(result.Cell{Scenario: "shop", Endpoint: "ping"}), "compresses nothing"},
		{"p99<1ms", measured(result.Cell{Scenario: "shop", Codec: "good", Rate: 5}), "has a rate"},
		{"speed", measured(result.Cell{Scenario: "compress", Codec: "memcpy"}), "only copies"},
		{"speed", measured(result.Cell{Scenario: "timed", Codec: "good"}), "slices of a fixed time"},
		{"speed", result.Cell{Scenario: "compress", Codec: "good", Runner: "gil", Workers: 1}, "stands for a lock"},
	} {
		g, err := ParseGoal(c.goal)
		if err != nil {
			t.Fatal(err)
		}
		err = CanRecommend([]result.Cell{c.cell}, adviceCatalogue{}, g)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s of %s: %v, want %q", c.goal, c.cell.Name(), err, c.want)
		}
	}
}

// adviceCatalogue knows a ceiling, a runner that stands for a lock and a scenario of timed
// slices.
type adviceCatalogue struct{}

func (adviceCatalogue) Infos(codec, runner, scenario string) (codecs.Info, runners.Info, scenarios.Info) {
	return codecs.Info{Ceiling: codec == "memcpy"}, runners.Info{Contrived: runner == "gil"}, scenarios.Info{TimedSlice: scenario == "timed"}
}

// Each endpoint and each length of streams is work of its own, with an answer of its own.
func TestRecommendUnits(t *testing.T) {
	r := adviceResult()
	for i := range r.Cells {
		c := &r.Cells[i]
		c.Scenario, c.Endpoint = "shop", []string{"v1-compress", "v1-raw"}[i%2]
		c.Stream = int64(c.Level/19) << 20
		c.Name = c.Cell.Name()
	}
	g, _ := ParseGoal("speed")
	all, err := Recommend(r, g)
	var of []string
	for _, a := range all {
		of = append(of, fmt.Sprint(a.Endpoint, " ", a.Stream, " ", result.Value(a.Level)))
	}
	if want := []string{"v1-compress 0 1", "v1-raw 0 1", "v1-compress 1048576 19", "v1-raw 1048576 19"}; err != nil || !slices.Equal(of, want) {
		t.Errorf("%q, %v, want %q", of, err, want)
	}
}

// bothWays is adviceResult with each cell decompressing, too, at ten times the speed.
func bothWays() *result.Result {
	r := adviceResult()
	for i := range r.Cells {
		r.Cells[i].About.Scenario.Advised = true
	}
	for _, c := range r.Cells {
		c.Scenario, c.About.Scenario.Advised = "decompress", false
		lo, hi := *c.MBPerS.Lo*10, *c.MBPerS.Hi*10
		c.MBPerS = &result.Interval{Est: c.MBPerS.Est * 10, Lo: &lo, Hi: &hi}
		c.Name = c.Cell.Name()
		r.Cells = append(r.Cells, c)
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		mem := int64(c.Level) << 20
		c.MemoryBytes, c.LatencyUS = &mem, &result.Latency{P99: float64(100 * c.Workers)}
		for fork := range int64(4) {
			c.Samples = append(c.Samples, result.Fork{MemoryBytes: mem - fork<<10})
		}
	}
	return r
}

// Bounds on several scenarios and figures count together, for the cells that differ in
// the scenario alone, and each says by how much it is kept.
func TestRecommendBounds(t *testing.T) {
	for _, c := range []struct {
		goal           string
		scenario       string
		level, workers int // 0: none
		margins        []float64
		missed         int // forks, of the last bound
	}{
		{"compress>=100MB/s,decompress>=500MB/s", "compress", 3, 2, []float64{6 * 0.98, 12 * 0.98}, 0},
		{"decompress>=5500MB/s,compress>=1MB/s", "compress", 3, 2, []float64{6 / 5.5 * 0.98, 588}, 0},
		{"decompress>=6500MB/s,compress>=1MB/s", "compress", 1, 2, []float64{8 / 6.5 * 0.98, 784}, 0},
		{"decompress>=6500MB/s", "decompress", 1, 2, []float64{8 / 6.5 * 0.98}, 0},
		{"compress>=1MB/s,p99<150us", "compress", 1, 1, []float64{392, 1.5}, 0},
		{"compress>=1MB/s,p99<0.1ms", "compress", 0, 0, []float64{392, 1}, 0},
		{"compress>=1MB/s,ratio>=2.5,memory<4MiB", "compress", 3, 2, []float64{588, 1.2, 4.0 / 3}, 0},
		{"compress>=1MB/s,memory<=1.5MiB", "compress", 1, 2, []float64{784, 1.5}, 0},
		{"compress>=1MB/s,memory<1MiB", "compress", 0, 0, []float64{392, 1}, 1},
	} {
		a := recommend(t, bothWays(), c.goal)
		if a.Scenario != c.scenario || result.Value(a.Level) != c.level || a.Workers != c.workers || len(a.Bounds) != len(c.margins) {
			t.Errorf("%s: %+v", c.goal, a)
			continue
		}
		for i, m := range a.Bounds {
			if math.Abs(m.Margin-c.margins[i]) > 1e-6*c.margins[i] {
				t.Errorf("%s: %+v, want a margin of %v", c.goal, m, c.margins[i])
			}
		}
		if last := a.Bounds[len(a.Bounds)-1]; last.ForksMissed != c.missed {
			t.Errorf("%s: %+v, want %d forks missed", c.goal, last, c.missed)
		}
	}
	// Without the other scenario's cell nothing is known of an option.
	r := bothWays()
	r.Cells = slices.DeleteFunc(r.Cells, func(c result.CellResult) bool { return c.Scenario == "decompress" && c.Level == 3 })
	if a := recommend(t, r, "compress>=100MB/s,decompress>=500MB/s"); result.Value(a.Level) != 1 {
		t.Errorf("a cell that was not measured: %+v", a)
	}
	g, _ := ParseGoal("rss<1GiB")
	if _, err := Recommend(r, g); !errors.Is(err, ErrGoal) || !strings.Contains(err.Error(), "no cell has peak RSS") {
		t.Errorf("a figure that no cell has: %v", err)
	}
}
