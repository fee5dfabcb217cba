package analyze

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"zstdshop/harness/result"
)

// saved is a result with one cell that took ns and came out as change made it.
func saved(ns float64, change func(*result.Result, *result.CellResult)) *result.Result {
	block, ratio, allocs, level := int64(65536), 4.0, 0.1, 3
	corpus, codec := "logs", "klauspost"
	c := result.CellResult{Cell: result.Cell{Scenario: "compress", Corpus: corpus, Codec: codec, Level: level, Runner: "single", Workers: 1, Block: block}, Status: result.StatusOK, Items: 16, BytesIn: 1 << 20, BytesOut: 1 << 18, CorpusBytes: 1 << 20, Ratio: &ratio, Digest: "d", NSPerOp: &result.Interval{Est: ns}, AllocsPerOp: &allocs, Samples: []result.Fork{{TimedTasks: 1000}}}
	c.Name = c.Cell.Name()
	r := &result.Result{Cells: []result.CellResult{c}, Build: result.Build{Version: "v1", Go: "go1.26", Binary: "aaaaaaaaaaaaaaaa", Libraries: map[string]string{"klauspost": "v1"}},
		Plan: result.PlanInfo{Seed: 1, Confidence: 0.95, Complete: true, Started: time.Unix(1e9, 0)}}
	r.Machine.Fingerprint = "f"
	if change != nil {
		change(r, &r.Cells[0])
	}
	return r
}

func compareSaved(old, new *result.Result) (*result.Result, error) {
	return Compare(Source{"old.json", old}, Source{"new.json", new})
}

// Times of two runs are never decided, whatever they are; what is exact is, and
// turns round when the sides are swapped.
func TestCompareResults(t *testing.T) {
	more := func(_ *result.Result, c *result.CellResult) { c.BytesOut += 100; *c.AllocsPerOp = 3 }
	for _, c := range []struct {
		about    string
		old, new *result.Result
		want     string // metric verdict quotient ...
	}{
		{"the same", saved(100, nil), saved(100, nil), "time undecided 1.0000 ratio equivalent 1.0000 allocs equivalent 1.0000"},
		{"twice as long", saved(100, nil), saved(200, nil), "time undecided 2.0000 ratio equivalent 1.0000 allocs equivalent 1.0000"},
		{"half as long", saved(200, nil), saved(100, nil), "time undecided 0.5000 ratio equivalent 1.0000 allocs equivalent 1.0000"},
		{"worse", saved(100, nil), saved(100, more), "time undecided 1.0000 ratio worse 0.9996 allocs worse 30.0000"},
		{"better", saved(100, more), saved(100, nil), "time undecided 1.0000 ratio better 1.0004 allocs better 0.0333"},
		{"one byte", saved(100, nil), saved(100, func(_ *result.Result, c *result.CellResult) { c.BytesOut-- }), "time undecided 1.0000 ratio better 1.0000 allocs equivalent 1.0000"},
		{"without a codec", saved(100, func(_ *result.Result, c *result.CellResult) { c.BytesOut, c.Ratio, c.AllocsPerOp = 0, nil, nil }), saved(100, nil), "time undecided 1.0000"},
		{"no speed", saved(100, func(_ *result.Result, c *result.CellResult) { c.NSPerOp = nil }), saved(100, nil), "ratio equivalent 1.0000 allocs equivalent 1.0000"},
		{"failed", saved(100, nil), saved(100, func(_ *result.Result, c *result.CellResult) { c.Status = result.StatusFailed }), ""},
	} {
		r, err := compareSaved(c.old, c.new)
		if err != nil {
			t.Errorf("%s: %v", c.about, err)
			continue
		}
		var got []string
		for _, v := range r.Comparisons {
			got = append(got, fmt.Sprintf("%s %s %.4f", v.Metric, v.Verdict, v.TimeRatio.Est))
			if exact := v.Metric != result.MetricTime; exact != (v.TimeRatio.Lo != nil) || exact != (v.TimeRatio.Confidence == 1) {
				t.Errorf("%s: %s has the interval %v at %v", c.about, v.Metric, v.TimeRatio.Lo, v.TimeRatio.Confidence)
			}
			if v.Old != c.old.Cells[0].Name+"/build=old" || v.New != c.new.Cells[0].Name+"/build=new" {
				t.Errorf("%s: %s against %s", c.about, v.New, v.Old)
			}
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %s, want %s", c.about, text, c.want)
		}
		if c.old.Cells[0].Build != "" || c.new.Cells[0].Build != "" {
			t.Errorf("%s: a side was changed", c.about)
		}
	}
}

