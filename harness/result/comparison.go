package result

// Verdicts of a comparison; faster and slower speak of New.
const (
	VerdictFaster     = "faster"
	VerdictSlower     = "slower"
	VerdictEquivalent = "equivalent"
	VerdictUndecided  = "undecided"
)

// Verdicts of the metrics that need no interval, beside VerdictEquivalent; they
// speak of New. A time is never better, so that nobody reads a larger ratio as
// a speed.
const (
	VerdictBetter = "better"
	VerdictWorse  = "worse"
)

// Comparison is two cells, or two builds of one cell, held against each other.
// The verdict is a function of TimeRatio and Delta.
type Comparison struct {
	Old     string `json:"old"` // cell names
	New     string `json:"new"`
	Metric  string `json:"metric"` // "time"
	Verdict string `json:"verdict"`
	// TimeRatio is new time / old time: below 1, New is faster.
	TimeRatio Ratio   `json:"time_ratio"`
	Delta     float64 `json:"delta"` // equivalent means inside 1 +- delta
	// MDE is the smallest effect found with 80 % probability at this error and
	// these data, 0.02 for 2 %; null where there are too few pairs to say.
	MDE   *float64 `json:"mde"`
	Pairs int      `json:"pairs"` // fork pairs
	// MoreNS is how much longer an undecided comparison would take, going by
	// this run; null where it is decided or cannot be said. In a gate it is about
	// the limit.
	MoreNS *int64 `json:"more_ns"`
}

// Ratio is an estimate of a quotient with an interval that stays valid however
// often one looks. Lo and Hi are null where there are too few pairs for one.
type Ratio struct {
	Est        float64  `json:"est"`
	Lo         *float64 `json:"lo"`
	Hi         *float64 `json:"hi"`
	Confidence float64  `json:"confidence"` // after correction for the number of comparisons
}
