package reports

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"zstdshop/harness/result"
)

// mostVerdicts is how many verdicts of a set are told one by one.
const mostVerdicts = 60

// verdictTables holds the cells of each set against one of it: the reference, or
// the one that was fastest by its figure. Cells that were not compared with it are
// left out.
func verdictTables(r *result.Result) []table {
	v := verdictsOf(r)
	var all []table
	for _, s := range sets(r) {
		measured := s.measured()
		if len(measured) < 2 {
			continue
		}
		base := slices.MinFunc(measured, func(a, b *result.CellResult) int { return cmp.Compare(a.NSPerOp.Est, b.NSPerOp.Est) })
		if i := slices.IndexFunc(measured, func(c *result.CellResult) bool { return c.Name == r.Plan.Reference }); i >= 0 {
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
	t.heading = append(t.heading, fact{"against", t.rowName(0)})
	if left > 0 {
		t.heading = append(t.heading, fact{"left out", fmt.Sprintf("the %d slowest", left)})
	}
	t.rows = t.rows[1:]
	cells = cells[1:]
	t.add(column{name: ratioColumn, better: result.Lower, right: true}, cells, func(c *result.CellResult) cell {
		iv := intervalOf(found[c].TimeRatio)
		return cell{text: quotient(iv.Est, 3), bounds: boundsOf(iv, func(v float64) string { return quotient(v, 3) }), value: iv}
	})
	t.add(column{name: "verdict"}, cells, func(c *result.CellResult) cell { return cell{text: found[c].Verdict} })
	t.add(column{name: "mde", unit: "%", right: true}, cells, func(c *result.CellResult) cell {
		if found[c].MDE == nil {
			return cell{}
		}
		return cell{text: percentUp(*found[c].MDE)}
	})
	return t
}

// ratioColumn is the column of times over another's time.
const ratioColumn = "time ratio"

func intervalOf(t result.Ratio) *result.Interval {
	return &result.Interval{Est: t.Est, Lo: t.Lo, Hi: t.Hi}
}

// newForest draws the column of time ratios of a table with their intervals about 1, which
// is equal; delta is how far from 1 a difference does not matter. It is nil where
// the table has none.
func newForest(t *table, rows []string, ratios string, delta float64) *picture {
	at := t.columnNamed(ratios)
	if at < 0 {
		return nil
	}
	words := slices.IndexFunc(t.columns, func(c column) bool { return c.name == "verdict" })
	reach := 1.1
	for _, r := range t.rows {
		for _, v := range ends(r.cells[at].value) {
			if v > 0 {
				reach = max(reach, min(max(v, 1/v), 20)*1.05)
			}
		}
	}
	p := &picture{Label: "time over another's time, with intervals", W: 855, H: glanceHead + glanceRow*float64(len(t.rows)) + 6}
	s := scale{lo: 1 / reach, hi: reach, from: glanceLabel, to: 595, logarithmic: true}
	if !slices.ContainsFunc(t.rows, func(r row) bool {
		return slices.ContainsFunc(ends(r.cells[at].value), func(v float64) bool { return v < 1 })
	}) {
		s.lo = 1 / min(reach, 1.1)
	}
	bottom := p.H - 6
	p.text(glanceLabel, 14, "head", "", "time over the other's: ← faster, slower →")
	if delta > 0 {
		p.rect(s.at(1-delta), glanceHead-6, s.at(1+delta), bottom, "same").Tip = "no difference that matters"
	}
	for _, v := range s.ticks(5) {
		p.line(s.at(v), glanceHead-6, s.at(v), bottom, "guide")
		p.text(s.at(v), glanceHead-10, "tick", "middle", tickText(v))
	}
	p.line(s.at(1), glanceHead-6, s.at(1), bottom, "axis")
	for i, r := range t.rows {
		y := glanceHead + glanceRow*float64(i)
		name := t.rowName(i)
		p.text(glanceLabel-8, y+14, "name", "end", shortened(name, glanceLabel-16)).Tip = name
		c := r.cells[at]
		if c.value == nil || !(c.value.Est > 0) {
			continue
		}
		word := ""
		if words >= 0 {
			word = r.cells[words].text
		}
		class, tip := verdictLook(word), visible(c.text+" "+c.bounds+" "+word)
		if all := ends(c.value); len(all) == 3 {
			p.line(s.at(max(all[1], s.lo)), y+glanceRow/2, s.at(all[2]), y+glanceRow/2, class+" reach").of(rows[i], tip)
		}
		p.dot(s.at(c.value.Est), y+glanceRow/2, 4.5, class+" on").of(rows[i], tip)
		p.text(615, y+14, "value", "", visible(c.text+" "+c.bounds+"  "+word)).of(rows[i], "")
	}
	return p
}

// ends are the estimate and, where they are known and finite, both ends.
func ends(v *result.Interval) []float64 {
	if v == nil {
		return nil
	}
	if v.Lo == nil || v.Hi == nil || math.IsInf(*v.Hi, 0) {
		return []float64{v.Est}
	}
	return []float64{v.Est, *v.Lo, *v.Hi}
}

// verdictLook is the class of a verdict's mark.
func verdictLook(verdict string) string {
	switch verdict {
	case result.VerdictFaster:
		return "good"
	case result.VerdictSlower:
		return "worse"
	}
	return "open"
}
