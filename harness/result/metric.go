package result

import (
	"cmp"
	"slices"
)

// A Metric is one figure that a cell can have. What is known of metrics is declared
// in the table below: columns, sentences, CSV, Go benchmark text, history and the
// gate go by it.
type Metric struct {
	Name   string // of its column, in views
	Better Direction
	Unit   Unit   // that Of counts in
	Suffix string // after each value, such as the x of a ratio
	Places Places // digits after the point
	Bounds Bounds // when its interval stands beside it
	Wide   bool   // a column of the wide view only
	Spare  int    // the order in which a narrow terminal does without: 1 goes first, 0 never
	Speed  bool   // is what cells are compared by
	Timed  bool   // says something of cells whose slices have a fixed length
	Stream bool   // of cells alone whose items are streams

	// Of is the figure in base units, nil where a cell has none; Lo and Hi are nil
	// where it is no estimate.
	Of func(*CellResult) *Interval
	// Hidden reports whether the column leaves a cell's figure out because another
	// says it; nil: never.
	Hidden func(*CellResult) bool
	// Instead reports whether another column says more of a cell, so that this one is
	// of the wide view only where that is so of all cells; nil: never.
	Instead func(*CellResult) bool
	// OfFork is the same figure of one fork; nil where a fork has none of its own.
	OfFork func(*CellResult, *Fork) (v float64, ok bool)

	// Key names the metric in comparisons, limits and accepted regressions; "" where
	// it is not compared.
	Key     string
	Compare Compare
	Check   int    // its place among the checks of a cell, from 1
	Title   string // of a table of its own in a comparison

	// V1 is how many of Of's units one unit of v1's checks and of the history counts;
	// 0 is one.
	V1      float64
	Goal    string // its name in goals of advice, "" where none can bound it
	CSV     string // column, "" none
	Spread  bool   // and its interval in two more
	Bench   string // unit in Go benchmark text, "" none
	History string // in the history, "" not kept
}

// Direction says which way a figure gets better.
type Direction int

const (
	Neither Direction = iota
	Higher
	Lower
)

// Places is how many digits stand after the point.
type Places int

const (
	BySize Places = iota // as many as there are significant digits left
	Two                  // for figures around 1
	None                 // for counts
)

// Bounds says when the interval of a figure is drawn beside it. In the wide view it
// is wherever there can be one.
type Bounds int

const (
	BoundsNever    Bounds = iota // the figure has none
	BoundsAlways                 // it must not stand without its doubt
	BoundsRelative               // the same, but for the 1 of what others are held against
	BoundsWide                   // in the wide view only
	BoundsSampled                // where it is an estimate; exact figures have lo = hi
)

// Compare says how two sides of a cell are held against each other.
type Compare int

const (
	NotCompared Compare = iota
	ByTurns             // the quotient of turns beside each other, with an interval
	Exactly             // to the last digit: the same in every fork, and both sides did the same work
	Counted             // counted over slices, which add a little of their own
	ByForks             // the quotients of forks of a round
	Floor               // the new side alone, against a bound
)

// Keys of the metrics that are compared.
const (
	MetricTime   = "time"   // wall time per task
	MetricRatio  = "ratio"  // compression ratio
	MetricAllocs = "allocs" // allocations per task
	MetricRSS    = "rss"    // peak of memory
	MetricP99    = "p99"    // time that 99 of 100 tasks do not exceed
	MetricCores  = "cores"  // that are kept busy
)

