package reports

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// TestAdviceContexts: what a context with a dictionary costs is said in items, where it is
// known and more than one.
func TestAdviceContexts(t *testing.T) {
	for _, c := range []struct {
		context int64
		perItem float64
		says    string
	}{
		{239_000, 5_150, "; keep its contexts: making one with the dictionary takes 239 µs, as long as 46 items"},
		{9_000, 5_000, "takes 9.00 µs, as long as 1 item"},
		{4_000, 5_000, ""},
		{0, 5_000, ""},
		{4_000, 0, ""},
	} {
		cell := &result.CellResult{Dictionary: &result.Dictionary{ContextNS: c.context}, NSPerOp: &result.Interval{Est: c.perItem}}
		if got := contextLine(cell); !strings.Contains(got, c.says) || (got == "") != (c.says == "") {
			t.Errorf("%+v: %q", c, got)
		}
	}
	if got := contextLine(&result.CellResult{NSPerOp: &result.Interval{Est: 1}}); got != "" {
		t.Errorf("without a dictionary: %q", got)
	}
}

func TestAdviceLines(t *testing.T) {
	r, schema := levelsResult(), compileSchema(t)
	for goal, words := range map[string][]string{
		"size":                        {"for the best ratio, compress of logs in 64 KiB blocks: take datadog at level 19 in a pool of 2, 4.21x at 1.89 MB/s", "runner-up datadog at level 18"},
		"speed":                       {"take datadog at level 1 in a pool of 2", "for the most speed", "better than all others (over 99.9 %)"},
		"balanced":                    {"for a balance of size and speed"},
		"compress>=40MB/s":            {"for the best ratio that keeps compress>=40MB/s, compress of logs", "take datadog at level 5 "},
		"compress>=5000MB/s":          {"no cell keeps that beyond doubt; the nearest is datadog at level 1", "which misses compress>=5000MB/s (105 MB/s, at least 104)"},
		"compress>=40MB/s,ratio>=2.9": {"for the most speed that keeps compress>=40MB/s, ratio>=2.9, compress of logs", "which keeps compress>=40MB/s by ", "ratio>=2.9 by 1.7 % (2.950x)"},
		"ratio>=3,p99<1ns":            {"no cell keeps all of that beyond doubt", "which misses ratio>=3 (2.590x), p99<1ns ("},
	} {
		g, err := analyze.ParseGoal(goal)
		if err != nil {
			t.Fatal(err)
		}
		if r.Recommendations, err = Advise(r, g); err != nil {
			t.Fatal(err)
		}
		lines := adviceLines(r)
		if len(lines) != 1 || r.Recommendations[0].Words != lines[0] {
			t.Errorf("%s: lines %q of %+v", goal, lines, r.Recommendations)
			continue
		}
		var b bytes.Buffer
		if err := result.Encode(&b, r); err != nil {
			t.Fatal(err)
		}
		if doc, err := jsonschema.UnmarshalJSON(&b); err != nil || schema.Validate(doc) != nil {
			t.Errorf("%s: the schema refuses it: %v, %v", goal, err, schema.Validate(doc))
		}
		for _, w := range words {
			if !strings.Contains(lines[0], w) {
				t.Errorf("%s: %q lacks %q", goal, lines[0], w)
			}
		}
		page := pageOf(t, r)
		if !strings.Contains(page, "&gt;=") && strings.Contains(goal, ">") || !strings.Contains(page, "take datadog") && !strings.Contains(page, "no cell") {
			t.Errorf("%s: not in the page", goal)
		}
	}
	// One near the bound that would be better is named, with what it would take to tell.
	near := levelsResult()
	near.Plan.Elapsed = 40e9
	g, err := analyze.ParseGoal("compress>=83.5MB/s")
	if err != nil {
		t.Fatal(err)
	}
	if near.Recommendations, err = Advise(near, g); err != nil {
		t.Fatal(err)
	}
	line := adviceLines(near)[0]
	for _, w := range []string{"take datadog at level 1 in a pool of 2", "; that this is the best is ", " % sure: datadog at level 2 in a pool of 2, 2.68x at 83.9 MB/s may be better and keep compress>=83.5MB/s (",
		" %: 83.9 MB/s, 82.9 to ", ", about ", " s more might tell"} {
		if !strings.Contains(line, w) {
			t.Errorf("near the bound: %q lacks %q", line, w)
		}
	}
	// A tie names what was left.
	fast := r.Cells[1]
	slow := fast
	slow.Runner, slow.Workers = "single", 1
	slow.Name, slow.About = slow.Cell.Name(), result.AboutOf(slow.Cell, catalogue{})
	tied := &result.Result{Plan: r.Plan, Cells: []result.CellResult{fast, slow}}
	g, _ = analyze.ParseGoal("speed")
	tied.Recommendations, _ = Advise(tied, g)
	if line := adviceLines(tied)[0]; !strings.Contains(line, "take datadog at level 1 in a single goroutine") || !strings.Contains(line, "the simplest of those that may be the best (50 % that none is better); not told apart from it: datadog at level 1 in a pool of 2") {
		t.Errorf("tied: %q", line)
	}
	tied.Comparisons = []result.Comparison{{Old: fast.Name, New: slow.Name, Metric: result.MetricTime, Verdict: result.VerdictSlower, Pairs: analyze.MinPairs}}
	tied.Recommendations, _ = Advise(tied, g)
	if line := adviceLines(tied)[0]; !strings.Contains(line, "take datadog at level 1 in a pool of 2") || !strings.Contains(line, "better than all others (95 %); runner-up") {
		t.Errorf("told apart by a verdict: %q", line)
	}
}

