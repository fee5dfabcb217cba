package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/goccy/go-yaml"

	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

// acceptedFile is zstdshop.accepted.yaml: regressions that are known and wanted,
// for the reviewers of the change that brings them.
type acceptedFile struct {
	Accepted []acceptedEntry `yaml:"accepted"`
}

// acceptedEntry lets one metric of a cell change by UpTo, new over old.
type acceptedEntry struct {
	Cell   string  `yaml:"cell"`
	Metric string  `yaml:"metric"`
	UpTo   float64 `yaml:"up_to"`
	Reason string  `yaml:"reason"`
	Base   string  `yaml:"base,omitempty"` // commit it was measured against
}

// readAccepted reads path; a file that does not exist has no entries.
func readAccepted(path string) (*acceptedFile, error) {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return new(acceptedFile), nil
	case err != nil:
		return nil, fmt.Errorf("--accepted %s: %w", path, reason(err))
	}
	return parseAccepted(path, text)
}

func parseAccepted(path string, text []byte) (*acceptedFile, error) {
	f := new(acceptedFile)
	src := plan.YAML{Name: path, Text: text}
	if err := src.Decode(f, "accepted", "cell", "metric", "up_to", "reason", "base"); err != nil {
		return nil, err
	}
	for i, e := range f.Accepted {
		if e.Cell == "" || e.Metric == "" || e.Reason == "" || e.UpTo <= 0 {
			return nil, src.At(fmt.Sprintf("$.accepted[%d]", i), errors.New("want cell, metric, up_to and reason"))
		}
	}
	return f, nil
}

func (f *acceptedFile) entries() []result.Accepted {
	var out []result.Accepted
	for _, e := range f.Accepted {
		out = append(out, result.Accepted{Cell: e.Cell, Metric: e.Metric, Reason: e.Reason, UpTo: e.UpTo})
	}
	return out
}

// accept adds the regressions of checks, in the place of earlier ones of the same
// cell and metric.
func (f *acceptedFile) accept(checks []result.Check, reason, commit string) error {
	found := false
	for _, c := range checks {
		if c.Outcome != result.OutcomeRegression || c.Change == nil {
			continue
		}
		found = true
		e := acceptedEntry{Cell: c.Cell, Metric: c.Metric, Reason: reason, Base: commit, UpTo: acceptable(c)}
		at := slices.IndexFunc(f.Accepted, func(old acceptedEntry) bool { return old.Cell == c.Cell && old.Metric == c.Metric })
		if at < 0 {
			f.Accepted = append(f.Accepted, e)
		} else {
			f.Accepted[at] = e
		}
	}
	if !found {
		return errors.New("--accept: there is no regression to accept")
	}
	return nil
}

// acceptable is the change that is accepted of a check: what was found, and its
// limit once more for the next measurement.
func acceptable(c result.Check) float64 {
	m, _ := result.MetricOf(c.Metric)
	switch {
	case m.MoreIsBetter():
		return c.Change.Est * 0.99
	case m.Compare == result.Counted:
		return c.Change.Est * 1.01
	}
	return c.Change.Est * (1 + c.Limit)
}

func (f *acceptedFile) write(path string) error {
	text, err := yaml.Marshal(f)
	if err == nil {
		head := "# Regressions that are known and wanted; zstdshop gate --accept REASON adds to it.\n"
		err = replace(path, append([]byte(head), text...))
	}
	if err != nil {
		return fmt.Errorf("--accepted %s: %w", path, err)
	}
	return nil
}
