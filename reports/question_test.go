package reports

import (
	"errors"
	"strings"
	"testing"

	"zstdshop/harness/result"
)

// A question is answered by the comparison of its two cells, whichever way round it was
// made, and otherwise by the intervals of both; never between cells of other work.
func TestAnswer(t *testing.T) {
	r := setOf("a b c", "a<b b?c")
	name := func(i int) string { return r.Cells[i].Name }
	for _, c := range []struct {
		a, b int
		want string
	}{
		{0, 1, "a in a single goroutine is 1.10 (1.09..1.11) times as fast as b in a single goroutine: faster"},
		{1, 0, "b in a single goroutine is 0.91 (0.90..0.92) times as fast as a in a single goroutine: slower"},
		{1, 2, "b in a single goroutine is 1.09 (1.08..1.10) times as fast as c in a single goroutine: undecided"},
	} {
		got, err := Answer(r, name(c.a), name(c.b))
		if want := "On 1.0 MB of logs in 64 KiB blocks, compressing at level 3: " + c.want; got != want || err != nil {
			t.Errorf("%d against %d: %v\n got %s\nwant %s", c.a, c.b, err, got, want)
		}
	}
	if _, err := Answer(r, name(0), name(2)); !errors.Is(err, ErrNotCompared) {
		t.Errorf("two cells without a comparison: error is %v", err)
	}
	r.Cells[0].NSPerOp, r.Cells[2].NSPerOp = around(100, 0.1, 0.1), around(200, 0.1, 0.1)
	got, err := AnswerApart(r, name(0), name(2))
	if want := "a in a single goroutine is 2.00 (1.64..2.44) times as fast as c in a single goroutine: faster, by the intervals of both"; err != nil || !strings.Contains(got, want) {
		t.Errorf("apart: %v\n got %s\nwant %s", err, got, want)
	}
	r.Cells[2].NSPerOp = around(105, 0.1, 0.1)
	if got, _ := AnswerApart(r, name(2), name(0)); !strings.Contains(got, ": undecided, by the intervals") {
		t.Errorf("apart, near: %s", got)
	}
	r.Cells[2].Corpus = "html"
	for about, c := range map[string][2]string{"do other work": {name(0), name(2)}, "has no cell": {name(0), "nothing"}} {
		if _, err := AnswerApart(r, c[0], c[1]); err == nil || !strings.Contains(err.Error(), about) {
			t.Errorf("error is %v, want %q", err, about)
		}
	}
	r.Cells[1].Status, r.Cells[1].NSPerOp = result.StatusFailed, nil
	if _, err := Answer(r, name(0), name(1)); err == nil || !strings.Contains(err.Error(), "has no speed (failed)") {
		t.Errorf("a failed cell: error is %v", err)
	}
}
