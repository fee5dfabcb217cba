package reports

import (
	"slices"

	"zstdshop/harness/result"
)

// A figure is a metric as a column draws it.
type figure struct{ result.Metric }

// figures lists all there are, in the order of the columns.
func figures() []figure {
	return mapped(result.Metrics(), func(m result.Metric) figure { return figure{m} })
}

// figureWhere is the first figure of which is holds.
func figureWhere(is func(figure) bool) (figure, bool) {
	all := figures()
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true
	}
	return figure{}, false
}

// each is the figure of the cells that have it.
func (f figure) each(cells []*result.CellResult) (ivs []*result.Interval) {
	for _, c := range cells {
		if iv := f.of(c); iv != nil {
			ivs = append(ivs, iv)
		}
	}
	return ivs
}

// wideOnly reports whether a table of these cells has the figure in its wide view only.
func (f figure) wideOnly(cells []*result.CellResult) bool {
	said := func(c *result.CellResult) bool { return f.of(c) == nil || f.Instead(c) }
	return f.Wide || f.Instead != nil && !slices.ContainsFunc(cells, func(c *result.CellResult) bool { return !said(c) })
}

// of is the figure of a cell as its column has it; nil where it has none.
func (f figure) of(c *result.CellResult) *result.Interval {
	if f.Hidden != nil && f.Hidden(c) {
		return nil
	}
	return f.Of(c)
}

// A unit is what a column counts in: value / size, then name.
type unit struct {
	name string
	size float64
}

const mebibyte = 1 << 20

// unit picks the one unit of a column from its values.
func (f figure) unit(values []float64) unit {
	switch f.Unit {
	case result.Nanoseconds:
		return timeUnit(values)
	case result.Bytes:
		return unit{"MiB", mebibyte}
	case result.Share:
		return unit{"%", 0.01}
	}
	return unit{"", 1}
}

// timeUnit picks the unit in which the middle one of some nanoseconds has one
// to three digits before the point.
func timeUnit(ns []float64) unit {
	units := []unit{{"ns", 1}, {"µs", 1e3}, {"ms", 1e6}, {"s", 1e9}}
	if len(ns) == 0 {
		return units[1]
	}
	sorted := slices.Sorted(slices.Values(ns))
	middle := sorted[len(sorted)/2]
	picked := units[0]
	for _, u := range units {
		if middle >= u.size {
			picked = u
		}
	}
	return picked
}

// A drawing is how one column draws its figure: in one unit, with one number of
// significant digits.
type drawing struct {
	figure
	unit   unit
	digits int
	wide   bool // with every interval there is
}

// drawing is how a column of these values draws the figure.
func (f figure) drawing(ivs []*result.Interval, wide bool) drawing {
	values := mapped(ivs, func(iv *result.Interval) float64 { return iv.Est })
	return drawing{f, f.unit(values), digits(ivs), wide}
}

// column is the one that it draws.
func (d drawing) column() column {
	return column{name: d.Name, unit: d.unit.name, better: d.Better, right: true, spare: d.Spare, speed: d.Speed}
}

// cell is a figure in the column; empty for nil.
func (d drawing) cell(iv *result.Interval) cell {
	if iv == nil {
		return cell{}
	}
	return cell{text: d.text(iv.Est), bounds: d.bounds(iv), value: iv}
}

func (d drawing) text(v float64) string {
	v /= d.unit.size
	switch d.Places {
	case result.Two:
		return fixedPlaces(v, 2) + d.Suffix
	case result.None:
		return fixedPlaces(v, 0) + d.Suffix
	}
	return significant(v, d.digits) + d.Suffix
}

// bounds is the interval beside it, or "".
func (d drawing) bounds(iv *result.Interval) string {
	known := iv.Lo != nil && iv.Hi != nil
	if exact := known && *iv.Lo == *iv.Hi || !known && !iv.Open; d.Bounds == result.BoundsSampled && exact {
		return ""
	}
	if d.Bounds == result.BoundsRelative && known && *iv.Lo == *iv.Hi {
		return ""
	}
	if d.Bounds == result.BoundsNever || !d.wide && d.Bounds == result.BoundsWide {
		return ""
	}
	return boundsOf(iv, d.text)
}

// digits is how many significant ones the column needs: three, or four where
// an interval is so narrow that three would hide it.
func digits(ivs []*result.Interval) int {
	for _, iv := range ivs {
		if iv.Lo != nil && iv.Hi != nil && *iv.Hi-*iv.Lo < 0.01*iv.Est {
			return 4
		}
	}
	return 3
}
