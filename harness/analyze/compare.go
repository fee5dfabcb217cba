package analyze

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness/machine"
	"zstdshop/harness/result"
)

// Source is a result and what it is called in texts, such as its file.
type Source struct {
	Name   string
	Result *result.Result
}

// Compare makes one result of two of different runs: the cells that both have,
// as two sides, and what can be said of them. Nothing is known of how far one
// run of this machine is from the next, so times stay undecided; exact metrics
// are decided. The sides are only read, but share raw samples with the outcome.
//
// The plan says when and how the new side was measured; Args are the caller's
// to set. Errors wrap ErrUnusable or ErrNothingInCommon where that is why.
func Compare(old, new Source) (*result.Result, error) {
	for _, s := range []Source{old, new} {
		if err := s.isPlain(); err != nil {
			return nil, err
		}
	}
	if a, b := old.Result.Machine, new.Result.Machine; a.Fingerprint != b.Fingerprint {
		return nil, fmt.Errorf("%w machine: %s and %s were measured on machines that differ (%s); measure both on one",
			result.ErrUnusable, old.Name, new.Name, machineDifference(a, b))
	}
	r := &result.Result{Schema: result.Schema, Machine: new.Result.Machine, Build: new.Result.Build,
		Cells: []result.CellResult{}, Comparisons: []result.Comparison{}, Warnings: []result.Warning{}}
	r.Plan = result.PlanInfo{Args: []string{}, Seed: new.Result.Plan.Seed, Method: new.Result.Plan.Method, Confidence: new.Result.Plan.Confidence,
		Started: new.Result.Plan.Started, Complete: old.Result.Plan.Complete && new.Result.Plan.Complete}
	r.Sides = &result.TwoSides{Old: old.describe(), New: new.describe()}
	aboutRuns(r, old, new)
	if err := matchCells(r, old, new); err != nil {
		return nil, err
	}
	otherSeed := old.Result.Plan.Seed != new.Result.Plan.Seed
	completeSides(r, otherSeed)
	pairs := result.SidesOf(r)
	if !slices.ContainsFunc(pairs, func(s result.Sides) bool { return otherWork(s, otherSeed) == "" }) {
		return nil, fmt.Errorf("%s and %s worked on other data in every cell that both have (%s)", old.Name, new.Name, otherWork(pairs[0], otherSeed))
	}
	for _, s := range pairs {
		codec := s.Old.Codec
		same := s.Old.Digest == s.New.Digest || s.Old.Digest == "" || s.New.Digest == ""
		if !same && otherWork(s, otherSeed) == "" && old.Result.Build.Libraries[codec] == new.Result.Build.Libraries[codec] {
			r.Warnings = append(r.Warnings, result.Warning{Cell: s.New.Name, Code: "other_output",
				Text: "the output differs though the library has the same version: " + whyOtherOutput(s)})
		}
	}
	return r, nil
}

// whyOtherOutput is what can make one version of a library put out something else.
func whyOtherOutput(s result.Sides) string {
	if told(s.Old.ItemsDigest, s.New.ItemsDigest) {
		return "the data are the same, so the codec was changed"
	}
	return "other data of the same size, or a changed codec"
}

// isPlain refuses what is a comparison already, or of several machines.
func (s Source) isPlain() error {
	if slices.ContainsFunc(s.Result.Cells, func(c result.CellResult) bool { return c.Build != "" }) {
		return fmt.Errorf("%s is itself a comparison: `zstdshop report` shows it; name results of `zstdshop bench`", s.Name)
	}
	if slices.ContainsFunc(s.Result.Cells, func(c result.CellResult) bool { return c.Host != "" }) {
		return fmt.Errorf("%w machine: %s is of several machines, and nothing is compared across them; name the result of one",
			result.ErrUnusable, s.Name)
	}
	return nil
}

// AsBase tells before anything is measured whether a run of cells on here could be
// held against s at all; digests are of their corpora, by name. Errors wrap what those of
// Compare do, and ErrUnusable where all that both have worked on other data.
func (s Source) AsBase(cells []result.Cell, digests map[string]string, here machine.Info) error {
	if err := s.isPlain(); err != nil {
		return err
	}
	if then := s.Result.Machine; then.Fingerprint != here.Fingerprint {
		return fmt.Errorf("%w machine: %s was measured on another than this (%s); measure it again here",
			result.ErrUnusable, s.Name, machineDifference(then, here))
	}
	var names []string
	var both, sameData int
	var otherData string
	for _, c := range cells {
		names = append(names, c.Name())
		n := s.find(c.Name())
		if n < 0 {
			continue
		}
		both++
		if then := s.Result.Cells[n].CorpusDigest; differ(then, digests[c.Corpus]) {
			otherData = fmt.Sprintf("corpus %s had the digest %s then and has %s now", c.Corpus, short(then), short(digests[c.Corpus]))
		} else {
			sameData++
		}
	}
	switch {
	case both > 0 && sameData == 0:
		return fmt.Errorf("%w data: %s was measured on others than this run would be (%s); measure it again on these",
			result.ErrUnusable, s.Name, otherData)
	case both == 0:
		return fmt.Errorf("%w: %s has none of those to gate, such as %s; measure it again with the same cells",
			result.ErrNothingInCommon, s.Name, some(names))
	}
	return nil
}

