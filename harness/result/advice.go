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
	// Probability that no other is better than Cell, by the intervals of speeds. Ratios
	// are known.
	Probability float64 `json:"probability"`
	// Bounds are how far Cell keeps what was bounded, or Nearest where there is none; nil
	// where nothing was, or the cell lacks a figure.
	Bounds []Met  `json:"bounds,omitempty"`
	Words  string `json:"words,omitempty"` // all of it in a sentence, as reports has it
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
	// Forks are those that have the figure where it has no interval, ForksMissed the ones
	// of them that do not keep the bound.
	Forks       int `json:"forks,omitzero"`
	ForksMissed int `json:"forks_missed,omitzero"`
}
