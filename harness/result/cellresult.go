package result

// Status of a cell.
const (
	StatusOK          = "ok"
	StatusFailed      = "failed"      // Error says why
	StatusUnavailable = "unavailable" // not in this build, or not offered by the worker; Error says why
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
	// cell works on a seeded subset of it.
	CorpusBytes int64 `json:"corpus_bytes"`
	// CorpusDigest identifies the whole corpus by its content, whatever it is called
	// (corpus.Corpus.Digest), and ItemsDigest those items of it that the cell works on.
	// "" without a corpus, and in results of earlier programs.
	CorpusDigest string   `json:"corpus_digest,omitempty"`
	ItemsDigest  string   `json:"items_digest,omitempty"`
	Ratio        *float64 `json:"ratio"` // bytes_in / bytes_out
	// CorpusItems is how many items the whole corpus has, and CorpusBytesOut what all
	// of them are compressed; 0 where that is not known.
	CorpusItems    int   `json:"corpus_items,omitzero"`
	CorpusBytesOut int64 `json:"corpus_bytes_out,omitzero"`
	// CorpusRatio is the ratio of the whole corpus: Lo and Hi are Est where it was
	// compressed whole, else an interval over the items of a subset; nil in results of
	// earlier programs.
	CorpusRatio *Interval `json:"corpus_ratio,omitzero"`
	// ItemSums is how that interval is derived; nil where the worker did not tell.
	ItemSums *ItemSums `json:"item_sums,omitzero"`

	// Dictionary is the one of the key dict; nil without.
	Dictionary *Dictionary `json:"dictionary,omitempty"`

	NSPerOp   *Interval `json:"ns_per_op"`             // wall time per task
	TasksPerS *Interval `json:"tasks_per_s,omitempty"` // of wall time; with a Rate what was reached of it
	MBPerS    *Interval `json:"mb_per_s"`              // 10^6 uncompressed bytes per wall second
	SpeedUp   *Interval `json:"speed_up"`              // over the cell that differs only in runner=single
	// VsBest is the time over that of the fastest cell of the group that does not enlarge
	// the data, or of all where all do, and VsReference over
	// that of the run's reference, by turns beside each other. nil alone in a group, in
	// comparisons of two programs, and in results of earlier programs.
	VsBest      *Interval `json:"vs_best,omitempty"`
	VsReference *Interval `json:"vs_reference,omitempty"`
	Parallelism *Interval `json:"parallelism"` // CPU seconds per wall second
	LatencyUS   *Latency  `json:"latency_us"`

	// Of cells whose items are streams; absent in others and where it is not known. FlushUS
	// is the distribution of the times of flushes, and Flushes how many are in one pass.
	FlushUS           *Latency `json:"flush_us,omitempty"`
	Flushes           int      `json:"flushes,omitzero"`
	StreamWindowBytes *int64   `json:"stream_window_bytes,omitempty"` // that a stream refers back at most
	StreamMemoryBytes *int64   `json:"stream_memory_bytes,omitempty"` // of one writer or reader at work
	StreamSetupNS     *int64   `json:"stream_setup_ns,omitempty"`     // wall time of a stream of one byte

	AllocsPerOp     *float64 `json:"allocs_per_op"`
	AllocBytesPerOp *float64 `json:"alloc_bytes_per_op"`

	PreparedRSSBytes *int64 `json:"prepared_rss_bytes"`     // after prepare, before the first slice
	PeakRSSBytes     *int64 `json:"peak_rss_bytes"`         // VmHWM, largest fork after the first, which checks what it computes
	MemoryBytes      *int64 `json:"memory_bytes,omitempty"` // that the cell added to an idle worker process, of the same forks
	Threads          *int   `json:"threads"`                // OS threads at the end, largest fork

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

// WholeRatio is the compression ratio of the whole corpus, an estimate where Lo and Hi
// are not Est; in results of earlier programs that of one pass. nil where there is none.
func (c *CellResult) WholeRatio() *Interval {
	switch {
	case c.CorpusRatio == nil && c.Ratio == nil:
		return nil
	case c.CorpusRatio == nil:
		return &Interval{Est: *c.Ratio}
	}
	iv := *c.CorpusRatio
	iv.Open = iv.Lo == nil || iv.Hi == nil
	return &iv
}

// Enlarges reports whether the cell makes the data visibly larger.
func (c *CellResult) Enlarges() bool {
	ratio := c.WholeRatio()
	return ratio != nil && ratio.Est < Enlarged
}

// Enlarged is what a compression ratio is below of data that are made visibly larger: from
// there on it is rounded to 1.00x, as frames of data that nobody can compress are larger
// by a few bytes.
const Enlarged = 0.995

// WireBytes is how many compressed bytes a flush sends on the mean, the end of the stream
// included; nil where nothing is flushed.
func (c *CellResult) WireBytes() *float64 {
	if c.Flushes <= 0 || c.BytesOut <= 0 {
		return nil
	}
	return Finite(float64(c.BytesOut) / float64(c.Flushes))
}

// ItemSums are sums over the items that a ratio is estimated from: those of one pass, or
// more of them where a pass is over less than a subset should have.
type ItemSums struct {
	Items  int   `json:"items"`
	In     int64 `json:"in"`      // uncompressed bytes
	Out    int64 `json:"out"`     // compressed bytes
	InIn   int64 `json:"in_in"`   // of the squares of the uncompressed sizes
	InOut  int64 `json:"in_out"`  // of the products of both sizes
	OutOut int64 `json:"out_out"` // of the squares of the compressed sizes
}

// A subset should have so many items and bytes for a speed to be that of the corpus
// and not of a few items.
const (
	SubsetItems = 16
	SubsetBytes = 1 << 20
)

// ShortSubset reports whether the cell worked on less of its corpus than a subset
// should have, which results of earlier programs do not tell.
func (c *CellResult) ShortSubset() bool {
	return c.CorpusItems > 0 && c.BytesIn > 0 && c.BytesIn < c.CorpusBytes && (c.Items < SubsetItems || c.BytesIn < SubsetBytes)
}

// Interval is an estimate and its interval at PlanInfo.Confidence. Lo and Hi
// are null where there are too few forks for one.
type Interval struct {
	Est float64  `json:"est"`
	Lo  *float64 `json:"lo"`
	Hi  *float64 `json:"hi"`
	// Open is set where Est is an estimate though nothing bounds it; else a figure of
	// a metric that may be exact is that where it has no Lo and Hi.
	Open bool `json:"-"`
}

// Latency is the distribution of times in microseconds.
type Latency struct {
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
	N   int64   `json:"n"` // how many were timed
}
