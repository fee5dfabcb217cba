package reports

import (
	"slices"
	"strconv"

	"zstdshop/harness/result"
)

// direction says which way a figure gets better.
type direction int

const (
	neither direction = iota
	higher
	lower
)

// A figure is one number that a cell can have, and how a column of it looks.
type figure struct {
	name   string
	better direction
	// of is the figure of a cell in base units (ns, bytes, a share ...), nil
	// where it has none. Lo and Hi are nil where there is no interval, also
	// where the figure is no estimate.
	of func(*result.CellResult) *result.Interval
	// unit picks the one unit of a column from its values.
	unit func(values []float64) unit
	// suffix follows each value, such as the x of a ratio.
	suffix string
	// places is how many digits stand after the point.
	places places
	// bounds tells when the interval is drawn beside the estimate: in the wide
	// view always where there can be one.
	bounds boundsRule
	// wide is set where only the wide view has the column.
	wide bool
	// spare is the order in which a narrow terminal does without: 1 goes
	// first, 0 never.
	spare int
}

// A unit is what a column counts in: value / size, then name.
type unit struct {
	name string
	size float64
}

type places int

const (
	bySize places = iota // as many as there are significant digits left
	two                  // for figures around 1
	none                 // for counts
)

type boundsRule int

const (
	boundsNever  boundsRule = iota // the figure has none
	boundsAlways                   // a figure that must not stand without its doubt
	boundsDoubt                    // where the interval is wider than 5 %, or holds 1
	boundsWide                     // in the wide view only
)

// figures lists all there are, in the order of the columns.
func figures() []figure {
	return []figure{
		{name: "MB/s", better: higher, unit: fixed(""), bounds: boundsAlways,
			of: func(c *result.CellResult) *result.Interval { return c.MBPerS }},
		{name: "req/s", better: higher, unit: fixed(""), bounds: boundsAlways,
			of: func(c *result.CellResult) *result.Interval { return tasksPerS(c, c.Endpoint != nil) }},
		{name: "tasks/s", better: higher, unit: fixed(""), bounds: boundsAlways,
			of: func(c *result.CellResult) *result.Interval {
				return tasksPerS(c, c.Endpoint == nil && c.Rate != nil)
			}},
		{name: "time/task", better: lower, unit: timeUnit, bounds: boundsAlways,
			of: func(c *result.CellResult) *result.Interval { return c.NSPerOp }},
		{name: "ratio", better: higher, unit: fixed(""), suffix: "x", places: two, spare: 4,
			of: func(c *result.CellResult) *result.Interval { return exactly(c.Ratio) }},
		{name: "speed-up", better: higher, unit: fixed(""), suffix: "x", places: two, bounds: boundsDoubt, spare: 3,
			of: speedUp},
		{name: "cores", unit: fixed(""), places: two, bounds: boundsWide,
			of: func(c *result.CellResult) *result.Interval { return c.Parallelism }},
		{name: "p50", better: lower, unit: timeUnit, wide: true, of: latency(func(l *result.Latency) float64 { return l.P50 })},
		{name: "p90", better: lower, unit: timeUnit, wide: true, of: latency(func(l *result.Latency) float64 { return l.P90 })},
		{name: "p99", better: lower, unit: timeUnit, spare: 2, of: latency(func(l *result.Latency) float64 { return l.P99 })},
		{name: "max", better: lower, unit: timeUnit, wide: true, of: latency(func(l *result.Latency) float64 { return l.Max })},
		{name: "allocs/op", better: lower, unit: fixed(""), wide: true,
			of: func(c *result.CellResult) *result.Interval { return exactly(c.AllocsPerOp) }},
		{name: "B/op", better: lower, unit: fixed(""), wide: true,
			of: func(c *result.CellResult) *result.Interval { return exactly(c.AllocBytesPerOp) }},
		{name: "RSS before", better: lower, unit: fixedSize("MiB", mebibyte), wide: true,
			of: func(c *result.CellResult) *result.Interval { return exactly(c.PreparedRSSBytes) }},
		{name: "peak RSS", better: lower, unit: fixedSize("MiB", mebibyte), spare: 1,
			of: func(c *result.CellResult) *result.Interval { return exactly(c.PeakRSSBytes) }},
		{name: "threads", unit: fixed(""), places: none, wide: true,
			of: func(c *result.CellResult) *result.Interval { return exactly(c.Threads) }},
		{name: "disturbed", unit: fixedSize("%", 0.01), wide: true,
			of: func(c *result.CellResult) *result.Interval { return exactly(c.Disturbed) }},
		{name: "forks", unit: fixed(""), places: none, wide: true,
			of: func(c *result.CellResult) *result.Interval { return exactly(&c.Forks) }},
	}
}

// isSpeed reports whether a figure of that name is what cells are compared by.
func isSpeed(name string) bool {
	return name == "MB/s" || name == "req/s" || name == "tasks/s" || name == "time/task"
}

// tasksPerS is the tasks a second of the cells whose rate is spoken of.
func tasksPerS(c *result.CellResult, spoken bool) *result.Interval {
	if !spoken {
		return nil
	}
	return c.TasksPerS
}

const mebibyte = 1 << 20

// exactly is a figure that is no estimate.
func exactly[N int | int64 | float64](n *N) *result.Interval {
	if n == nil {
		return nil
	}
	return &result.Interval{Est: float64(*n)}
}

// speedUp is the speed over the single goroutine's, which has none over
// itself.
func speedUp(c *result.CellResult) *result.Interval {
	if c.Runner == single {
		return nil
	}
	return c.SpeedUp
}

// latency is a percentile in nanoseconds.
func latency(of func(*result.Latency) float64) func(*result.CellResult) *result.Interval {
	return func(c *result.CellResult) *result.Interval {
		if c.LatencyUS == nil {
			return nil
		}
		return &result.Interval{Est: 1e3 * of(c.LatencyUS)}
	}
}

func fixed(name string) func([]float64) unit { return fixedSize(name, 1) }

func fixedSize(name string, size float64) func([]float64) unit {
	return func([]float64) unit { return unit{name, size} }
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
func (f *figure) draw(v float64, u unit, n int) string {
	switch f.places {
	case two:
		return strconv.FormatFloat(v/u.size, 'f', 2, 64) + f.suffix
	case none:
		return strconv.FormatFloat(v/u.size, 'f', 0, 64) + f.suffix
	}
	return significant(v/u.size, n) + f.suffix
}

// drawBounds is the interval beside it, or "".
func (f *figure) drawBounds(iv *result.Interval, u unit, n int, wide bool) string {
	known := iv.Lo != nil && iv.Hi != nil
	shown := wide
	switch f.bounds {
	case boundsNever:
		return ""
	case boundsAlways:
		shown = true
	case boundsDoubt:
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
