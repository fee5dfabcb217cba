package reports

import (
	"cmp"
	"fmt"
	"slices"

	"zstdshop/harness/result"
)

// mostVerdicts is how many verdicts of a set are told one by one.
const mostVerdicts = 60

// verdictTables holds the cells of each set against one of it: the reference, or
// the one that leads by shared turns. Cells that were not compared with it are
// left out.
func verdictTables(r *result.Result) []table {
	v := verdictsOf(r)
	var all []table
	for _, s := range sets(r) {
		measured := s.measured()
		if len(measured) < 2 {
			continue
		}
		base := s.contenders().byTurns()[0]
		if i := slices.IndexFunc(measured, func(c *result.CellResult) bool { return c.Cell.Unhosted() == r.Plan.Reference }); i >= 0 {
			base = measured[i]
		}
		found := map[*result.CellResult]result.Comparison{}
		cells := []*result.CellResult{base}
		for _, c := range measured {
			if against, ok := v.of(c.Name, base.Name); ok && c != base && against.TimeRatio.Est > 0 {
				found[c] = against
				cells = append(cells, c)
			}
		}
		if len(found) == 0 {
			continue
		}
		slices.SortStableFunc(cells[1:], func(a, b *result.CellResult) int {
			return cmp.Compare(found[a].TimeRatio.Est, found[b].TimeRatio.Est)
		})
		left := len(cells) - mostVerdicts
		if left > 0 {
			cells = cells[:mostVerdicts]
		}
		all = append(all, verdictTable(cells, found, max(left, 0)))
	}
	return all
}

// verdictTable is one of them; cells[0] is what the others are held against.
func verdictTable(cells []*result.CellResult, found map[*result.CellResult]result.Comparison, left int) table {
	t := keyTable(cells)
	t.words = inWords(cells) + ", against " + model(cells[0])
	t.heading = append(t.heading, fact{"against", t.rowName(0)})
	if left > 0 {
		t.words += fmt.Sprintf(", without the %d slowest", left)
		t.heading = append(t.heading, fact{"left out", fmt.Sprintf("the %d slowest", left)})
	}
	t.rows = t.rows[1:]
	cells = cells[1:]
	t.add(column{name: ratioColumn, better: result.Lower, right: true}, cells, func(c *result.CellResult) cell { return ratioCell(found[c]) })
	t.add(column{name: "verdict"}, cells, func(c *result.CellResult) cell { return cell{text: found[c].Verdict} })
	t.add(column{name: "mde", unit: "%", right: true}, cells, func(c *result.CellResult) cell { return mdeCell(found[c]) })
	return t
}

// ratioColumn is the column of times over another's time.
const ratioColumn = "time ratio"
