package cli

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/goccy/go-yaml"

	"zstdshop/harness/analyze"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/internal/repo"
)

// acceptedFile is zstdshop.accepted.yaml: regressions that are known and wanted,
// for the reviewers of the change that brings them.
type acceptedFile struct {
	Accepted []acceptedEntry `yaml:"accepted"`
}

// acceptedEntry lets one metric of a cell change: by UpTo, new over old, or by More
// where the metric is counted. One of the two is set.
type acceptedEntry struct {
	Cell   string  `yaml:"cell"`
	Metric string  `yaml:"metric"`
	UpTo   float64 `yaml:"up_to,omitempty"`
	More   float64 `yaml:"more,omitempty"`
	Reason string  `yaml:"reason"`
	Base   string  `yaml:"base,omitempty"` // commit it was measured against
}

// same reports whether two entries accept the same change, whatever they say of why.
func (e acceptedEntry) same(o acceptedEntry) bool {
	e.Reason = o.Reason
	return e == o
}

// check reports what an entry lacks. A size that is no number would accept anything.
func (e acceptedEntry) check() error {
	size := e.UpTo + e.More
	switch {
	case e.Cell == "" || e.Metric == "" || e.Reason == "":
		return errors.New("want cell, metric and reason, and up_to or more")
	case (e.UpTo != 0) == (e.More != 0):
		return errors.New("want one of up_to (new over old) and more (of a metric that is counted)")
	case !(size > 0) || math.IsInf(size, 0):
		return errors.New("want a size above zero")
	}
	return nil
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
	if err := src.Decode(f, "accepted", "cell", "metric", "up_to", "more", "reason", "base"); err != nil {
		return nil, err
	}
	for i, e := range f.Accepted {
		if err := e.check(); err != nil {
			return nil, src.At(fmt.Sprintf("$.accepted[%d]", i), err)
		}
	}
	return f, nil
}

// entries are what may change. Entries that the base has are past: it is as they say,
// and another change of the same size is new.
func (f *acceptedFile) entries(ofBase *acceptedFile) []result.Accepted {
	var out []result.Accepted
	for _, e := range f.Accepted {
		past := slices.ContainsFunc(ofBase.Accepted, e.same)
		out = append(out, result.Accepted{Cell: e.Cell, Metric: e.Metric, Reason: e.Reason, UpTo: e.UpTo, More: e.More, Past: past})
	}
	return out
}

// acceptedAt reads the file as a commit has it. One that is damaged there has no
// entries that any gate went by.
func acceptedAt(ctx context.Context, commit, path string) (*acceptedFile, error) {
	if commit == "" {
		return new(acceptedFile), nil
	}
	path = followed(path)
	text, err := repo.At(filepath.Dir(path)).File(ctx, commit, filepath.Base(path))
	if err != nil {
		return nil, fmt.Errorf("--accepted %s as the base has it: %w", path, err)
	}
	f, err := parseAccepted(path, text)
	if err != nil {
		return new(acceptedFile), nil
	}
	return f, nil
}

// acceptInto writes the regressions of checks into the file and marks them.
func acceptInto(path string, checks []result.Check, reason, commit string) error {
	f, err := readAccepted(path)
	if err != nil {
		return err
	}
	added, err := f.accept(checks, reason, commit)
	if err != nil {
		return err
	}
	if err := f.write(path); err != nil {
		return err
	}
	analyze.Accept(checks, added.entries(new(acceptedFile)))
	return nil
}

// accept adds the regressions of checks, in the place of earlier ones of the same
// cell and metric, and returns what it added.
func (f *acceptedFile) accept(checks []result.Check, reason, commit string) (*acceptedFile, error) {
	added := new(acceptedFile)
	for _, c := range checks {
		if c.Outcome != result.OutcomeRegression || c.Change == nil {
			continue
		}
		e := acceptedEntry{Cell: c.Cell, Metric: c.Metric, Reason: reason, Base: commit}
		e.setSize(c)
		f.Accepted = slices.DeleteFunc(f.Accepted, func(old acceptedEntry) bool { return old.Cell == c.Cell && old.Metric == c.Metric })
		f.Accepted = append(f.Accepted, e)
		added.Accepted = append(added.Accepted, e)
	}
	if len(added.Accepted) == 0 {
		return nil, errors.New("--accept: there is no regression to accept")
	}
	return added, nil
}

// setSize accepts of a check what was found, and its limit once more for the next
// measurement.
func (e *acceptedEntry) setSize(c result.Check) {
	m, _ := result.MetricOf(c.Metric)
	switch {
	case m.MoreIsBetter():
		e.UpTo = c.Change.Est * 0.99
	case m.Compare == result.Counted && c.Old != nil && c.New != nil:
		e.More = *c.New - *c.Old + max(c.Limit, result.CountSlack)
	default:
		e.UpTo = c.Change.Est * (1 + c.Limit)
	}
}

func (f *acceptedFile) write(path string) error {
	text, err := yaml.Marshal(f)
	if err == nil {
		head := "# Regressions that are known and wanted; zstdshop gate --accept REASON adds to it.\n"
		err = writeFile(path, append([]byte(head), text...))
	}
	if err != nil {
		return fmt.Errorf("--accepted %s: %w", path, err)
	}
	return nil
}
