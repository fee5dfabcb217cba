package analyze

import (
	"cmp"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// A DictSeries is what one dictionary gains a codec over sizes of records.
type DictSeries struct {
	Codec  string
	Level  *int // nil where the codec has none
	Dict   string
	Corpus string // without the size of its records where they are of one length
	Points []DictPoint
}

// A DictPoint is one size of records.
type DictPoint struct {
	Bytes         float64 // of a record, the mean
	Without, With float64 // ratios
	// Gain is With over Without: how many times smaller frames are. Lo and Hi are Est
	// where both ratios are those of all records.
	Gain result.Interval
}

// DictSeriesOf pairs the cells with a dictionary with those without that compress the
// same records, sizes ascending.
func DictSeriesOf(r *result.Result) []DictSeries {
	compresses := func(c *result.CellResult) bool {
		return c.About.Scenario.Compresses && c.Items > 0 && c.Status == result.StatusOK && c.WholeRatio() != nil
	}
	type work struct {
		cell   result.Cell // codec, level, corpus, block and dictionary
		digest string
	}
	workOf := func(c *result.CellResult, dict string) work {
		return work{result.Cell{Codec: c.Codec, Level: c.Level, LevelZero: c.LevelZero, Corpus: c.Corpus, Block: c.Block, Dict: dict}, c.CorpusDigest}
	}
	cells := map[work]*result.CellResult{}
	for _, c := range r.CellsWhere(compresses) {
		if at := workOf(c, c.Dict); cells[at] == nil {
			cells[at] = c
		}
	}
	var all []DictSeries
	seen := map[work]bool{}
	for _, c := range r.CellsWhere(compresses) {
		without := cells[workOf(c, "")]
		if c.Dict == "" || without == nil || seen[workOf(c, c.Dict)] {
			continue
		}
		seen[workOf(c, c.Dict)] = true
		s := DictSeries{Codec: c.Codec, Dict: c.Dict, Corpus: lengthless(c.Corpus)}
		if c.HasLevel() {
			s.Level = &c.Level
		}
		at := slices.IndexFunc(all, func(o DictSeries) bool {
			return o.Codec == s.Codec && o.Dict == s.Dict && o.Corpus == s.Corpus && result.Value(o.Level) == result.Value(s.Level)
		})
		if at < 0 {
			all, at = append(all, s), len(all)
		}
		all[at].Points = append(all[at].Points, dictPoint(without, c))
	}
	for _, s := range all {
		slices.SortStableFunc(s.Points, func(a, b DictPoint) int { return cmp.Compare(a.Bytes, b.Bytes) })
	}
	return all
}

// lengthless is the name of a corpus without the length of its records.
func lengthless(corpus string) string {
	at := strings.LastIndexByte(corpus, '-')
	if at < 1 || strings.Trim(corpus[at+1:], "0123456789") != "" {
		return corpus
	}
	return corpus[:at]
}

func dictPoint(without, with *result.CellResult) DictPoint {
	a, b := without.WholeRatio(), with.WholeRatio()
	p := DictPoint{Bytes: float64(with.BytesIn) / float64(with.Items), Without: a.Est, With: b.Est, Gain: result.Interval{Est: b.Est / a.Est}}
	if a.Lo != nil && a.Hi != nil && b.Lo != nil && b.Hi != nil && *a.Lo > 0 {
		lo, hi := *b.Lo / *a.Hi, *b.Hi / *a.Lo
		p.Gain.Lo, p.Gain.Hi = &lo, &hi
	}
	return p
}

// Pays tells for which sizes the dictionary pays, by more than delta: for records of up
// to to bytes, and from from bytes on it does not, beyond doubt. What lies between is
// not known. to is 0 where it pays for none, and from where it is not known to end.
func (s DictSeries) Pays(delta float64) (to, from float64) {
	for _, p := range s.Points {
		if p.Gain.Lo == nil || *p.Gain.Lo <= 1+delta {
			break
		}
		to = p.Bytes
	}
	for _, p := range slices.Backward(s.Points) {
		if p.Gain.Hi == nil || *p.Gain.Hi > 1+delta {
			break
		}
		from = p.Bytes
	}
	return to, from
}