// What makes two results unlike each other is refused, or said.
func TestCompareUnlike(t *testing.T) {
	other := func(change func(*result.Result, *result.CellResult)) *result.Result { return saved(100, change) }
	sampled := func(seed uint64, digest string) *result.Result {
		return other(func(r *result.Result, c *result.CellResult) {
			r.Plan.Seed, c.CorpusBytes, c.Digest = seed, 8<<20, digest
		})
	}
	of := func(corpus, items string) *result.Result {
		return other(func(_ *result.Result, c *result.CellResult) {
			c.CorpusDigest, c.ItemsDigest, c.CorpusBytes, c.Digest = corpus, items, 8<<20, "out of "+items
		})
	}
	seeded := func(r *result.Result, seed uint64) *result.Result {
		r.Plan.Seed, r.Cells[0].Digest, r.Build.Libraries = seed, "another library's", map[string]string{"klauspost": "v2"}
		return r
	}
	for _, c := range []struct {
		about    string
		old, new *result.Result
		refused  string // part of the error; "" none
		warning  string // code of a warning that there must be
	}{
		{"another machine", other(func(r *result.Result, _ *result.CellResult) { r.Machine.Fingerprint, r.Machine.CPU = "g", "Z80" }), saved(100, nil), "foreign machine: old.json and new.json were measured on machines that differ (CPU (Z80, then none))", ""},
		{"nothing in common", other(func(_ *result.Result, c *result.CellResult) { c.Name = "x" }), saved(100, nil), "no cell in common: old.json has x, new.json has scenario=compress", ""},
		{"no cells", &result.Result{Machine: saved(1, nil).Machine}, saved(100, nil), "old.json has none", ""},
		{"several machines", saved(100, nil), other(func(_ *result.Result, c *result.CellResult) { c.Host = "a" }), "new.json is of several machines", ""},
		{"a comparison", other(func(_ *result.Result, c *result.CellResult) { c.Build = result.SideOld }), saved(100, nil), "old.json is itself a comparison", ""},
		{"more data", other(func(_ *result.Result, c *result.CellResult) { c.BytesIn *= 2; c.Items *= 2; c.CorpusBytes *= 2 }), saved(100, nil), "other data in every cell that both have (old worked on 2097152 bytes in 32 tasks, new on 1048576 in 16", ""},
		{"samples of two seeds", sampled(1, "a"), sampled(2, "b"), "other samples of the data", ""},
		{"samples of one seed", sampled(1, "a"), sampled(1, "b"), "", "other_output"},
		{"samples that came out the same", sampled(1, "a"), sampled(2, "a"), "", ""},
		{"two seeds and all data", saved(100, nil), other(func(r *result.Result, _ *result.CellResult) { r.Plan.Seed = 2 }), "", ""},
		{"other output of one library", saved(100, nil), other(func(_ *result.Result, c *result.CellResult) { c.Digest = "e" }), "", "other_output"},
		{"other data of the same size", of("a", "i"), of("b", "j"), "old worked on a corpus logs with the digest a, new on another with b", ""},
		{"other items of the same data", of("a", "i"), of("a", "j"), "other samples of the data", ""},
		{"the same data", of("a", "i"), of("a", "i"), "", ""},
		{"the same items by two seeds", of("a", "i"), seeded(of("a", "i"), 2), "", ""},
		{"data that one result does not tell", of("a", ""), of("", ""), "", "data_untold"},
		{"another checksum", other(func(_ *result.Result, c *result.CellResult) { c.Checksum = new(uint64(1)) }), other(func(_ *result.Result, c *result.CellResult) { c.Checksum = new(uint64(2)) }), "the checksums differ, 1 and 2", ""},
		{"another program", saved(100, nil), other(func(r *result.Result, _ *result.CellResult) { r.Build.Go, r.Build.Binary = "go1.27", "b" }), "", "builds"},
		{"the same run", saved(100, nil), saved(100, nil), "", "same_run"},
		{"another method", saved(100, nil), other(func(r *result.Result, _ *result.CellResult) { r.Plan.Method = "m0" }), "", "method"},
		{"another kernel", saved(100, nil), other(func(r *result.Result, _ *result.CellResult) { r.Machine.Kernel = "7" }), "", "settings"},
		{"another level", saved(100, nil), other(func(_ *result.Result, c *result.CellResult) { c.EffectiveLevel = new(7) }), "", "effective_level"},
		{"another GOMAXPROCS", saved(100, nil), other(func(_ *result.Result, c *result.CellResult) { c.EffectiveGOMAXPROCS = 7 }), "", "gomaxprocs"},
		{"any two", saved(100, nil), saved(100, nil), "", "separate_runs"},
	} {
		r, err := compareSaved(c.old, c.new)
		if c.refused != "" {
			if err == nil || !strings.Contains(err.Error(), c.refused) {
				t.Errorf("%s: error %v, want one with %q", c.about, err, c.refused)
			}
			if foreign := strings.Contains(c.refused, "machine"); errors.Is(err, result.ErrUnusable) != foreign {
				t.Errorf("%s: is it foreign? %v", c.about, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.about, err)
			continue
		}
		var codes []string
		for _, w := range r.Warnings {
			codes = append(codes, w.Code)
		}
		if c.warning != "" && !slices.Contains(codes, c.warning) {
			t.Errorf("%s: warnings are %v, want %s", c.about, codes, c.warning)
		}
		if told := r.Cells[0].CorpusDigest != "" && r.Cells[1].CorpusDigest != ""; slices.Contains(codes, "data_untold") == told {
			t.Errorf("%s: warnings are %v", c.about, codes)
		}
		if c.warning != "other_output" && slices.Contains(codes, "other_output") {
			t.Errorf("%s: warnings are %v", c.about, codes)
		}
	}
}

// What cannot be a base is refused before anything is measured.
func TestAsBase(t *testing.T) {
	cell := saved(100, nil).Cells[0].Cell
	other := cell
	other.Workers = 7
	for _, c := range []struct {
		about   string
		change  func(*result.Result)
		cells   []result.Cell
		refused string
		wraps   error
	}{
		{"the same", nil, []result.Cell{cell}, "", nil},
		{"one of two", nil, []result.Cell{other, cell}, "", nil},
		{"another machine", func(r *result.Result) { r.Machine.Fingerprint = "other" }, []result.Cell{cell}, "it was measured on another", result.ErrUnusable},
		{"other cells", nil, []result.Cell{other}, "workers=7", result.ErrNothingInCommon},
		{"no cells", func(r *result.Result) { r.Cells = nil }, []result.Cell{cell}, "workers=1", result.ErrNothingInCommon},
		{"the same data", func(r *result.Result) { r.Cells[0].CorpusDigest = "now" }, []result.Cell{cell}, "", nil},
		{"other data", func(r *result.Result) { r.Cells[0].CorpusDigest = "then" }, []result.Cell{cell}, "corpus logs had the digest then then and has now now", result.ErrUnusable},
		{"a comparison", func(r *result.Result) { r.Cells[0].Build = result.SideOld }, []result.Cell{cell}, "is itself a comparison", nil},
	} {
		r := saved(100, nil)
		here := r.Machine
		if c.change != nil {
			c.change(r)
		}
		err := Source{Name: "it", Result: r}.AsBase(c.cells, map[string]string{"logs": "now"}, here)
		switch {
		case c.refused == "":
			if err != nil {
				t.Errorf("%s: %v", c.about, err)
			}
		case err == nil || !strings.Contains(err.Error(), c.refused) || c.wraps != nil && !errors.Is(err, c.wraps):
			t.Errorf("%s: %v, want %q, wrapping %v", c.about, err, c.refused, c.wraps)
		}
	}
}

// Cells that only one side has are named, and warnings keep their side.
func TestCompareMatches(t *testing.T) {
	with := func(r *result.Result, names ...string) *result.Result {
		for _, name := range names {
			c := r.Cells[0]
			c.Name, c.Scenario = name, name
			r.Cells = append(r.Cells, c)
		}
		r.Warnings = []result.Warning{{Code: "run", Text: "of the run"}, {Cell: r.Cells[0].Name, Code: "cell", Text: "of the cell"}, {Cell: "gone", Code: "gone"}}
		return r
	}
	old := with(saved(100, nil), "a", "b")
	old.Warnings = append(old.Warnings, result.Warning{Code: "old", Text: "of old"})
	r, err := compareSaved(old, with(saved(100, nil), "b", "c"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range result.SidesOf(r) {
		if s.Old == nil || s.New == nil || s.Old.Build != result.SideOld || s.New.Build != result.SideNew {
			t.Errorf("%s: sides %v and %v", s.Name, s.Old, s.New)
		}
		got = append(got, s.Old.Scenario)
	}
	if fmt.Sprint(got) != "[compress b]" {
		t.Errorf("matched %v", got)
	}
	text := map[string]string{}
	for _, w := range r.Warnings {
		text[w.Code] += w.Cell + ":" + w.Text + ";"
	}
	name := r.Cells[0].Name
	for code, want := range map[string]string{
		"only_old": ":only in old.json, so not compared: a;", "only_new": ":only in new.json, so not compared: c;",
		"run": ":of the run;", "old": ":old: of old;", "gone": "",
		"cell": name + ":of the cell;" + strings.Replace(name, "old", "new", 1) + ":of the cell;",
	} {
		if text[code] != want {
			t.Errorf("%s is %q, want %q", code, text[code], want)
		}
	}
}

// Allocations are counted with a little that is not the task's own.
func TestCompareAllocs(t *testing.T) {
	for _, c := range []struct {
		about    string
		old, new float64
		tasks    int64 // of the one slice that counted them
		verdict  string
		quotient float64
	}{
		{"none", 0, 0, 1000, result.VerdictEquivalent, 1},
		{"what a slice costs", 0.004, 0.031, 500, result.VerdictEquivalent, 7.75},
		{"one more", 1.01, 2.02, 500, result.VerdictWorse, 2},
		{"one less", 2.02, 1.01, 500, result.VerdictBetter, 0.5},
		{"every other task", 0, 0.5, 1000, result.VerdictWorse, 500},
		{"less than that", 0, 0.49, 1000, result.VerdictEquivalent, 490},
		{"many, nearly as many", 1000, 1019, 1000, result.VerdictEquivalent, 1.019},
		{"many, and more", 1000, 1021, 1000, result.VerdictWorse, 1.021},
		{"short slices", 1, 4, 4, result.VerdictEquivalent, 4},
		{"all gone", 5, 0, 1000, result.VerdictBetter, 0},
	} {
		side := func(allocs float64) *result.CellResult {
			return &result.CellResult{Cell: result.Cell{Workers: 1}, AllocsPerOp: &allocs, Samples: []result.Fork{{TimedTasks: c.tasks}}}
		}
		got := compareAllocs(result.Sides{Old: side(c.old), New: side(c.new)})
		if got.Verdict != c.verdict || math.Abs(got.TimeRatio.Est-c.quotient) > 1e-9 {
			t.Errorf("%s: %s, %v; want %s, %v", c.about, got.Verdict, got.TimeRatio.Est, c.verdict, c.quotient)
		}
	}
}

func TestBuildDifference(t *testing.T) {
	base := func(change func(*result.Build)) result.Build {
		b := result.Build{Version: "v1", Commit: "0123456789abcdef", Go: "go1.26", CGO: true, Binary: "aaaaaaaaaaaaaaaa",
			Settings: map[string]string{"GOAMD64": "v1"}, Libraries: map[string]string{"klauspost": "v1.20"}}
		if change != nil {
			change(&b)
		}
		return b
	}
	for _, c := range []struct {
		change func(*result.Build)
		want   string
	}{
		{nil, ""},
		{func(b *result.Build) { b.Version = "v2" }, "version (v1, then v2)"},
		{func(b *result.Build) { b.Dirty = true }, "commit (0123456789ab, then 0123456789ab+dirty)"},
		{func(b *result.Build) { b.Go, b.CGO = "go1.27", false }, "Go (go1.26, then go1.27), cgo (true, then false)"},
		{func(b *result.Build) { b.Settings = map[string]string{"-race": "true"} }, "-race (none, then true), GOAMD64 (v1, then none)"},
		{func(b *result.Build) { b.Libraries = map[string]string{"klauspost": "v1.21"} }, "library of klauspost (v1.20, then v1.21)"},
		{func(b *result.Build) { b.Binary = "bbbbbbbbbbbbbbbb" }, "their bytes (aaaaaaaaaaaa, then bbbbbbbbbbbb)"},
	} {
		if got := buildDifference(base(nil), base(c.change)); got != c.want {
			t.Errorf("difference is %q, want %q", got, c.want)
		}
	}
	if _, got := AboutPrograms("a", base(nil), "b", base(nil)); got.Code != "same_program" {
		t.Errorf("the same program twice: %v", got)
	}
}
