package harness

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness/machine"
)

// Sides of a comparison of two programs or of two results: what Cell.Build
// says of their cells.
const (
	SideOld = "old"
	SideNew = "new"
)

// Codes of the warnings that say what each side is.
const (
	CodeSideOld = "side_old"
	CodeSideNew = "side_new"
)

// BothSides is every cell twice, once a side, the old one first. The two are a
// group of their own, so they take turns with each other and are compared with
// nothing else.
func BothSides(cells []Cell) []Cell {
	out := make([]Cell, 0, 2*len(cells))
	for _, c := range cells {
		for _, side := range []string{SideOld, SideNew} {
			c.Build = side
			out = append(out, c)
		}
	}
	return out
}

// IsComparison tells whether r holds two sides against each other, and nothing
// else.
func IsComparison(r *Result) bool {
	return len(r.Cells) > 0 && !slices.ContainsFunc(r.Cells, func(c CellResult) bool {
		side := value(c.Build)
		return side != SideOld && side != SideNew
	})
}

// Sides is one cell as the two sides have it.
type Sides struct {
	Name     string      // of the cell, without its side
	Old, New *CellResult // one of them may be nil
}

// SidesOf pairs the cells of a comparison, in order of first appearance. The
// pointers are into r.
func SidesOf(r *Result) []Sides {
	var out []Sides
	at := map[string]int{}
	for i := range r.Cells {
		c := &r.Cells[i]
		side := value(c.Build)
		if side != SideOld && side != SideNew {
			continue
		}
		name := unsided(c)
		n, ok := at[name]
		if !ok {
			n = len(out)
			at[name] = n
			out = append(out, Sides{Name: name})
		}
		if side == SideOld {
			out[n].Old = c
		} else {
			out[n].New = c
		}
	}
	return out
}

func unsided(c *CellResult) string {
	cell := c.Cell()
	cell.Build = ""
	return cell.Name()
}

// ErrForeign is wrapped where two sides cannot be held against each other
// because of where they come from: another machine, another protocol.
var ErrForeign = errors.New("foreign")

// ErrNothingInCommon is wrapped where no cell of one result is in the other.
var ErrNothingInCommon = errors.New("no cell in common")

// Source is a result and what it is called in texts, such as its file.
type Source struct {
	Name   string
	Result *Result
}

// Compare makes one result of two of different runs: the cells that both have,
// as two sides, and what can be said of them. Nothing is known of how far one
// run of this machine is from the next, so times stay undecided; exact metrics
// are decided. The sides are only read, but share raw samples with the outcome.
//
// The plan says when and how the new side was measured; Args are the caller's
// to set. Errors wrap ErrForeign or ErrNothingInCommon where that is why.
func Compare(old, new Source) (*Result, error) {
	for _, s := range []Source{old, new} {
		if err := s.isPlain(); err != nil {
			return nil, err
		}
	}
	if a, b := old.Result.Machine, new.Result.Machine; a.Fingerprint != b.Fingerprint {
		return nil, fmt.Errorf("%w machine: %s and %s were measured on machines that differ (%s); measure both on one",
			ErrForeign, old.Name, new.Name, machineDifference(a, b))
	}
	r := &Result{Schema: Schema, Machine: new.Result.Machine, Build: new.Result.Build,
		Cells: []CellResult{}, Comparisons: []Comparison{}, Warnings: []Warning{}}
	r.Plan = PlanInfo{Args: []string{}, Seed: new.Result.Plan.Seed, Method: new.Result.Plan.Method, Confidence: new.Result.Plan.Confidence,
		Started: new.Result.Plan.Started, Complete: old.Result.Plan.Complete && new.Result.Plan.Complete}
	r.Warnings = append(r.Warnings,
		Warning{Code: CodeSideOld, Text: old.describe()}, Warning{Code: CodeSideNew, Text: new.describe()})
	r.aboutRuns(old, new)
	if err := r.match(old, new); err != nil {
		return nil, err
	}
	otherSeed := old.Result.Plan.Seed != new.Result.Plan.Seed
	completeSides(r, otherSeed)
	pairs := SidesOf(r)
	if !slices.ContainsFunc(pairs, func(s Sides) bool { return otherWork(s, otherSeed) == "" }) {
		return nil, fmt.Errorf("%s and %s worked on other data in every cell that both have (%s)", old.Name, new.Name, otherWork(pairs[0], otherSeed))
	}
	for _, s := range pairs {
		codec := value(s.Old.Codec)
		same := s.Old.Digest == s.New.Digest || s.Old.Digest == "" || s.New.Digest == ""
		if !same && otherWork(s, otherSeed) == "" && old.Result.Build.Libraries[codec] == new.Result.Build.Libraries[codec] {
			r.Warnings = append(r.Warnings, Warning{Cell: s.New.Name, Code: "other_output",
				Text: "the output differs though the library has the same version: other data of the same size, or a changed codec"})
		}
	}
	return r, nil
}

// isPlain refuses what is a comparison already.
func (s Source) isPlain() error {
	if slices.ContainsFunc(s.Result.Cells, func(c CellResult) bool { return c.Build != nil }) {
		return fmt.Errorf("%s is itself a comparison: `zstdshop report` shows it; name results of `zstdshop bench`", s.Name)
	}
	return nil
}