// metrics are in the order of columns.
var metrics = []Metric{
	{Name: "MB/s", Better: Higher, Bounds: BoundsAlways, Speed: true,
		Of:     func(c *CellResult) *Interval { return c.MBPerS },
		OfFork: forkMBPerS, CSV: "mb_per_s", Spread: true, Bench: "MB/s"},
	{Name: "req/s", Better: Higher, Bounds: BoundsAlways, Speed: true,
		Of:     func(c *CellResult) *Interval { return c.TasksPerS },
		Hidden: func(c *CellResult) bool { return c.Endpoint == "" }, CSV: "tasks_per_s", Spread: true},
	{Name: "tasks/s", Better: Higher, Bounds: BoundsAlways, Speed: true,
		Of:     func(c *CellResult) *Interval { return c.TasksPerS },
		Hidden: func(c *CellResult) bool { return c.Endpoint != "" || c.Rate == 0 }},
	{Name: "time/task", Better: Lower, Unit: Nanoseconds, Bounds: BoundsAlways, Speed: true,
		Of:     func(c *CellResult) *Interval { return c.NSPerOp },
		OfFork: forkTime, Key: MetricTime, Check: 1, Compare: ByTurns, CSV: "ns_per_op", Spread: true, Bench: "ns/op", History: "ns_per_op"},
	{Name: "ratio", Better: Higher, Suffix: "x", Places: Two, Bounds: BoundsSampled, Spare: 4,
		Of:     (*CellResult).WholeRatio,
		OfFork: forkRatio,
		Key:    MetricRatio, Check: 2, Compare: Exactly, Title: "compression ratio", Goal: "ratio", CSV: "ratio", Spread: true, Bench: "ratio", History: "ratio"},
	{Name: "B/flush", Better: Lower, Stream: true, Goal: "B/flush", CSV: "bytes_per_flush",
		Of: func(c *CellResult) *Interval { return Exact(c.WireBytes()) }},
	{Name: "speed-up", Better: Higher, Suffix: "x", Places: Two, Bounds: BoundsAlways, Spare: 3,
		Of:     func(c *CellResult) *Interval { return c.SpeedUp },
		Hidden: func(c *CellResult) bool { return c.About.Runner.Baseline }, CSV: "speed_up", Spread: true},
	{Name: "vs best", Better: Lower, Suffix: "x", Places: Two, Bounds: BoundsRelative, Spare: 5,
		Of: func(c *CellResult) *Interval { return c.VsBest }, CSV: "vs_best", Spread: true},
	{Name: "vs reference", Better: Lower, Suffix: "x", Places: Two, Bounds: BoundsRelative, Spare: 6,
		Of: func(c *CellResult) *Interval { return c.VsReference }, CSV: "vs_reference", Spread: true},
	{Name: "cores", Places: Two, Timed: true, Bounds: BoundsWide,
		Of:     func(c *CellResult) *Interval { return c.Parallelism },
		OfFork: forkCores, Key: MetricCores, Check: 6, Compare: Floor, CSV: "parallelism", Spread: true, Bench: "cores", History: "cores"},
	{Name: "p50", Better: Lower, Unit: Nanoseconds, Wide: true, Goal: "p50", CSV: "latency_p50_ns",
		Of:     latency(func(l *Latency) float64 { return l.P50 }),
		OfFork: forkTask(0.5)},
	{Name: "p90", Better: Lower, Unit: Nanoseconds, Wide: true, Goal: "p90", CSV: "latency_p90_ns",
		Of:     latency(func(l *Latency) float64 { return l.P90 }),
		OfFork: forkTask(0.9)},
	{Name: "p99", Better: Lower, Unit: Nanoseconds, Spare: 2,
		Of:     latency(func(l *Latency) float64 { return l.P99 }),
		OfFork: forkTask(0.99), Key: MetricP99, Check: 5, Compare: ByForks, Goal: "p99", CSV: "latency_p99_ns", Bench: "p99-ns", V1: 1e3, History: "p99_us"},
	{Name: "max", Better: Lower, Unit: Nanoseconds, Wide: true, Goal: "max", CSV: "latency_max_ns",
		Of:     latency(func(l *Latency) float64 { return l.Max }),
		OfFork: forkTask(1)},
	{Name: "flush p50", Better: Lower, Unit: Nanoseconds, Stream: true, Goal: "flush p50", CSV: "flush_p50_ns",
		Of:     flushing(func(l *Latency) float64 { return l.P50 }),
		OfFork: forkFlush(0.5)},
	{Name: "flush p99", Better: Lower, Unit: Nanoseconds, Stream: true, Goal: "flush p99", CSV: "flush_p99_ns",
		Of:     flushing(func(l *Latency) float64 { return l.P99 }),
		OfFork: forkFlush(0.99)},
	{Name: "allocs/op", Better: Lower, Wide: true,
		Of:     func(c *CellResult) *Interval { return Exact(c.AllocsPerOp) },
		OfFork: func(_ *CellResult, f *Fork) (float64, bool) { return perTimed(f, f.Mallocs) },
		Key:    MetricAllocs, Check: 3, Compare: Counted, Title: "allocations per task", Goal: "allocs", CSV: "allocs_per_op", Bench: "allocs/op", History: "allocs_per_op"},
	{Name: "B/op", Better: Lower, Wide: true,
		Of:     func(c *CellResult) *Interval { return Exact(c.AllocBytesPerOp) },
		OfFork: func(_ *CellResult, f *Fork) (float64, bool) { return perTimed(f, f.AllocBytes) },
		CSV:    "alloc_bytes_per_op", Bench: "B/op"},
	{Name: "RSS before", Better: Lower, Unit: Bytes, Wide: true, CSV: "prepared_rss_bytes",
		Of: func(c *CellResult) *Interval { return Exact(c.PreparedRSSBytes) }},
	{Name: "window", Unit: Bytes, Stream: true, Goal: "window", CSV: "stream_window_bytes",
		Of: func(c *CellResult) *Interval { return Exact(c.StreamWindowBytes) }},
	{Name: "stream memory", Better: Lower, Unit: Bytes, Stream: true, Goal: "stream memory", CSV: "stream_memory_bytes",
		Of: func(c *CellResult) *Interval { return Exact(c.StreamMemoryBytes) }},
	{Name: "stream setup", Better: Lower, Unit: Nanoseconds, Stream: true, Goal: "stream setup", CSV: "stream_setup_ns",
		Of: func(c *CellResult) *Interval { return Exact(c.StreamSetupNS) }},
	{Name: "memory", Better: Lower, Unit: Bytes, Spare: 1, Timed: true,
		Of:     func(c *CellResult) *Interval { return Exact(c.MemoryBytes) },
		OfFork: func(_ *CellResult, f *Fork) (float64, bool) { return float64(f.MemoryBytes), f.MemoryBytes > 0 },
		Goal:   "memory", CSV: "memory_bytes"},
	{Name: "peak RSS", Better: Lower, Unit: Bytes, Spare: 1, Timed: true,
		Instead: func(c *CellResult) bool { return c.MemoryBytes != nil },
		Of:      func(c *CellResult) *Interval { return Exact(c.PeakRSSBytes) },
		OfFork:  func(_ *CellResult, f *Fork) (float64, bool) { return float64(f.PeakRSSBytes), f.PeakRSSBytes > 0 },
		Key:     MetricRSS, Check: 4, Compare: ByForks, Goal: "rss", CSV: "peak_rss_bytes", Bench: "rss-B", History: "peak_rss_bytes"},
	{Name: "threads", Places: None, Timed: true, Wide: true, CSV: "threads",
		Of: func(c *CellResult) *Interval { return Exact(c.Threads) }},
	{Name: "disturbed", Unit: Share, Wide: true, CSV: "disturbed",
		Of: func(c *CellResult) *Interval { return Exact(c.Disturbed) }},
	{Name: "forks", Places: None, Timed: true, Wide: true, CSV: "forks",
		Of: func(c *CellResult) *Interval { return Exact(&c.Forks) }},
}

