package reports

import (
	"slices"
	"strconv"

	"zstdshop/harness/result"
)

// A figure is a metric as a column draws it.
type figure struct{ result.Metric }

// figures lists all there are, in the order of the columns.
func figures() []figure {
	var out []figure
	for _, m := range result.Metrics() {
		out = append(out, figure{m})
	}
	return out
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

// draw is one value of the figure as it stands in a column of unit u with n
// significant digits.
func (f figure) draw(v float64, u unit, n int) string {
	switch f.Places {
	case result.Two:
		return strconv.FormatFloat(v/u.size, 'f', 2, 64) + f.Suffix
	case result.None:
		return strconv.FormatFloat(v/u.size, 'f', 0, 64) + f.Suffix
	}
	return significant(v/u.size, n) + f.Suffix
}

// drawBounds is the interval beside it, or "".
func (f figure) drawBounds(iv *result.Interval, u unit, n int, wide bool) string {
	known := iv.Lo != nil && iv.Hi != nil
	shown := wide
	switch f.Bounds {
	case result.BoundsNever:
		return ""
	case result.BoundsAlways:
		shown = true
	case result.BoundsDoubt:
		shown = shown || !known || *iv.Lo <= 1 && 1 <= *iv.Hi || *iv.Hi-*iv.Lo > 0.1*iv.Est
	}
	if !shown {
		return ""
	}
	return boundsOf(iv, func(v float64) string { return f.draw(v, u, n) })
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
