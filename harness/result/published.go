package result

import (
	"fmt"
	"math"
)

// Published flattens a cell's keys.
func Published(c Cell) CellResult {
	out := CellResult{
		Name: c.Name(), Scenario: c.Scenario, Corpus: Text(c.Corpus), Codec: Text(c.Codec), Level: Number(c.Level),
		Runner: c.Runner, Workers: c.Workers, Tasks: Number(c.Tasks), Iters: Number(c.Iters),
		Endpoint: Text(c.Endpoint), Rate: Number(c.Rate), CPUs: Text(c.CPUs), Env: Text(c.Env), Language: Text(c.Language), Host: Text(c.Host), Build: Text(c.Build),
		GOMAXPROCSAsked: Number(c.GOMAXPROCS), Warnings: []string{}, Samples: []Fork{},
	}
	if c.Corpus != "" {
		block := c.Block
		out.Block = &block
	}
	return out
}

// Cell returns the keys of a published cell.
func (c CellResult) Cell() Cell {
	out := Cell{Scenario: c.Scenario, Corpus: Value(c.Corpus), Codec: Value(c.Codec), Level: Value(c.Level), Runner: c.Runner,
		Workers: c.Workers, Tasks: Value(c.Tasks), Block: Value(c.Block), Iters: Value(c.Iters),
		Endpoint: Value(c.Endpoint), Rate: Value(c.Rate), CPUs: Value(c.CPUs), Env: Value(c.Env), Language: Value(c.Language), Host: Value(c.Host), Build: Value(c.Build),
		GOMAXPROCS: Value(c.GOMAXPROCSAsked)}
	return out
}

func Text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func Number(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

func Value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// Finite keeps infinities out of JSON.
func Finite(v float64) *float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return nil
	}
	return &v
}

func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