// Metrics lists all there are, in the order of columns.
func Metrics() []Metric { return slices.Clone(metrics) }

// MetricNamed looks a metric up by its name, and reports whether there is one.
func MetricNamed(name string) (Metric, bool) {
	i := slices.IndexFunc(metrics, func(m Metric) bool { return m.Name == name })
	if i < 0 {
		return Metric{}, false
	}
	return metrics[i], true
}

// Compared lists those by which two sides are held against each other, in the order
// of checks.
func Compared() []Metric {
	all := slices.DeleteFunc(Metrics(), func(m Metric) bool { return m.Key == "" })
	slices.SortStableFunc(all, func(a, b Metric) int { return cmp.Compare(a.Check, b.Check) })
	return all
}

// MetricOf looks a metric up that is compared, by its key.
func MetricOf(key string) (Metric, bool) {
	if i := slices.IndexFunc(metrics, func(m Metric) bool { return m.Key == key }); i >= 0 && key != "" {
		return metrics[i], true
	}
	return Metric{}, false
}

// Published is the figure in the units of v1's checks and of the history; nil where the
// cell has none.
func (m Metric) Published(c *CellResult) *Interval {
	iv := m.Of(c)
	if iv == nil || m.V1 == 0 {
		return iv
	}
	out := Interval{Est: iv.Est / m.V1}
	if iv.Lo != nil && iv.Hi != nil {
		lo, hi := *iv.Lo/m.V1, *iv.Hi/m.V1
		out.Lo, out.Hi = &lo, &hi
	}
	return &out
}

