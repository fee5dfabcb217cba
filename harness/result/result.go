package result

import (
	"time"

	"zstdshop/harness/machine"
)

// Schema names the format of a Result's JSON.
const Schema = "zstdshop/result/v1"

// Result is one run: what was asked, on which machine, what came out, raw
// samples included. It is the only type that crosses from measuring to
// everything after it. Its JSON form is published (reports/schema); what does
// not apply is null.
type Result struct {
	// Sides is set where all cells and comparisons are of two sides held against each
	// other, and nil in the result of one program.
	Sides       *TwoSides    `json:"-"` // v1 has it among the warnings (legacy.go)
	Schema      string       `json:"schema"`
	Machine     machine.Info `json:"machine"`
	Build       Build        `json:"build"`
	Plan        PlanInfo     `json:"plan"`
	Cells       []CellResult `json:"cells"`
	Comparisons []Comparison `json:"comparisons"`
	Checks      []Check      `json:"checks,omitempty"` // of a gate; nil in other results
	// Recommendations answer what was asked with --recommend; nil in other results.
	Recommendations []Advice  `json:"recommendations,omitempty"`
	Warnings        []Warning `json:"warnings"`
}

// Build says which program measured.
type Build struct {
	Version   string            `json:"version"` // of the main module; "(devel)" from source
	Commit    string            `json:"commit"`  // "" where the build does not say
	Dirty     bool              `json:"dirty"`
	Go        string            `json:"go"`
	OS        string            `json:"os"`
	Arch      string            `json:"arch"`
	CGO       bool              `json:"cgo"`
	Settings  map[string]string `json:"settings"`  // CGO_CFLAGS, GOAMD64, -tags ... where set
	Libraries map[string]string `json:"libraries"` // codec name -> "library version"
	Binary    string            `json:"binary"`    // SHA-256 of the executable, hex
}

// PlanInfo is what was asked for and how far it came.
type PlanInfo struct {
	Args []string `json:"args"` // the command line after the program's name
	// Others are the command lines of the other runs that were merged into this one.
	Others     [][]string `json:"-"`      // v1 has them in args (legacy.go)
	Seed       uint64     `json:"seed"`   // of the order of turns and of samples
	Method     string     `json:"method"` // of measuring: the constant Method of the program that did
	Budget     int64      `json:"budget_ns"`
	Precision  float64    `json:"precision"`      // 95 % half-width at which a cell stops, 0.02 for 2 %
	Confidence float64    `json:"confidence"`     // of the cells' intervals, 0.95
	Delta      float64    `json:"delta,omitzero"` // of equivalence; 0 in results of earlier programs
	Reference  string     `json:"reference"`      // name of the cell that those of its group are compared with; "" for all pairs
	Started    time.Time  `json:"started"`
	Elapsed    int64      `json:"elapsed_ns"`
	Complete   bool       `json:"complete"` // false: interrupted, cells may be missing figures
}

// Interval is an estimate and its interval at PlanInfo.Confidence. Lo and Hi
// are null where there are too few forks for one.
type Interval struct {
	Est float64  `json:"est"`
	Lo  *float64 `json:"lo"`
	Hi  *float64 `json:"hi"`
}

// Latency is the distribution of task times in microseconds.
type Latency struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
	N   int64   `json:"n"` // tasks timed
}

// Status of a cell.
const (
	StatusOK          = "ok"
	StatusFailed      = "failed"      // Error says why
	StatusUnavailable = "unavailable" // the codec is not in this build; Error says why
	StatusUnmeasured  = "unmeasured"  // interrupted before it had an interval
)

