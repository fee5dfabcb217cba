package cli

import (
	"errors"
	"fmt"

	"zstdshop/harness/analyze"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/reports"
)

// questions are of two cells each, as they were asked.
type questions []string

// check reports by its error whether each is about two of these cells.
func (q questions) check(cells []result.Cell) error {
	for _, text := range q {
		if _, err := plan.Questioned(text, cells); err != nil {
			return fmt.Errorf("--question %w", err)
		}
	}
	return nil
}

// answers answers the questions from a result: by the comparison of the two cells, where
// it has none by one derived anew from their samples, and where that cannot be by the
// intervals of both.
func (q questions) answers(r *result.Result, known result.Catalogue) ([]result.Answer, error) {
	var cells []result.Cell
	for _, c := range r.Cells {
		cells = append(cells, c.Cell)
	}
	var all []result.Answer
	for _, text := range q {
		asked, err := plan.Questioned(text, cells)
		if err != nil {
			return nil, fmt.Errorf("--question %w", err)
		}
		said, err := reports.Answer(r, asked.A, asked.B)
		if errors.Is(err, reports.ErrNotCompared) {
			if again, frozen := analyze.RederiveAgainst(r, asked.B, known); frozen == nil {
				said, err = reports.Answer(again, asked.A, asked.B)
			}
		}
		if errors.Is(err, reports.ErrNotCompared) {
			said, err = reports.AnswerApart(r, asked.A, asked.B)
		}
		if err != nil {
			return nil, fmt.Errorf("--question %q: %w", text, err)
		}
		said.Question = text
		all = append(all, said)
	}
	return all, nil
}
