package cli

import (
	"errors"
	"fmt"
	"slices"

	"zstdshop/harness/analyze"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/reports"
)

// questions are of two cells each, as they were asked.
type questions []string

// check reports by its error whether each is about two of these cells, which do the same
// work and have speeds.
func (q questions) check(cells []result.Cell, known result.Catalogue) error {
	for _, text := range q {
		asked, err := plan.Questioned(text, cells)
		if err != nil {
			return fmt.Errorf("--question %w", err)
		}
		named := func(name string) result.Cell {
			return cells[slices.IndexFunc(cells, func(c result.Cell) bool { return c.Name() == name })]
		}
		a, b := named(asked.A), named(asked.B)
		if a.UnitName() != b.UnitName() {
			return fmt.Errorf("--question %q: %s and %s do other work: name two cells of one table", text, a.UnitName(), b.UnitName())
		}
		if a.Rate > 0 || result.AboutOf(a, known).Scenario.TimedSlice {
			return fmt.Errorf("--question %q: %s has no speed: ask about cells without a rate, whose slices have no fixed time", text, asked.A)
		}
	}
	return nil
}

// answers answers the questions from a result: by the comparison of the two cells, where
// it has none by one derived anew from their samples, and where that cannot be by the
// intervals of both. With an error, which joins those of all that it cannot answer, it
// returns the answers to the others.
func (q questions) answers(r *result.Result, known result.Catalogue) ([]result.Answer, error) {
	var cells []result.Cell
	for _, c := range r.Cells {
		cells = append(cells, c.Cell)
	}
	var all []result.Answer
	var errs []error
	for _, text := range q {
		asked, err := plan.Questioned(text, cells)
		if err != nil {
			errs = append(errs, fmt.Errorf("--question %w", err))
			continue
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
			errs = append(errs, fmt.Errorf("--question %q: %w", text, err))
			continue
		}
		said.Question = text
		all = append(all, said)
	}
	return all, errors.Join(errs...)
}
