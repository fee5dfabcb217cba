package result

// Cell is one row of a table: what is measured and under which conditions. It
// is a plain comparable value. A key that does not apply is "" or 0.
type Cell struct {
	Scenario string `json:"scenario"`
	Corpus   string `json:"corpus,omitempty"`
	Codec    string `json:"codec,omitempty"`
	Level    int    `json:"level,omitempty"` // as asked for, on the codec's scale
	// LevelZero is set where the level asked for is 0, which some codecs have; else
	// Level 0 is none.
	LevelZero bool `json:"level_zero,omitempty"`
	// Dict is the dictionary: what TrainName returns, the name of a file, or "" for none.
	Dict    string `json:"dict,omitempty"`
	Runner  string `json:"runner"`
	Workers int    `json:"workers"`
	// Tasks is the number of tasks of a pass where the scenario counts them by
	// workers asked for (cpuburn); else 0. It is the same as Workers except
	// under a runner that has fewer.
	Tasks int `json:"tasks,omitempty"`
	// Block is the most bytes of one item, or of one write or read where items are
	// streams; 0 with a corpus means whole files.
	Block    int64  `json:"block,omitempty"`
	Stream   int64  `json:"stream,omitempty"` // most bytes of an item where items are streams; else 0
	Iters    int    `json:"iters,omitempty"`
	Endpoint string `json:"endpoint,omitempty"` // where requests go
	// Rate is how many tasks a second are planned; 0 where each follows the one
	// before (closed loop).
	Rate       int    `json:"rate,omitempty"`
	GOMAXPROCS int    `json:"gomaxprocs,omitempty"` // asked for by flag; 0: the runner's own
	CPUs       string `json:"cpus,omitempty"`       // affinity list such as "0-1"; "": all
	Env        string `json:"env,omitempty"`        // "GOGC=100", several joined by ","
	Language   string `json:"language,omitempty"`   // of the worker, by its Arm's name; "": this program
	Host       string `json:"host,omitempty"`       // where it ran, in a result of several machines; else ""
	Build      string `json:"build,omitempty"`      // the program that works, by its Arm's name; "": this one
}

// HasLevel reports whether the cell's codec was asked for a level.
func (c Cell) HasLevel() bool { return c.Level != 0 || c.LevelZero }

// SetLevel asks for a level.
func (c *Cell) SetLevel(level int) { c.Level, c.LevelZero = level, level == 0 }

// ItemBytes is the most bytes of one item; 0 with a corpus means whole files.
func (c Cell) ItemBytes() int64 {
	if c.Stream > 0 {
		return c.Stream
	}
	return c.Block
}

// Arm is the name of the program that works; "" this one.
func (c Cell) Arm() string {
	if c.Build != "" {
		return c.Build
	}
	return c.Language
}
