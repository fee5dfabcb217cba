// Package history keeps what runs found, so that slow changes show: every run
// with its commit, machine and versions, and its figures with their intervals.
//
// A Store is a SQLite file, or a PostgreSQL database that a team shares; both
// have one schema and give the same answers. FromResult makes a Run of a saved
// result, Store.Add keeps it, Store.Series reads what became of each cell, and
// Series.Changes finds where its level changed. Runs of different machines are
// never in one series.
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
	"zstdshop/stats"
)

// Run is one run as it is kept. Its JSON form is a line of an export.
type Run struct {
	ID        string            `json:"id"` // of its content: the same run is kept once
	Started   time.Time         `json:"started"`
	Commit    string            `json:"commit"` // "" where unknown
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
// there is none.
type Figure struct {
	Cell   string   `json:"cell"`
	Metric string   `json:"metric"`
	Est    float64  `json:"est"`
	Lo     *float64 `json:"lo"`
	Hi     *float64 `json:"hi"`
}

// Metrics lists the names of those that are kept, in the order of tables.
func Metrics() []string {
	var names []string
	for _, m := range kept() {
		names = append(names, m.History)
	}
	return names
}

// kept are the metrics that a run has figures of.
func kept() []result.Metric {
	return slices.DeleteFunc(result.Compared(), func(m result.Metric) bool { return m.History == "" })
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

// FromResult is the run of a result of one program. commit and branch take the
// place of what its build says where they are given. A comparison is refused: its
// sides are two programs.
func FromResult(r *result.Result, commit, branch string) (Run, error) {
	if r.Sides != nil {
		return Run{}, errors.New("it compares two programs: add results of `zstdshop bench`")
	}
	run := Run{Started: r.Plan.Started.UTC().Truncate(time.Millisecond), Commit: cmp.Or(commit, r.Build.Commit), Branch: branch,
		Dirty: r.Build.Dirty, Machine: r.Machine.Fingerprint, Host: strings.TrimSpace(r.Machine.CPU), Go: r.Build.Go,
		Libraries: r.Build.Libraries, Method: r.Plan.Method}
	if run.Libraries == nil {
		run.Libraries = map[string]string{}
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		if c.Status != result.StatusOK {
			continue
		}
		for _, m := range kept() {
			if iv := m.Published(c); iv != nil {
				run.Figures = append(run.Figures, Figure{c.Name, m.History, iv.Est, iv.Lo, iv.Hi})
			}
		}
	}
	if len(run.Figures) == 0 {
		return Run{}, errors.New("no cell of it has figures: measure again")
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

// Point is one run's value in a series.
type Point struct {
	Run     string
	Started time.Time
	Commit  string
	Branch  string
	Est     float64
	Lo, Hi  *float64
}

// Series is what became of one metric of one cell on one machine, oldest first.
type Series struct {
	Machine, Host string
	Cell, Metric  string
	Points        []Point
}

// Values are the estimates of the points.
func (s Series) Values() []float64 {
	out := make([]float64, len(s.Points))
	for i, p := range s.Points {
		out[i] = p.Est
	}
	return out
}

// ChangePoint is where a series' level changed: after Last, by First at the
// latest, so the cause is a commit after Last's and up to First's.
type ChangePoint struct {
	stats.Change
	Last, First Point
	Worse       bool
}

// Changes finds the change points of the series.
func (s Series) Changes(o stats.ChangeOptions) []ChangePoint {
	var out []ChangePoint
	for _, c := range stats.Changes(s.Values(), o) {
		out = append(out, ChangePoint{c, s.Points[c.Index-1], s.Points[c.Index], c.After > c.Before != metricOf(s.Metric).MoreIsBetter()})
	}
	return out
}

// byMachine are the series of each machine, in order of first appearance.
func byMachine(series []Series) [][]Series {
	return result.GroupBy(series, func(s Series) string { return s.Machine })
}
