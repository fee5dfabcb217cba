package result

// Limits is what a gate lets the new side of a cell be worse by, by the keys of
// metrics; what is not named is not gated. How a limit is meant goes by the metric's
// Compare: a share of the old side (0.03 is 3 %), a number more where it is Counted,
// and the least that the new side must have where it is a Floor.
type Limits map[string]float64

// Outcomes of a check.
const (
	OutcomePass       = "pass"
	OutcomeRegression = "regression"
	OutcomeUndecided  = "undecided"
	OutcomeFailed     = "failed"   // the new side of the cell failed, the old did not
	OutcomeAccepted   = "accepted" // a regression that is known, within what was accepted
)

// Check is one metric of one cell held against its limit.
type Check struct {
	Cell    string `json:"cell"`   // without a side
	Metric  string `json:"metric"` // time, ratio, allocs, rss, p99, cores
	Outcome string `json:"outcome"`
	// Old and New are the figures of the sides: ns per task, ratio, allocations
	// per task, bytes, microseconds, cores. Null where a side has none.
	Old *float64 `json:"old"`
	New *float64 `json:"new"`
	// Change is new over old; of cores the cores themselves. The outcome is a
	// function of its interval and Limit: a regression where the whole interval is
	// beyond the limit, a pass where none of it is.
	Change *Ratio  `json:"change"`
	Limit  float64 `json:"limit"`
	MoreNS *int64  `json:"more_ns"`          // as Comparison.MoreNS
	Reason string  `json:"reason,omitempty"` // why it is undecided or failed, or was accepted
}

// Accepted is a regression that is known and wanted: a cell's metric may change
// by UpTo, new over old, for Reason.
type Accepted struct {
	Cell, Metric, Reason string
	UpTo                 float64
}
