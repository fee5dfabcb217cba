package analyze

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// Corpora are named by their files, so results that are put together may have one name
// for several data. dataOf tells them apart, and says what results leave open.

// Codes of the warnings about data that share a name.
const (
	codeOtherData    = "other_data"
	codeOtherSamples = "other_samples"
)

// corpusID is what is known of the data of a cell: its digest, else its size alone.
type corpusID struct {
	digest string
	bytes  int64
}

// suffix tells a corpus apart from another one of its name.
func (id corpusID) suffix() string {
	if id.digest != "" {
		return "~" + id.digest[:min(len(id.digest), 8)]
	}
	return fmt.Sprintf("~%d", id.bytes)
}

func idOf(c *result.CellResult) corpusID { return corpusID{c.CorpusDigest, c.CorpusBytes} }

// sharedName is a corpus name with all the data that results have by it.
type sharedName struct {
	ids     []corpusID
	from    [][]string          // of each, the results that have it
	samples map[string][]string // digests of what was worked on, by unit: nothing is compared across
}

// dataOf finds the corpora of results by their names.
func dataOf(results []*result.Result, names []string) (order []string, shared map[string]*sharedName) {
	shared = map[string]*sharedName{}
	for i, r := range results {
		for j := range r.Cells {
			c := &r.Cells[j]
			if c.Corpus == "" {
				continue
			}
			s := shared[c.Corpus]
			if s == nil {
				s = &sharedName{samples: map[string][]string{}}
				shared[c.Corpus] = s
				order = append(order, c.Corpus)
			}
			at := slices.Index(s.ids, idOf(c))
			if at < 0 {
				at = len(s.ids)
				s.ids, s.from = append(s.ids, idOf(c)), append(s.from, nil)
			}
			s.from[at] = withName(s.from[at], names[i])
			if c.ItemsDigest != "" {
				unit := c.UnitName()
				s.samples[unit] = withName(s.samples[unit], c.ItemsDigest)
			}
		}
	}
	return order, shared
}

func withName(all []string, name string) []string {
	if slices.Contains(all, name) {
		return all
	}
	return append(all, name)
}

// differs reports whether the data are known to be several.
func (s *sharedName) differs() bool {
	return slices.ContainsFunc(s.ids, func(id corpusID) bool {
		first := s.ids[0]
		return differ(id.digest, first.digest) || id.bytes != first.bytes
	}) || len(s.ids) > 2 // two digests, and one that is not told
}

// warnings says what a reader of a merged result must know of one corpus.
func (s *sharedName) warnings(corpus string) []result.Warning {
	switch {
	case s.differs():
		var parts []string
		for i, id := range s.ids {
			parts = append(parts, fmt.Sprintf("%s of %s", corpus+id.suffix(), strings.Join(s.from[i], ", ")))
		}
		return []result.Warning{{Code: codeOtherData, Text: fmt.Sprintf(
			"corpus %s is other data in some of the results, so they are told apart and not compared: %s", corpus, strings.Join(parts, "; "))}}
	case len(s.ids) > 1 || s.ids[0].digest == "" && len(s.from[0]) > 1:
		return []result.Warning{{Code: codeDataUntold, Text: fmt.Sprintf(
			"corpus %s is taken for the same data in all results by its name and size alone: a result of an earlier program has no digest of it", corpus)}}
	}
	for _, unit := range slices.Sorted(maps.Keys(s.samples)) {
		if len(s.samples[unit]) > 1 {
			return []result.Warning{{Code: codeOtherSamples, Text: fmt.Sprintf(
				"the results worked on other samples of corpus %s in %s, which differ in ratio and speed by themselves: measure all with one --seed and --budget", corpus, unit)}}
		}
	}
	return nil
}

// tellApart gives a cell a corpus of its own where its name stands for several data.
func tellApart(c *result.CellResult, shared map[string]*sharedName) {
	if s := shared[c.Corpus]; s != nil && s.differs() {
		c.Corpus += idOf(c).suffix()
	}
}
