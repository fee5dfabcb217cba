// Package history keeps what runs found, so that slow changes show: every run
// with its commit, machine and versions, and its figures with their intervals.
//
// A Store is a SQLite file, or a PostgreSQL database that a team shares; both
// have one schema and give the same answers. FromResult makes a Run of a saved
// result, Store.Add keeps it, Store.Series reads what became of each cell, and
// Series.Changes finds where its level changed. A series is of one machine and one
// branch, in the order of the commits, and no change is looked for between runs on
// different data.
//
// What Add has returned from without an error survives the end of the process or
// of the machine, a full disk and other writers.
package history

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"zstdshop/harness/result"
)

// Run is one run as it is kept. Its JSON form is a line of an export.
type Run struct {
	ID      string    `json:"id"` // of its content: the same run is kept once
	Started time.Time `json:"started"`
	Commit  string    `json:"commit"` // "" where unknown
	// Committed is when the commit was made; zero where unknown.
	Committed time.Time         `json:"committed,omitzero"`
	Branch    string            `json:"branch"`
	Dirty     bool              `json:"dirty"` // the working tree was changed
	Machine   string            `json:"machine"`
	Host      string            `json:"host"` // what the machine is, for people
	Go        string            `json:"go"`
	Libraries map[string]string `json:"libraries"` // codec -> library and version
	Method    string            `json:"method"`    // of measuring
	Figures   []Figure          `json:"figures"`
}

// Figure is one metric of one cell. Lo and Hi are the 95 % interval, null where
// there is none. Data identifies what the cell worked on (result.CellResult.ItemsDigest);
// "" without a corpus, and of earlier programs.
type Figure struct {
	Cell   string   `json:"cell"`
	Metric string   `json:"metric"`
	Est    float64  `json:"est"`
	Lo     *float64 `json:"lo"`
	Hi     *float64 `json:"hi"`
	Data   string   `json:"data,omitempty"`
}

// Metrics lists the names of those that are kept, in the order of tables.
func Metrics() []string {
	var names []string
	for _, m := range kept() {
		names = append(names, m.History)
	}
	return names
}

// kept are the metrics that a run has figures of: those that are compared, in the order
// of checks, then those that are not.
func kept() []result.Metric {
	others := slices.DeleteFunc(result.Metrics(), func(m result.Metric) bool { return m.Key != "" })
	return slices.DeleteFunc(append(result.Compared(), others...), func(m result.Metric) bool { return m.History == "" })
}

// metricOf looks a metric up by its name here; the zero value for one that is not kept.
func metricOf(name string) (m result.Metric) {
	for _, m := range kept() {
		if m.History == name {
			return m
		}
	}
	return m
}

// Origin is what of a run its result does not say, or says otherwise.
type Origin struct {
	Commit, Branch string    // "": as the build has it, unknown
	Committed      time.Time // zero: unknown
}

// FromResult is the runs of a result of one program, from where it is: one of each
// machine, under the names that its cells have on any, since a series is of one machine
// already. A comparison is refused: its sides are two programs.
func FromResult(r *result.Result, from Origin) ([]Run, error) {
	if r.Sides != nil {
		return nil, errors.New("it compares two programs: add results of `zstdshop bench`")
	}
	measured := r.CellsWhere(func(c *result.CellResult) bool { return c.Status == result.StatusOK })
	var runs []Run
	for _, cells := range result.GroupBy(measured, func(c *result.CellResult) string { return c.Host }) {
		run, err := runOn(r, r.HostOf(cells[0].Cell), cells, from)
		if err != nil {
			return nil, err
		}
		if len(run.Figures) > 0 {
			runs = append(runs, run)
		}
	}
	if len(runs) == 0 {
		return nil, errors.New("no cell of it has figures: measure again")
	}
	return runs, nil
}

// runOn is the run of the cells of a result that one machine has measured.
func runOn(r *result.Result, on result.Host, cells []*result.CellResult, from Origin) (Run, error) {
	run := Run{Started: r.Plan.Started.UTC().Truncate(time.Millisecond), Commit: cmp.Or(from.Commit, on.Build.Commit), Branch: from.Branch,
		Committed: from.Committed.UTC().Truncate(time.Second),
		Dirty:     on.Build.Dirty, Machine: on.Machine.Fingerprint, Host: strings.TrimSpace(on.Machine.CPU), Go: on.Build.Go,
		Libraries: on.Build.Libraries, Method: r.Plan.Method}
	if run.Libraries == nil {
		run.Libraries = map[string]string{}
	}
	for _, c := range cells {
		for _, m := range kept() {
			if iv := m.Published(c); iv != nil {
				run.Figures = append(run.Figures, Figure{c.Cell.Unhosted(), m.History, iv.Est, iv.Lo, iv.Hi, c.ItemsDigest})
			}
		}
	}
	var err error
	run.ID, err = run.digest()
	return run, err
}

// digest names a run by its content.
func (r Run) digest() (string, error) {
	r.ID = ""
	text, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("history: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8]), nil
}

// check refuses a run that was damaged on its way here.
func (r Run) check() error {
	switch {
	case r.Started.IsZero():
		return errors.New("it has no time")
	case r.Machine == "":
		return errors.New("it has no machine")
	case len(r.Figures) == 0:
		return errors.New("it has no figures")
	}
	for _, f := range r.Figures {
		if f.Cell == "" || metricOf(f.Metric).Name == "" || math.IsNaN(f.Est) || math.IsInf(f.Est, 0) {
			return fmt.Errorf("figure %q of cell %q is none that is kept", f.Metric, f.Cell)
		}
	}
	id, err := r.digest()
	if err == nil && id != r.ID {
		err = fmt.Errorf("its content does not belong to its id %q", r.ID)
	}
	return err
}