// AsBase tells before anything is measured whether a run of cells on here could be
// held against s at all. Errors wrap what those of Compare do.
func (s Source) AsBase(cells []Cell, here machine.Info) error {
	if err := s.isPlain(); err != nil {
		return err
	}
	if then := s.Result.Machine; then.Fingerprint != here.Fingerprint {
		return fmt.Errorf("%w machine: %s was measured on another than this (%s); measure it again here",
			ErrForeign, s.Name, machineDifference(then, here))
	}
	var names []string
	for _, c := range cells {
		names = append(names, c.Name())
	}
	if !slices.ContainsFunc(s.Result.Cells, func(c CellResult) bool { return slices.Contains(names, c.Name) }) {
		return fmt.Errorf("%w: %s has none of those to gate, such as %s; measure it again with the same cells",
			ErrNothingInCommon, s.Name, some(names))
	}
	return nil
}

// describe is what a reader wants to know of a side.
func (s Source) describe() string {
	return fmt.Sprintf("%s: %s; run of %s", s.Name, s.Result.Build.describe(), s.Result.Plan.Started.UTC().Format("2006-01-02T15:04:05Z"))
}

// match copies the cells that both have, and says which one has alone.
func (r *Result) match(old, new Source) error {
	var alone [2][]string
	names := map[string]string{} // side and old name of a cell -> its name in r
	take := func(c CellResult, side string) {
		before := c.Name
		c.Build = &side
		c.Name = c.Cell().Name()
		names[side+" "+before] = c.Name
		r.Cells = append(r.Cells, c)
	}
	find := func(in *Result, name string) int {
		return slices.IndexFunc(in.Cells, func(c CellResult) bool { return c.Name == name })
	}
	for _, c := range old.Result.Cells {
		n := find(new.Result, c.Name)
		if n < 0 {
			alone[0] = append(alone[0], c.Name)
			continue
		}
		take(c, SideOld)
		take(new.Result.Cells[n], SideNew)
	}
	for _, c := range new.Result.Cells {
		if find(old.Result, c.Name) < 0 {
			alone[1] = append(alone[1], c.Name)
		}
	}
	if len(r.Cells) == 0 {
		return fmt.Errorf("%w: %s has %s, %s has %s; measure the same cells", ErrNothingInCommon,
			old.Name, some(alone[0]), new.Name, some(alone[1]))
	}
	for i, s := range []Source{old, new} {
		if len(alone[i]) > 0 {
			r.Warnings = append(r.Warnings, Warning{Code: "only_" + sideOf(i), Text: fmt.Sprintf(
				"only in %s, so not compared: %s", s.Name, strings.Join(alone[i], ", "))})
		}
		for _, w := range s.Result.Warnings {
			if name, ok := names[sideOf(i)+" "+w.Cell]; ok {
				w.Cell = name
				r.Warnings = append(r.Warnings, w)
			} else if w.Cell == "" {
				both := slices.Contains(old.Result.Warnings, w) && slices.Contains(new.Result.Warnings, w)
				if both && i == 1 {
					continue // said with the old side's
				}
				if !both {
					w.Text = sideOf(i) + ": " + w.Text
				}
				r.Warnings = append(r.Warnings, w)
			}
		}
	}
	return nil
}

func sideOf(i int) string { return []string{SideOld, SideNew}[i] }

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

// aboutRuns warns of what two runs, other than two sides of one, leave open.
func (r *Result) aboutRuns(old, new Source) {
	a, b := old.Result, new.Result
	warn := func(code, text string) { r.Warnings = append(r.Warnings, Warning{Code: code, Text: text}) }
	warn("separate_runs", "these are two runs, and how far one run of this machine is from the next is not known, so no time is called faster, "+
		"slower or equivalent; run the programs side by side for that: zstdshop compare ./old-binary ./new-binary, with the flags of bench")
	if a.Plan.Started.Equal(b.Plan.Started) && a.Plan.Seed == b.Plan.Seed && a.Build.Binary == b.Build.Binary {
		warn("same_run", "both sides are the same run")
	} else if d := buildDifference(a.Build, b.Build); d != "" {
		warn("builds", "the programs differ in "+d)
	}
	if a.Plan.Method != b.Plan.Method {
		warn("method", fmt.Sprintf("old was measured by method %s, new by %s, which may account for any difference of times; measure both with one program", orNone(a.Plan.Method), orNone(b.Plan.Method)))
	}
	if d := settingsDifference(a.Machine, b.Machine); d != "" {
		warn("settings", "the machine was set up otherwise: "+d)
	}
}

// A difference is a list of what two things have otherwise.
type difference []string

func (d *difference) add(what, old, new string) {
	if old != new {
		*d = append(*d, fmt.Sprintf("%s (%s, then %s)", what, orNone(old), orNone(new)))
	}
}

func (d difference) String() string { return strings.Join(d, ", ") }

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// machineDifference names what makes two fingerprints differ.
func machineDifference(a, b machine.Info) string {
	var d difference
	d.add("system", a.OS, b.OS)
	d.add("architecture", a.Arch, b.Arch)
	d.add("CPU", a.CPU, b.CPU)
	d.add("CPUs", fmt.Sprint(a.CPUs), fmt.Sprint(b.CPUs))
	d.add("usable CPUs", fmt.Sprint(a.Usable), fmt.Sprint(b.Usable))
	d.add("CPU limit", fmt.Sprint(a.Quota), fmt.Sprint(b.Quota))
	d.add("SMT", a.SMT, b.SMT)
	d.add("hypervisor", a.Virtual, b.Virtual)
	if d == nil {
		d.add("fingerprint", a.Fingerprint, b.Fingerprint)
	}
	return d.String()
}

// settingsDifference names what may differ under one fingerprint and yet
// change the speed.
func settingsDifference(a, b machine.Info) string {
	var d difference
	d.add("kernel", a.Kernel, b.Kernel)
	d.add("governor", a.Governor, b.Governor)
	d.add("turbo", a.Turbo, b.Turbo)
	d.add("environment of Go", a.GoEnv, b.GoEnv)
	return d.String()
}
