package result

import (
	"slices"
	"time"

	"zstdshop/harness/machine"
)

// Method names the way in which a program is measured by itself.
const Method = "m7"

// Comparing names the way in which two programs are held against each other in a cell with
// so many workers: how turns are made and compared. Rows of a calibration count for the
// way that made them.
func Comparing(workers int) string {
	if workers > 1 {
		return "m9"
	}
	return "m6"
}

// Schema names the format of a Result's JSON.
const Schema = "zstdshop/result/v1"

// Result is one run: what was asked, on which machine, what came out, raw
// samples included. It is the only type that crosses from measuring to
// everything after it. Its JSON form is published (schema/result-v1.json); what does
// not apply is null.
type Result struct {
	// Sides is set where all cells and comparisons are of two sides held against each
	// other, and nil in the result of one program.
	Sides   *TwoSides    `json:"-"` // v1 has it among the warnings (legacy.go)
	Schema  string       `json:"schema"`
	Machine machine.Info `json:"machine"`
	Build   Build        `json:"build"`
	// Hosts are the machines where they are several, and nil in the result of one: then
	// Machine is of no one of them, and each cell says on which it was measured.
	Hosts       []Host       `json:"hosts,omitempty"`
	Shard       *Shard       `json:"shard,omitempty"` // nil in the result of a whole matrix
	Plan        PlanInfo     `json:"plan"`
	Cells       []CellResult `json:"cells"`
	Comparisons []Comparison `json:"comparisons"`
	Checks      []Check      `json:"checks,omitempty"` // of a gate; nil in other results
	// Recommendations answer what was asked with --recommend; nil in other results.
	Recommendations []Advice `json:"recommendations,omitempty"`
	// Answers are to what was asked with --question; nil in other results.
	Answers  []Answer  `json:"answers,omitempty"`
	Warnings []Warning `json:"warnings"`
}

// PlanInfo is what was asked for and how far it came.
type PlanInfo struct {
	Args []string `json:"args"` // the command line after the program's name
	// Others are the command lines of the other runs that were merged into this one.
	Others     [][]string `json:"-"`               // v1 has them in args (legacy.go)
	Seed       uint64     `json:"seed"`            // of the order of turns, and of subsets where Seeded
	Seeded     bool       `json:"seeded,omitzero"` // the seed was asked for; else the data draws the subsets
	Method     string     `json:"method"`          // of measuring: the constant Method of the program that did
	Budget     int64      `json:"budget_ns"`
	Precision  float64    `json:"precision"`      // 95 % half-width at which a cell stops, 0.02 for 2 %
	Confidence float64    `json:"confidence"`     // of the cells' intervals, 0.95
	Delta      float64    `json:"delta,omitzero"` // of equivalence; 0 in results of earlier programs
	Reference  string     `json:"reference"`      // name of the cell that those of its group are compared with; "" for all pairs
	// Calm is what earlier runs have told of the calm machine, as far as speeds were
	// brought to it; nil where there were none.
	Calm     []Calm    `json:"calm,omitempty"`
	Started  time.Time `json:"started"`
	Elapsed  int64     `json:"elapsed_ns"`
	Spent    *RunSpent `json:"spent,omitempty"` // nil in results of earlier programs, and of several runs
	Runs     int       `json:"runs,omitzero"`   // how many were put together; 0 is one, or in results of earlier programs not told
	Complete bool      `json:"complete"`        // false: interrupted, cells may be missing figures
}

// Calm is how fast the calm machine is, as runs have seen it.
type Calm struct {
	Lanes      int     `json:"lanes"` // sentinels that ran at once
	SentinelNS float64 `json:"sentinel_ns"`
	Runs       int     `json:"runs"` // how many have told
}

// Warning is something the reader must know to use the figures, and what to do
// about it. Cell is "" where it concerns the run.
type Warning struct {
	Cell string `json:"cell"`
	Code string `json:"code"` // short and stable, e.g. "few_forks"
	Text string `json:"text"`
}

// TwoSides is what the sides of a comparison are, each in words.
type TwoSides struct {
	Old string `json:"old"`
	New string `json:"new"`

	at int // where they stand among v1's warnings
}

// Describe tells the cells of r what their entries say of themselves. What a saved
// result names may be from another program, so this is of the program that shows it.
func (r *Result) Describe(known Catalogue) {
	for i := range r.Cells {
		r.Cells[i].About = AboutOf(r.Cells[i].Cell, known)
	}
}

// HostOf is the machine that a cell was measured on: that of the run where it is but one.
// Of a machine that the result names and does not describe, as results of earlier programs
// do, no more than the name is known.
func (r *Result) HostOf(c Cell) Host {
	if c.Host == "" {
		return Host{Machine: r.Machine, Build: r.Build}
	}
	if i := slices.IndexFunc(r.Hosts, func(h Host) bool { return h.Name == c.Host }); i >= 0 {
		return r.Hosts[i]
	}
	return Host{Name: c.Host, Machine: machine.Info{Host: c.Host}, Build: r.Build}
}

// Missing lists the units of the whole matrix that r lacks, wholly or in part; none in a
// result that is no shard.
func (r *Result) Missing() []Missing {
	if r.Shard == nil {
		return nil
	}
	return r.Shard.missing(r.Cells)
}

// NewCellResult is a cell without figures.
func NewCellResult(c Cell) CellResult {
	return CellResult{Cell: c, Name: c.Name(), Warnings: []string{}, Samples: []Fork{}}
}

// CellsWhere are the cells that fit, in order. The pointers are into r.
func (r *Result) CellsWhere(fits func(*CellResult) bool) (cells []*CellResult) {
	for i := range r.Cells {
		if c := &r.Cells[i]; fits(c) {
			cells = append(cells, c)
		}
	}
	return cells
}