// CellResult is one cell with its figures.
type CellResult struct {
	Cell `json:"-"` // members of their own in JSON, by the table of keys (wire.go)
	Name string     `json:"name"`
	// About is what the cell's entries say of themselves (Describe).
	About About `json:"-"`

	// Implementation is what the worker called itself; GILEnabled whether it said
	// that its interpreter runs one thread at a time. nil: it said nothing.
	Implementation *string `json:"implementation,omitempty"`
	GILEnabled     *bool   `json:"gil_enabled,omitempty"`

	EffectiveLevel      *int `json:"effective_level"`
	EffectiveGOMAXPROCS int  `json:"gomaxprocs"` // in force in the worker

	Status string  `json:"status"`
	Error  *string `json:"error"`  // one line, for failed and unavailable
	Stderr *string `json:"stderr"` // beginning and end of what a failed worker said there

	Items    int   `json:"items"`     // tasks of one pass
	BytesIn  int64 `json:"bytes_in"`  // uncompressed bytes of one pass; 0 without a corpus
	BytesOut int64 `json:"bytes_out"` // compressed
	// CorpusBytes is the size of the whole corpus; more than BytesIn where the
	// cell works on a seeded sample of it.
	CorpusBytes int64    `json:"corpus_bytes"`
	Ratio       *float64 `json:"ratio"` // bytes_in / bytes_out

	NSPerOp     *Interval `json:"ns_per_op"`             // wall time per task
	TasksPerS   *Interval `json:"tasks_per_s,omitempty"` // of wall time; with a Rate what was reached of it
	MBPerS      *Interval `json:"mb_per_s"`              // 10^6 uncompressed bytes per wall second
	SpeedUp     *Interval `json:"speed_up"`              // over the cell that differs only in runner=single
	Parallelism *Interval `json:"parallelism"`           // CPU seconds per wall second
	LatencyUS   *Latency  `json:"latency_us"`

	AllocsPerOp     *float64 `json:"allocs_per_op"`
	AllocBytesPerOp *float64 `json:"alloc_bytes_per_op"`

	PreparedRSSBytes *int64 `json:"prepared_rss_bytes"` // after prepare, before the first slice
	PeakRSSBytes     *int64 `json:"peak_rss_bytes"`     // VmHWM, largest fork
	Threads          *int   `json:"threads"`            // OS threads at the end, largest fork

	Checksum *uint64 `json:"checksum"`
	Digest   string  `json:"digest"` // of the output of one pass; "" where there is none

	// Disturbed is the share of slices that the sentinels called disturbed;
	// null where the worker has no sentinel.
	Disturbed *float64 `json:"disturbed"`

	// Lanes is how many tasks could run at once; 0 in results of earlier programs.
	Lanes    int      `json:"lanes,omitzero"`
	Forks    int      `json:"forks"` // completed
	Warnings []string `json:"warnings"`
	Samples  []Fork   `json:"samples"`
}

// Fork is the raw record of one worker process: columns of equal length, one
// entry a throughput slice, in the order they ran.
type Fork struct {
	Fork    int     `json:"fork"`               // number of the round; cells of a group with the same number ran interleaved
	Turn    []int   `json:"turn"`               // number of the turn inside the round
	First   []int   `json:"first"`              // first item
	Tasks   []int   `json:"tasks"`              // tasks done
	WallNS  []int64 `json:"wall_ns"`            // on the clock
	CPUNS   []int64 `json:"cpu_ns"`             // of the process, on the clock
	IdleNS  []int64 `json:"idle_cpu_ns"`        // CPU after the slice that it caused
	Before  []int64 `json:"sentinel_before_ns"` // empty where there is no sentinel
	After   []int64 `json:"sentinel_after_ns"`
	WaitNS  []int64 `json:"wait_ns"`   // threads ready to run without a CPU, summed
	Collect []int   `json:"collected"` // garbage collections that ended in the slice
	// CollectBefore is how many ended between the last slice's end and this
	// one's start, most of them in the Warmup tasks before it.
	CollectBefore []int `json:"collected_before"`
	Warmup        int   `json:"warmup"` // tasks before each slice, off the clock

	// From latency slices: value in ns and how often, ascending.
	TaskNS     [][2]int64 `json:"task_ns"`
	TimedTasks int64      `json:"timed_tasks"`
	Mallocs    uint64     `json:"mallocs"`
	AllocBytes uint64     `json:"alloc_bytes"`

	PreparedRSSBytes int64 `json:"prepared_rss_bytes"`
	PeakRSSBytes     int64 `json:"peak_rss_bytes"`
	Threads          int   `json:"threads"`
	PassNS           int64 `json:"pass_ns"` // one pass by one worker, as prepare saw it
}

// Verdicts of a comparison; faster and slower speak of New.
const (
	VerdictFaster     = "faster"
	VerdictSlower     = "slower"
	VerdictEquivalent = "equivalent"
	VerdictUndecided  = "undecided"
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

// Warning is something the reader must know to use the figures, and what to do
// about it. Cell is "" where it concerns the run.
type Warning struct {
	Cell string `json:"cell"`
	Code string `json:"code"` // short and stable, e.g. "few_forks"
	Text string `json:"text"`
}
