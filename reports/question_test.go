package reports

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

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
		if want := "On 1.0 MB of logs in 64 KiB blocks, compressing at level 3: " + c.want; got.Words != want || err != nil {
			t.Errorf("%d against %d: %v\n got %s\nwant %s", c.a, c.b, err, got.Words, want)
		}
	}
	if _, err := Answer(r, name(0), name(2)); !errors.Is(err, ErrNotCompared) {
		t.Errorf("two cells without a comparison: error is %v", err)
	}
	r.Cells[0].NSPerOp, r.Cells[2].NSPerOp = around(100, 0.1, 0.1), around(200, 0.1, 0.1)
	got, err := AnswerApart(r, name(0), name(2))
	if want := "a in a single goroutine is 2.00 (1.64..2.44) times as fast as c in a single goroutine: faster, by the intervals of both"; err != nil || got.ByTurns || !strings.Contains(got.Words, want) {
		t.Errorf("apart: %v\n got %s\nwant %s", err, got.Words, want)
	}
	r.Cells[2].NSPerOp = around(105, 0.1, 0.1)
	if got, _ := AnswerApart(r, name(2), name(0)); !strings.Contains(got.Words, ": undecided, by the intervals") {
		t.Errorf("apart, near: %s", got.Words)
	}
	r.Cells[2].Ratio, r.Cells[2].CorpusRatio = ptr(2.5), nil
	if got, _ := AnswerApart(r, name(2), name(0)); !strings.Contains(got.Words, " as a in a single goroutine (ratio 2.50x against 2.80x): undecided") {
		t.Errorf("of other ratios: %s", got.Words)
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

// Answers are kept with a result and stand in every format that has words or figures, where
// both their cells are.
func TestAnswersInFormats(t *testing.T) {
	r := setOf("a b c", "a<b b?c")
	for i, question := range []string{"a vs b", "b vs c"} {
		got, err := Answer(r, r.Cells[i].Name, r.Cells[i+1].Name)
		if err != nil {
			t.Fatal(err)
		}
		got.Question = question
		r.Answers = append(r.Answers, got)
	}
	first := r.Answers[0]
	if !first.ByTurns || first.Verdict != result.VerdictFaster || !(*first.TimesAsFast.Lo < first.TimesAsFast.Est && first.TimesAsFast.Est < *first.TimesAsFast.Hi) {
		t.Errorf("the first answer is %+v", first)
	}
	words := func(format string, r *result.Result) int {
		var b bytes.Buffer
		if err := Write(&b, format, r, Options{Width: 1000}); err != nil {
			t.Fatal(err)
		}
		return strings.Count(b.String(), " times as fast as ")
	}
	for format, want := range map[string]int{"table": 2, "markdown": 2, "csv": 2, "json": 2, "html": 4, "gobench": 0} { // html has the data, too
		if got := words(format, r); got != want {
			t.Errorf("%s has %d answers, want %d", format, got, want)
		}
	}
	left, err := Select(r, "codec:(b OR c)")
	if err != nil {
		t.Fatal(err)
	}
	if len(left.Answers) != 1 || left.Answers[0].Question != "b vs c" || len(r.Answers) != 2 {
		t.Errorf("of two cells the answers are %+v", left.Answers)
	}
	var text bytes.Buffer
	if err := result.Encode(&text, r); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&text)
	if err == nil {
		err = compileSchema(t).Validate(doc)
	}
	if err != nil {
		t.Error(err)
	}
}
