package reports

import (
	"math"
	"slices"
	"strconv"

	"zstdshop/harness/result"
)

// An exactMetric is one that needs no interval.
type exactMetric struct {
	metric, title string
	suffix        string // after each value
	unit          string // in base units
	better        direction
	of            func(*result.CellResult) *float64
}

func exactMetrics() []exactMetric {
	return []exactMetric{
		{result.MetricRatio, "compression ratio", "x", "ratio", higher, func(c *result.CellResult) *float64 { return c.Ratio }},
		{result.MetricAllocs, "allocations per task", "", "allocs/op", lower, func(c *result.CellResult) *float64 { return c.AllocsPerOp }},
	}
}

// exactTable shows an exact metric, with as many digits as it takes to see a
// difference.
func (t *contest) exactTable(cells []*result.CellResult, m exactMetric) table {
	cells = slices.DeleteFunc(slices.Clone(cells), func(c *result.CellResult) bool { return t.at[c].verdict(m.metric) == "" })
	tab := keyTable(cells)
	tab.heading = append([]fact{{m.title + " of", tab.heading[0].name + " " + tab.heading[0].text}}, tab.heading[1:]...)
	places := 2
	for _, c := range cells {
		p := t.at[c]
		for p.verdict(m.metric) != result.VerdictEquivalent && places < 6 &&
			fixedPlaces(*m.of(p.Old), places) == fixedPlaces(*m.of(p.New), places) {
			places++
		}
	}
	for _, side := range []string{result.SideOld, result.SideNew} {
		tab.add(column{name: side, better: m.better, right: true}, cells, func(c *result.CellResult) cell {
			return cell{text: fixedPlaces(*m.of(t.at[c].side(side)), places) + m.suffix}
		})
	}
	tab.add(column{name: "new/old", better: m.better, right: true}, cells, func(c *result.CellResult) cell {
		v := t.at[c].by[m.metric]
		if v.Verdict == result.VerdictEquivalent {
			return cell{}
		}
		return cell{text: quotient(v.TimeRatio.Est, 3)}
	})
	t.addVerdict(&tab, cells, m.metric)
	return tab
}

func fixedPlaces(v float64, places int) string { return strconv.FormatFloat(v, 'f', places, 64) }

// quotient draws a quotient with at least so many places, and more where it
// would look like 1 and is not.
func quotient(v float64, places int) string {
	one := fixedPlaces(1, places)
	for v != 1 && math.Abs(v-1) > 1e-7 && fixedPlaces(v, places) == one {
		places++
		one = fixedPlaces(1, places)
	}
	return fixedPlaces(v, places)
}
