package plan

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"zstdshop/harness/result"
	"zstdshop/scenarios/corpus"
)

// A Unit is a part of a plan that can be measured apart from the others, because
// nothing in it is compared with anything outside of it: all cells that work on the
// same. It is a plan of its own, with a budget of its own. Its warnings are none: those
// of the whole plan are about what was asked for.
type Unit struct {
	// ID is of what the unit holds, cells and contents of data and dictionaries: it is
	// the same in every process that is asked for the same work, whatever other units
	// there are and in whichever order, and however long it may take.
	ID   string
	Name string // the keys that its cells share, as in a cell's name (result.Cell.UnitName)
	*Plan
}

// Units cuts p, in the order of its cells. Each has the budget of p.
func (p *Plan) Units() []Unit {
	var units []Unit
	for _, cells := range result.GroupBy(p.Cells, result.Cell.UnitName) {
		part := p.part(cells)
		units = append(units, Unit{ID: part.id(), Name: cells[0].UnitName(), Plan: part})
	}
	return units
}

// part is p with some of its cells, and of all else what these need.
func (p *Plan) part(cells []result.Cell) *Plan {
	has := func(fits func(result.Cell) bool) bool { return slices.ContainsFunc(cells, fits) }
	part := *p
	part.Cells, part.Warnings, part.Reference = cells, []result.Warning{}, ""
	part.Corpora = slices.DeleteFunc(slices.Clone(p.Corpora), func(data *corpus.Corpus) bool {
		return !has(func(c result.Cell) bool { return c.Corpus == data.Name })
	})
	part.Workers = slices.DeleteFunc(slices.Clone(p.Workers), func(w Worker) bool {
		return !has(func(c result.Cell) bool { return c.Language == w.Name })
	})
	part.Dicts = maps.Clone(p.Dicts)
	maps.DeleteFunc(part.Dicts, func(name string, _ []byte) bool {
		return !has(func(c result.Cell) bool { return c.Dict == name })
	})
	part.Limits = map[string]result.Limits{}
	for _, c := range cells {
		part.Limits[c.Name()] = p.Limits[c.Name()]
	}
	if has(func(c result.Cell) bool { return c.Name() == p.Reference }) {
		part.Reference = p.Reference
	}
	return &part
}

// id is a digest of what p measures. The text that is hashed carries a version: another
// text makes other ids, and processes that disagree about them do not work together.
func (p *Plan) id() string {
	sum := sha256.New()
	say := func(format string, args ...any) { fmt.Fprintf(sum, format+"\n", args...) }
	say("unit 1")
	for _, c := range slices.SortedFunc(slices.Values(p.Cells), func(a, b result.Cell) int { return cmp.Compare(a.Name(), b.Name()) }) {
		say("cell %q", c.Name())
	}
	for _, c := range slices.SortedFunc(slices.Values(p.Corpora), func(a, b *corpus.Corpus) int { return cmp.Compare(a.Name, b.Name) }) {
		say("corpus %q %s", c.Name, c.Digest())
	}
	for _, name := range slices.Sorted(maps.Keys(p.Dicts)) {
		say("dictionary %q %x", name, sha256.Sum256(p.Dicts[name]))
	}
	if p.Seeded {
		say("seed %d", p.Seed)
	}
	if p.Reference != "" {
		say("reference %q", p.Reference)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
