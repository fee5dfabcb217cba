package reports

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// newComparison lays out a result that holds two sides against each other.
func newComparison(r *result.Result, o Options) *document {
	t := newContest(r)
	d := &document{facts: factsOf(r, o.Wide)}
	notes := newFootnotes(r)
	if r.Checks != nil {
		d.tables = append(d.tables, gateTable(r.Checks))
		d.answers = append(d.answers, gateClosing(r))
	}
	if r.Checks == nil || len(t.rows) > 0 {
		d.answers = append(d.answers, t.closing(r))
	}
	for _, rows := range tableRows(mapped(t.rows, func(c *contestant) *result.CellResult { return c.cell })) {
		d.tables = append(d.tables, t.timeTable(rows, notes, o.Wide))
		for _, m := range exactMetrics() {
			compared := slices.DeleteFunc(slices.Clone(rows), func(c *result.CellResult) bool { return t.at[c].verdict(m.Key) == "" })
			differs := slices.ContainsFunc(compared, func(c *result.CellResult) bool { return t.at[c].verdict(m.Key) != result.VerdictEquivalent })
			if differs || o.Wide && len(compared) > 0 {
				d.tables = append(d.tables, t.exactTable(compared, m))
			}
		}
	}
	d.remarks, d.notes = append(gateNotes(r.Checks), notes.remarks...), notes.texts
	d.legend = comparisonLegend(d, r)
	return d
}

// notCompared stands for a verdict where there is none.
const notCompared = "not compared"

func (t *contest) timeTable(cells []*result.CellResult, notes *footnotes, wide bool) table {
	tab := keyTable(cells)
	t.addSpeeds(&tab, cells, wide)
	of := func(c *result.CellResult) result.Comparison { return t.at[c].by[result.MetricTime] }
	tab.add(column{name: "new/old", unit: "time", better: result.Lower, right: true}, cells, func(c *result.CellResult) cell { return ratioCell(of(c)) })
	t.addVerdict(&tab, cells, result.MetricTime)
	tab.addUsed(column{name: "mde", unit: "%", right: true, spare: 2}, cells, func(c *result.CellResult) cell { return mdeCell(of(c)) })
	tab.addUsed(column{name: "more", unit: "s", right: true, spare: 1}, cells, func(c *result.CellResult) cell {
		if more := of(c).MoreNS; more != nil {
			return cell{text: moreText(*more)}
		}
		return cell{}
	})
	tab.addShort(cells)
	tab.addUsed(column{name: "notes"}, cells, func(c *result.CellResult) cell { return cell{notes: t.at[c].notes(notes)} })
	return tab
}

// ratioCell is the quotient of times with its interval; empty where there was no
// comparison.
func ratioCell(c result.Comparison) cell {
	if c.Verdict == "" {
		return cell{}
	}
	iv := &result.Interval{Est: c.TimeRatio.Est, Lo: c.TimeRatio.Lo, Hi: c.TimeRatio.Hi}
	draw := func(v float64) string { return quotient(v, 3) }
	return cell{text: draw(iv.Est), bounds: boundsOf(iv, draw), value: iv}
}

// mdeCell is the effect that the comparison would have found.
func mdeCell(c result.Comparison) cell {
	if c.MDE == nil {
		return cell{}
	}
	return cell{text: percentUp(*c.MDE)}
}

// notes is the footnotes about both sides; what only one has says which.
func (c *contestant) notes(f *footnotes) []int {
	about := func(side *result.CellResult) []string {
		if side == nil {
			return nil
		}
		return f.about(side, false)
	}
	old, new := about(c.Old), about(c.New)
	texts := mapped(old, func(text string) string {
		if !slices.Contains(new, text) {
			text = "old: " + text
		}
		return text
	})
	for _, text := range new {
		if !slices.Contains(old, text) && !strings.HasPrefix(text, notCompared) {
			text = "new: " + text
		}
		texts = append(texts, text)
	}
	return f.numbersOf(texts)
}

