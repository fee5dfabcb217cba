package reports

import (
	"slices"

	"zstdshop/harness/result"
)

// exactMetrics are the metrics that two sides are compared by without an interval.
func exactMetrics() []result.Metric {
	return slices.DeleteFunc(result.Compared(), func(m result.Metric) bool {
		return m.Compare != result.Exactly && m.Compare != result.Counted
	})
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
