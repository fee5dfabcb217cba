package result

import (
	"fmt"
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

// Key is one key=value pair of a cell's name.
type Key struct{ Name, Value string }

// Keys lists the keys that apply, in the order of names and columns.
func (c Cell) Keys() []Key {
	var keys []Key
	add := func(name, value string) {
		if value != "" {
			keys = append(keys, Key{name, value})
		}
	}
	number := func(name string, n int) {
		if n != 0 {
			add(name, strconv.Itoa(n))
		}
	}
	add("host", c.Host)
	add("scenario", c.Scenario)
	add("endpoint", c.Endpoint)
	add("corpus", c.Corpus)
	add("codec", c.Codec)
	number("level", c.Level)
	add("runner", c.Runner)
	number("workers", c.Workers)
	if c.Tasks != c.Workers {
		number("tasks", c.Tasks)
	}
	if c.Corpus != "" {
		add("block", BlockName(c.Block))
	}
	number("iters", c.Iters)
	number("rate", c.Rate)
	number("gomaxprocs", c.GOMAXPROCS)
	add("cpus", c.CPUs)
	add("env", c.Env)
	add("language", c.Language)
	add("build", c.Build)
	return keys
}

// Name joins the keys: "scenario=compress/corpus=logs/codec=klauspost/level=3/
// runner=pool/workers=2/block=65536". Values keep any byte they have; formats
// escape.
func (c Cell) Name() string {
	keys := c.Keys()
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = k.Name + "=" + k.Value
	}
	return strings.Join(parts, "/")
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
	return fmt.Sprintf("%s/%s/%s/%s/%d/%d/%d/%d/%d", c.Host, c.Scenario, c.Endpoint, c.Corpus, c.Block, c.Level, c.Iters, c.Tasks, c.Rate)
}
