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
	// Slack is the least difference of a Counted metric that is one, which is allowed
	// where Limit is less; 0 in other checks, and where it is not known.
	Slack  float64 `json:"slack,omitempty"`
	MoreNS *int64  `json:"more_ns"`          // as Comparison.MoreNS
	Reason string  `json:"reason,omitempty"` // why it is undecided or failed, or was accepted
}

// Accepted is a regression that is known and wanted, for Reason: a cell's metric may
// change by UpTo, new over old, or by More where it is Counted. The other one is 0.
type Accepted struct {
	Cell   string  `json:"cell"`
	Metric string  `json:"metric"`
	Reason string  `json:"reason"`
	UpTo   float64 `json:"up_to,omitempty"`
	More   float64 `json:"more,omitempty"`
	// Past is set where the base is already as the entry says: it counts no more.
	Past bool `json:"past,omitempty"`
}

// CountSlack is what two figures of a Counted metric differ by at least, per task: less
// is of the runner and the runtime.
const CountSlack = 0.5