// addSpeeds appends the speeds of both sides: throughput, or time per task
// where the cells have none.
func (t *contest) addSpeeds(tab *table, cells []*result.CellResult, wide bool) {
	var both set
	for _, c := range cells {
		both = append(both, t.at[c].Old, t.at[c].New)
	}
	both = slices.DeleteFunc(both, func(c *result.CellResult) bool { return c == nil })
	speed, ok := figureWhere(func(f figure) bool { return f.Speed && f.Hidden == nil && f.each(both) != nil })
	if !ok {
		speed, _ = figureWhere(func(f figure) bool { return f.Key == result.MetricTime })
	}
	if !wide {
		speed.Bounds = result.BoundsNever
	}
	d := speed.drawing(speed.each(both), wide)
	for _, side := range []string{result.SideOld, result.SideNew} {
		col := column{name: side, unit: cmp.Or(d.unit.name, d.Name), better: d.Better, right: true}
		tab.add(col, cells, func(c *result.CellResult) cell {
			s := t.at[c].side(side)
			if s == nil || s.Status != result.StatusOK && d.of(s) == nil {
				return cell{text: statusOf(s)}
			}
			return d.cell(d.of(s))
		})
	}
	for i, c := range cells {
		tab.rows[i].failed = statusOf(t.at[c].Old) != result.StatusOK || statusOf(t.at[c].New) != result.StatusOK
	}
}

// addVerdict appends the verdicts on a metric, and gives the rows their tone.
func (t *contest) addVerdict(tab *table, cells []*result.CellResult, metric string) {
	tab.add(column{name: "verdict"}, cells, func(c *result.CellResult) cell {
		return cell{text: cmp.Or(t.at[c].verdict(metric), notCompared)}
	})
	for i, c := range cells {
		switch t.at[c].verdict(metric) {
		case result.VerdictFaster, result.VerdictBetter:
			tab.rows[i].tone = toneGood
		case result.VerdictSlower, result.VerdictWorse:
			tab.rows[i].tone = toneBad
		}
	}
}

// comparisonLegend explains the columns of a comparison.
func comparisonLegend(d *document, r *result.Result) []string {
	named := func(name string) bool { return d.has(func(col column, _ cell) bool { return col.name == name }) }
	known := d.has(func(col column, c cell) bool { return col.name == "new/old" && c.bounds != "" && c.bounds != noBounds })
	speeds := d.has(func(col column, c cell) bool {
		return (col.name == result.SideOld || col.name == result.SideNew) && c.bounds != ""
	})
	least := 1.0
	for _, c := range r.Comparisons {
		if c.Metric == result.MetricTime && c.TimeRatio.Lo != nil {
			least = min(least, c.TimeRatio.Confidence)
		}
	}
	var first, second list
	first.addIf(d.has(func(col column, _ cell) bool { return col.better == result.Higher }), "↑ higher is better")
	first.addIf(true, "↓ lower is better")
	first.addIf(known, "± the wider side of new/old's interval, which holds at %s %% or more", fixedPlaces(math.Floor(1e4*least)/100, -1))
	first.addIf(speeds, "beside a speed of its %s %% interval", percentText(r.Plan.Confidence))
	first.addIf(d.has(func(_ column, c cell) bool { return c.bounds == noBounds }), noBounds+" not known")
	second.addIf(known, "new/old is of turns beside each other, so it may be other than the quotient of the speeds")
	second.addIf(named("mde"), "mde: the smallest effect that 4 of 5 such comparisons would find")
	second.addIf(named("more"), "more: about how much longer until it is decided")
	return legendLines(first, second)
}

// exactTable shows an exact metric, with as many digits as it takes to see a
// difference.
func (t *contest) exactTable(cells []*result.CellResult, m result.Metric) table {
	tab := keyTable(cells)
	tab.heading = append([]fact{{m.Title + " of", tab.heading[0].name + " " + tab.heading[0].text}}, tab.heading[1:]...)
	places := 2
	for _, c := range cells {
		p := t.at[c]
		for p.verdict(m.Key) != result.VerdictEquivalent && places < 6 &&
			fixedPlaces(m.Of(p.Old).Est, places) == fixedPlaces(m.Of(p.New).Est, places) {
			places++
		}
	}
	for _, side := range []string{result.SideOld, result.SideNew} {
		tab.add(column{name: side, better: m.Better, right: true}, cells, func(c *result.CellResult) cell {
			return cell{text: fixedPlaces(m.Of(t.at[c].side(side)).Est, places) + m.Suffix}
		})
	}
	tab.add(column{name: "new/old", better: m.Better, right: true}, cells, func(c *result.CellResult) cell {
		v := t.at[c].by[m.Key]
		if v.Verdict == result.VerdictEquivalent {
			return cell{}
		}
		return cell{text: quotient(v.TimeRatio.Est, 3)}
	})
	t.addVerdict(&tab, cells, m.Key)
	return tab
}