// describe is what a reader wants to know of a side.
func (s Source) describe() string {
	return fmt.Sprintf("%s: %s; run of %s", s.Name, describeBuild(s.Result.Build), s.Result.Plan.Started.UTC().Format("2006-01-02T15:04:05Z"))
}

// matchCells copies the cells that both have, and says which one has alone.
func matchCells(r *result.Result, old, new Source) error {
	sources := []Source{old, new}
	var alone [2][]string
	names := map[string]string{} // side and old name of a cell -> its name in r
	for _, c := range old.Result.Cells {
		n := new.find(c.Name)
		if n < 0 {
			alone[0] = append(alone[0], c.Name)
			continue
		}
		for i, c := range []result.CellResult{c, new.Result.Cells[n]} {
			before := sideOf(i) + " " + c.Name
			c.Build = sideOf(i)
			c.Name = c.Cell.Name()
			names[before] = c.Name
			r.Cells = append(r.Cells, c)
		}
	}
	for _, c := range new.Result.Cells {
		if old.find(c.Name) < 0 {
			alone[1] = append(alone[1], c.Name)
		}
	}
	if len(r.Cells) == 0 {
		return fmt.Errorf("%w: %s has %s, %s has %s; measure the same cells", result.ErrNothingInCommon,
			old.Name, some(alone[0]), new.Name, some(alone[1]))
	}
	for i, s := range sources {
		if len(alone[i]) > 0 {
			r.Warnings = append(r.Warnings, result.Warning{Code: "only_" + sideOf(i),
				Text: fmt.Sprintf("only in %s, so not compared: %s", s.Name, strings.Join(alone[i], ", "))})
		}
		for _, w := range s.Result.Warnings {
			name, kept := names[sideOf(i)+" "+w.Cell]
			both := slices.Contains(sources[1-i].Result.Warnings, w)
			switch {
			case kept:
				w.Cell = name
			case w.Cell != "" || both && i == 1: // of a cell that is not here, or said with the old side's
				continue
			case !both:
				w.Text = sideOf(i) + ": " + w.Text
			}
			r.Warnings = append(r.Warnings, w)
		}
	}
	return nil
}

// find is the index of a cell; -1 where the source has none of that name.
func (s Source) find(name string) int {
	return slices.IndexFunc(s.Result.Cells, func(c result.CellResult) bool { return c.Name == name })
}

func sideOf(i int) string { return []string{result.SideOld, result.SideNew}[i] }

// some names the first of many.
func some(names []string) string {
	switch len(names) {
	case 0:
		return "none"
	case 1:
		return names[0]
	}
	return fmt.Sprintf("%s and %d more", names[0], len(names)-1)
}

// codeDataUntold is that of the warning about results that do not say which data they
// are of.
const codeDataUntold = "data_untold"

// untoldData names the corpora that cells of one name have in two results of which one
// has no digest.
func untoldData(a, b *result.Result) string {
	var names []string
	for _, c := range a.Cells {
		n := Source{Result: b}.find(c.Name)
		if n >= 0 && c.Corpus != "" && !told(c.CorpusDigest, b.Cells[n].CorpusDigest) && !slices.Contains(names, c.Corpus) {
			names = append(names, c.Corpus)
		}
	}
	return strings.Join(names, ", ")
}

// aboutRuns warns of what two runs, other than two sides of one, leave open.
func aboutRuns(r *result.Result, old, new Source) {
	a, b := old.Result, new.Result
	warn := func(code, text string) { r.Warnings = append(r.Warnings, result.Warning{Code: code, Text: text}) }
	warn("separate_runs", "these are two runs, and how far one run of this machine is from the next is not known, so no time is called faster, "+
		"slower or equivalent; run the programs side by side for that: zstdshop compare ./old-binary ./new-binary, with the flags of bench")
	if a.Plan.Started.Equal(b.Plan.Started) && a.Plan.Seed == b.Plan.Seed && a.Build.Binary == b.Build.Binary {
		warn("same_run", "both sides are the same run")
	} else if d := buildDifference(a.Build, b.Build); d != "" {
		warn("builds", "the programs differ in "+d)
	}
	if a.Plan.Method != b.Plan.Method {
		warn("method", fmt.Sprintf("old was measured by method %s, new by %s, which may account for any difference of times; measure both with one program", cmp.Or(a.Plan.Method, "none"), cmp.Or(b.Plan.Method, "none")))
	}
	if names := untoldData(a, b); names != "" {
		warn(codeDataUntold, "whether both worked on the same data is known by name and size alone ("+names+"): a result of an earlier program has no digest of it")
	}
	if d := settingsDifference(a.Machine, b.Machine); d != "" {
		warn("settings", "the machine was set up otherwise: "+d)
	}
}
