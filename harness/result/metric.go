package result

// Metrics of a comparison.
const (
	MetricTime   = "time"   // wall time per task; decided by intervals
	MetricRatio  = "ratio"  // compression ratio; exact
	MetricAllocs = "allocs" // allocations per task; counted
)

// Verdicts of the metrics that need no interval, beside VerdictEquivalent; they
// speak of New. A time is never better, so that nobody reads a larger ratio as
// a speed.
const (
	VerdictBetter = "better"
	VerdictWorse  = "worse"
)
