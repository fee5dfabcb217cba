package reports

import (
	"testing"

	"zstdshop/harness/result"
)

// Cells of several codecs at levels of their own share a line, which says what is worse
// than another in both.
func TestAnswersAlone(t *testing.T) {
	const on = "On 1.0 MB of logs in 64 KiB blocks, compressing "
	const began = on + "in a single goroutine, the fastest first (by MB/s, not by turns beside each other): " +
		"a at level 1 (600 MB/s, 2.00x smaller), b at level 2 (500 MB/s, 1.50x smaller), c at level 3 (400 MB/s, 4.00x smaller)"
	ratios := func(r *result.Result, of ...float64) {
		for i, ratio := range of {
			r.Cells[i].Ratio = ptr(ratio)
		}
	}
	for _, c := range []struct {
		about, cells, comparisons string
		levels                    []int
		change                    func(*result.Result)
		want                      []string
	}{
		{"one is worse in both", "a b c", "", []int{1, 2, 3}, func(r *result.Result) {},
			[]string{began + "; a at level 1 is clearly faster than b at level 2 and makes the data no larger."}},
		{"in doubt", "a b c", "", []int{1, 2, 3}, func(r *result.Result) { r.Cells[1].MBPerS = around(500, 0.01, 0.5) },
			[]string{began + "; none is ruled out: one that is clearly slower than another makes the data smaller."}},
		{"ratios that are drawn the same", "a b c", "", []int{1, 2, 3}, func(r *result.Result) { ratios(r, 1.499) },
			[]string{on + "in a single goroutine, the fastest first (by MB/s, not by turns beside each other): " +
				"a at level 1 (600 MB/s, 1.50x smaller), b at level 2 (500 MB/s, 1.50x smaller), c at level 3 (400 MB/s, 4.00x smaller); " +
				"a at level 1 is clearly faster than b at level 2 and makes the data no larger."}},
		{"larger", "a b c", "", []int{1, 2, 3}, func(r *result.Result) { ratios(r, 0.9, 0.8, 1.001) },
			[]string{on + "in a single goroutine, the fastest first (by MB/s, not by turns beside each other): " +
				"a at level 1 (600 MB/s, larger (0.90x)), b at level 2 (500 MB/s, larger (0.80x)), c at level 3 (400 MB/s, no smaller (1.00x)); " +
				"a at level 1 is clearly faster than b at level 2 and makes the data no larger."}},
		{"speed alone decides, of all levels", "a b c d", "a<b", []int{1, 1, 2, 3}, func(r *result.Result) { ratios(r, 0.9993, 0.9993, 0.9961, 1) },
			[]string{on + "in a single goroutine, none makes the data smaller (1.00x), so speed alone decides, the fastest first (by MB/s, not by turns beside each other): " +
				"a at level 1 (600 MB/s), b at level 1 (500 MB/s), c at level 2 (400 MB/s), d at level 3 (300 MB/s); " +
				"a at level 1 is clearly faster than b at level 1, c at level 2 and d at level 3.",
				on + "at level 1: a in a single goroutine is fastest at 600 MB/s, 1.1x b's best."}},
		{"the fastest stands with others, and comes first", "a b c d", "a<b", []int{1, 1, 2, 3}, func(r *result.Result) { ratios(r, 2, 2, 4, 1.5) },
			[]string{on + "at level 1: a in a single goroutine is fastest at 600 MB/s, 1.1x b's best.",
				on + "in a single goroutine, alone at their levels, the fastest first (by MB/s, not by turns beside each other): " +
					"c at level 2 (400 MB/s, 4.00x smaller), d at level 3 (300 MB/s, 1.50x smaller); " +
					"a at level 1 is clearly faster than d at level 3 and makes the data no larger."}},
		{"each level is of one codec", "a a/pool b b/pool", "a<a/pool b<b/pool", []int{1, 1, 2, 2}, func(r *result.Result) { ratios(r, 2, 2, 4, 4) },
			[]string{on[:len(on)-1] + ", the fastest first (by MB/s, not by turns beside each other): a at level 1 in a single goroutine (600 MB/s, 2.00x smaller), " +
				"b at level 2 in a single goroutine (400 MB/s, 4.00x smaller); none is ruled out: one that is clearly slower than another makes the data smaller.",
				on + "at level 1: a in a single goroutine is fastest at 600 MB/s.",
				"At level 2: b in a single goroutine is fastest at 400 MB/s."}},
		{"models differ", "a b/pool", "", []int{1, 2}, func(r *result.Result) {},
			[]string{on[:len(on)-1] + ", the fastest first (by MB/s, not by turns beside each other): a at level 1 in a single goroutine (600 MB/s, 2.00x smaller), " +
				"b at level 2 in a pool of 2 (500 MB/s, 1.50x smaller); " +
				"a at level 1 in a single goroutine is clearly faster than b at level 2 in a pool of 2 and makes the data no larger."}},
	} {
		r := setOf(c.cells, c.comparisons)
		for i, level := range c.levels {
			cell := &r.Cells[i]
			cell.Level, cell.CorpusRatio = level, nil
			cell.MBPerS = around(float64(600-100*i), 0.01, 0.01)
		}
		ratios(r, append([]float64{2, 1.5, 4}, 2)[:len(c.levels)]...)
		c.change(r)
		all, _ := answers(r)
		if len(all) != len(c.want) {
			t.Errorf("%s: %q, want %q", c.about, all, c.want)
			continue
		}
		for i, want := range c.want {
			if all[i] != want {
				t.Errorf("%s:\n got %s\nwant %s", c.about, all[i], want)
			}
		}
	}
}

// Work on the data of the line before says only what it does.
func TestAnswersOnTheSameData(t *testing.T) {
	r := setOf("a b c d", "a<b c<d")
	r.Cells[2].Scenario, r.Cells[3].Scenario = "decompress", "decompress"
	described(r)
	all, _ := answers(r)
	if want := "Decompressing at level 3: c in a single goroutine is fastest at 546 MB/s, 1.08x d's best."; len(all) != 2 || all[1] != want {
		t.Errorf("got %q, want the second %q", all, want)
	}
}