// IsShare reports whether a limit of the metric is a share of the old side.
func (m Metric) IsShare() bool { return m.Compare != Counted && m.Compare != Floor }

// MoreIsBetter reports whether a larger value is the better one. More cores busy are
// what a gate asks for, though they are neither better nor worse in a table.
func (m Metric) MoreIsBetter() bool { return m.Better == Higher || m.Compare == Floor }

// Bound is the change at which a metric becomes a regression: new over old; of one
// that is Counted how much more, and of a Floor the value itself.
func (m Metric) Bound(limit float64) float64 {
	switch {
	case !m.IsShare():
		return limit
	case m.Better == Higher:
		return 1 - limit
	}
	return 1 + limit
}

// Exact is a figure that is no estimate; nil for nil.
func Exact[N int | int64 | float64](n *N) *Interval {
	if n == nil {
		return nil
	}
	return &Interval{Est: float64(*n)}
}

// latency is a percentile in nanoseconds.
func latency(of func(*Latency) float64) func(*CellResult) *Interval {
	return func(c *CellResult) *Interval {
		if c.LatencyUS == nil {
			return nil
		}
		return &Interval{Est: 1e3 * of(c.LatencyUS)}
	}
}

// flushing is a percentile of the times of flushes in nanoseconds.
func flushing(of func(*Latency) float64) func(*CellResult) *Interval {
	return func(c *CellResult) *Interval {
		if c.FlushUS == nil {
			return nil
		}
		return &Interval{Est: 1e3 * of(c.FlushUS)}
	}
}

// forkTime and the others are metrics of one fork.
func forkTime(c *CellResult, f *Fork) (float64, bool) {
	ns := f.NSPerTask()
	return ns, ns > 0 && c.NSPerOp != nil
}

func forkMBPerS(c *CellResult, f *Fork) (float64, bool) {
	ns, ok := forkTime(c, f)
	if !ok || c.BytesIn <= 0 || c.Items <= 0 {
		return 0, false
	}
	bytesPerTask := float64(c.BytesIn) / float64(c.Items)
	return bytesPerTask / ns * 1e3, true
}

// forkRatio is the cell's: all its forks do the same work.
func forkRatio(c *CellResult, _ *Fork) (float64, bool) {
	if iv := c.WholeRatio(); iv != nil {
		return iv.Est, true
	}
	return 0, false
}

// forkCores counts what a slice left running behind it, as the cell's own figure does.
func forkCores(_ *CellResult, f *Fork) (float64, bool) {
	var wall, cpu int64
	for i := range f.WallNS {
		wall += f.WallNS[i]
		cpu += f.CPUNS[i] + f.IdleNS[i]
	}
	return float64(cpu) / float64(wall), wall > 0
}

// forkTask is the smallest time that at least a share of a fork's tasks do not exceed
// (nearest rank).
func forkTask(share float64) func(*CellResult, *Fork) (float64, bool) {
	return func(_ *CellResult, f *Fork) (float64, bool) { return nearestRank(f.TaskNS, share) }
}

// forkFlush is the same of its flushes.
func forkFlush(share float64) func(*CellResult, *Fork) (float64, bool) {
	return func(_ *CellResult, f *Fork) (float64, bool) { return nearestRank(f.FlushNS, share) }
}

// nearestRank is the smallest time that at least a share of the counted ones do not exceed.
func nearestRank(counts [][2]int64, share float64) (float64, bool) {
	var n int64
	for _, t := range counts {
		n += t[1]
	}
	if n <= 0 {
		return 0, false
	}
	var seen int64
	for _, t := range counts {
		if seen += t[1]; float64(seen) >= share*float64(n) {
			return float64(t[0]), true
		}
	}
	return float64(counts[len(counts)-1][0]), true
}

func perTimed(f *Fork, n uint64) (float64, bool) {
	return float64(n) / float64(f.TimedTasks), f.TimedTasks > 0
}
