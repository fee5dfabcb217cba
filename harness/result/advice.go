package result

// Advice is which cell to take for a goal, for one unit: a scenario on a corpus in one block size.
type Advice struct {
	For      string  `json:"for"` // the goal, as asked for
	Scenario string  `json:"scenario"`
	Host     *string `json:"host,omitempty"`
	// Hosts are the machines where it is about several, of one kind or of all: then the
	// cells that it names are without a host.
	Hosts  []string `json:"hosts,omitempty"`
	Corpus *string  `json:"corpus"`
	Block  *int64   `json:"block"`
	// Endpoint and Stream are what else the cells work on; "" and 0 for most.
	Endpoint string `json:"endpoint,omitempty"`
	Stream   int64  `json:"stream,omitzero"`
	// Cell is the name of the one to take; "" where none reaches the floor, and then
	// Nearest is the one that comes closest.
	Cell     string    `json:"cell"`
	Nearest  string    `json:"nearest,omitempty"`
	Codec    string    `json:"codec"`
	Level    *int      `json:"level"`
	Dict     string    `json:"dict,omitempty"` // "" without a dictionary
	Runner   string    `json:"runner"`
	Workers  int       `json:"workers"`
	Ratio    float64   `json:"ratio"`
	MBPerS   *Interval `json:"mb_per_s"`
	RunnerUp string    `json:"runner_up,omitempty"` // best of the others; "" where there is none
	// ToldApart is set where no other cell may be as good. If not, Ties are the
	// others that may. Cell is the best by its figures, or the simplest of those that
	// are equivalent to it or nearly as probable to be it (Simpler): fewest workers, or
	// cores where its codec has threads of its own, single before pool before others,
	// lowest level, least memory.
	ToldApart bool     `json:"told_apart"`
	Ties      []string `json:"ties,omitempty"`
	Simpler   bool     `json:"simpler,omitzero"`
	// FewForks is set where the cells have too few forks for verdicts, and then nothing
	// is told apart.
	FewForks bool `json:"few_forks,omitzero"`
	// MayKeep are cells that would be better, or may be, and keep the bounds, but not beyond
	// doubt: the likeliest first.
	MayKeep []MayKeep `json:"may_keep,omitempty"`
	// Probability of all of it: that Cell keeps the bounds, and that no other that keeps
	// them is better, by intervals, forks and verdicts. Ratios are known.
	Probability float64 `json:"probability"`
	// Bounds are how far Cell keeps what was bounded, or Nearest where there is none; nil
	// where nothing was, or the cell lacks a figure.
	Bounds []Met  `json:"bounds,omitempty"`
	Words  string `json:"words,omitempty"` // all of it in a sentence, as reports has it
}

// MayKeep is a cell of which it is not told whether it keeps all bounds of a goal.
type MayKeep struct {
	Cell   string  `json:"cell"`   // its name
	Chance float64 `json:"chance"` // that it keeps them
	Bounds []Met   `json:"bounds"` // those that it does not keep beyond doubt
	// MoreNS is how many nanoseconds more might tell.
	MoreNS int64 `json:"more_ns,omitzero"`
}

// Met is how far a cell keeps a bound of a goal.
type Met struct {
	Asked    string   `json:"asked"`    // as in compress>=100MB/s
	Scenario string   `json:"scenario"` // of the cell that keeps it worst
	Metric   string   `json:"metric"`   // name of the figure
	Value    Interval `json:"value"`    // of it in base units: bytes a second, nanoseconds, bytes
	// Margin is how many times better than asked the figure is, by the worse end of its
	// interval; below 1 the bound is not kept beyond doubt.
	Margin float64 `json:"margin"`
	// Chance is how probable it is that the bound is kept, by every cell concerned; nil in
	// results of earlier programs.
	Chance *float64 `json:"chance,omitempty"`
	// Forks are those that have the figure where it has no interval, ForksMissed the ones
	// of them that do not keep the bound.
	Forks       int `json:"forks,omitzero"`
	ForksMissed int `json:"forks_missed,omitzero"`
}

// beyondDoubt is how probable it must be that a bound is kept where no interval says so.
const beyondDoubt = 0.975

// Kept reports whether the bound is kept beyond doubt: by the worse end of the interval,
// or where there is none by the forks.
func (m Met) Kept() bool {
	return m.Margin >= 1 && (m.Value.Lo != nil || m.Chance == nil || *m.Chance >= beyondDoubt)
}

// MayBeKept reports whether it is not beyond doubt either way.
func (m Met) MayBeKept() bool {
	return !m.Kept() && m.Chance != nil && *m.Chance > 1-beyondDoubt
}
