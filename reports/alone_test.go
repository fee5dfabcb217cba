package reports

import "testing"

// Cells of several codecs at levels of their own share a line, which says what is worse
// than another in both.
func TestAnswersAlone(t *testing.T) {
	r := setOf("a b c", "")
	for i, ratio := range []float64{2, 1.5, 4} {
		r.Cells[i].Level = i + 1
		r.Cells[i].Ratio, r.Cells[i].CorpusRatio = ptr(ratio), nil
		r.Cells[i].MBPerS = around(float64(600-100*i), 0.01, 0.01)
	}
	const began = "On 1.0 MB of logs in 64 KiB blocks, compressing, each at a level of its own and so not compared in turns, the fastest first: " +
		"a at level 1 in a single goroutine at 600 MB/s and 2.00x smaller, b at level 2 in a single goroutine at 500 MB/s and 1.50x smaller, " +
		"c at level 3 in a single goroutine at 400 MB/s and 4.00x smaller; "
	want := began + "b at level 2 in a single goroutine is beyond doubt slower than a at level 1 in a single goroutine and no smaller."
	if all, _ := answers(r); len(all) != 1 || all[0] != want {
		t.Errorf("got %q\nwant %q", all, want)
	}
	r.Cells[1].MBPerS = around(500, 0.01, 0.5) // its interval reaches a's
	want = began + "none is beyond doubt slower than another and no smaller."
	if all, _ := answers(r); len(all) != 1 || all[0] != want {
		t.Errorf("in doubt: got %q\nwant %q", all, want)
	}
}