// Where bounds are of the whole process, or of the calm machine, the answer says so, also
// where no cell keeps them.
func TestAdviceOfWhat(t *testing.T) {
	const whole = "; rss is that of the whole worker process, 36.0 MiB before its first task: memory is what the cell adds"
	const calm = "; speeds are those of the calm machine"
	for _, c := range []struct {
		goal        string
		disturbed   float64
		rss, speeds bool
	}{
		{"size,rss<1GiB", 0.5, true, false},
		{"size,rss<1B", 0.5, true, false},
		{"size,compress>=40MB/s", 0.5, false, true},
		{"size,compress>=9000MB/s", 0.5, false, true},
		{"size,compress>=40MB/s", 0.04, false, false},
		{"size,ratio>=2", 0.5, false, false},
	} {
		r := levelsResult()
		for i := range r.Cells {
			r.Cells[i].PreparedRSSBytes, r.Cells[i].Disturbed = ptr[int64](36<<20), ptr(c.disturbed)
		}
		g, err := analyze.ParseGoal(c.goal)
		if err != nil {
			t.Fatal(err)
		}
		if r.Recommendations, err = Advise(r, g); err != nil {
			t.Fatal(err)
		}
		for text, want := range map[string]bool{whole: c.rss, calm: c.speeds} {
			if got := strings.Join(adviceLines(r), ""); strings.Contains(got, text) != want {
				t.Errorf("%s, disturbed %v: %q; want %q in it: %v", c.goal, c.disturbed, got, text, want)
			}
		}
	}
}

// Records and small files are said as what they are, not as the blocks they never fill.
func TestAdviceOfItems(t *testing.T) {
	r := levelsResult()
	g, err := analyze.ParseGoal("size")
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Cells {
		r.Cells[i].Items = int(r.Cells[i].BytesIn / 310)
	}
	if r.Recommendations, err = Advise(r, g); err != nil {
		t.Fatal(err)
	}
	if got := adviceLines(r); len(got) != 1 || !strings.HasPrefix(got[0], "for the best ratio, compress of logs in items of 310 bytes: take ") {
		t.Errorf("got %q", got)
	}
}
