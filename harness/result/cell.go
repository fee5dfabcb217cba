package result

import (
	"strconv"
	"strings"
)

// Cell is one row of a table: what is measured and under which conditions. It
// is a plain comparable value. A key that does not apply is "" or 0.
type Cell struct {
	Scenario string `json:"scenario"`
	Corpus   string `json:"corpus,omitempty"`
	Codec    string `json:"codec,omitempty"`
	Level    int    `json:"level,omitempty"` // as asked for, zstd scale; 0: the codec has none
	Runner   string `json:"runner"`
	Workers  int    `json:"workers"`
	// Tasks is the number of tasks of a pass where the scenario counts them by
	// workers asked for (cpuburn); else 0. It is the same as Workers except
	// under a runner that has fewer.
	Tasks int `json:"tasks,omitempty"`
	// Block is the most bytes of one item; 0 with a corpus means whole files.
	Block    int64  `json:"block,omitempty"`
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

// BlockName prints a block size as it stands in names: bytes, or "whole".
func BlockName(block int64) string {
	if block == 0 {
		return "whole"
	}
	return strconv.FormatInt(block, 10)
}

// Arm is the name of the program that works; "" this one.
func (c Cell) Arm() string {
	if c.Build != "" {
		return c.Build
	}
	return c.Language
}

// Group is what cells must share to be compared with each other: the work, or
// everything but the build where two programs are compared.
func (c Cell) Group() string {
	if c.Build != "" {
		c.Build = ""
		return c.Name()
	}
	var parts []string
	for _, k := range keys {
		if k.Kind == Data || k.work {
			parts = append(parts, k.Raw(c))
		}
	}
	return strings.Join(parts, "\x00")
}
