package analyze

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"zstdshop/harness/result"
)

// ErrTune is wrapped where a result says nothing of the choice between codecs.
var ErrTune = errors.New("no cell to choose by")

// Tune reads off a result which of the codecs named is for which size: what it
// recommends, where it recommends anything, or which is the fastest by the cells of
// the scenarios compress and decompress, by the names given, with one worker, at level
// 3 or the one nearest to it. A result that recommends codecs for one of the two and
// does not measure the other takes the same for both. The error wraps ErrTune.
func Tune(r *result.Result, compress, decompress string, codecs []string) (t result.Tuning, err error) {
	of := func(scenario, other string) ([]result.Choice, error) {
		if advised := advisedChoices(r, scenario, codecs); advised != nil {
			return advised, nil
		}
		choices, err := measuredChoices(r, scenario, codecs)
		if advised := advisedChoices(r, other, codecs); err != nil && advised != nil {
			return advised, nil
		}
		return choices, err
	}
	if t.Compress, err = of(compress, decompress); err == nil {
		t.Decompress, err = of(decompress, compress)
	}
	if err != nil {
		return result.Tuning{}, err
	}
	return t, nil
}

// advisedChoices are the recommended codecs by block size, but for advice to take a
// dictionary; of several for one size the first counts. They are nil where there is none.
func advisedChoices(r *result.Result, scenario string, codecs []string) []result.Choice {
	best := map[int64]string{}
	for _, a := range r.Recommendations {
		if a.Scenario != scenario || a.Dict != "" || a.Cell == "" || a.Block == nil || *a.Block == 0 || !slices.Contains(codecs, a.Codec) {
			continue
		}
		if _, ok := best[*a.Block]; !ok {
			best[*a.Block] = a.Codec
		}
	}
	return choicesOf(best)
}

// choicesOf turns the codec of each block size into ranges: the border between two
// sizes is half-way on the scale of ratios.
func choicesOf(best map[int64]string) []result.Choice {
	var out []result.Choice
	before := int64(0)
	for _, block := range slices.Sorted(maps.Keys(best)) {
		from := 0
		if before > 0 {
			from = int(math.Sqrt(float64(before) * float64(block)))
		}
		before = block
		if len(out) == 0 || out[len(out)-1].Codec != best[block] {
			out = append(out, result.Choice{From: from, Codec: best[block]})
		}
	}
	return out
}

// measuredChoices are the fastest codecs by block size. They are compared by the
// geometric mean over corpora; in a tie the one named first wins.
func measuredChoices(r *result.Result, scenario string, codecs []string) ([]result.Choice, error) {
	cells := r.CellsWhere(func(c *result.CellResult) bool {
		return c.Scenario == scenario && c.Dict == "" && c.Workers == 1 && c.Status == result.StatusOK && c.MBPerS != nil && c.MBPerS.Est > 0 &&
			c.HasLevel() && c.Corpus != "" && c.Block != 0 && slices.Contains(codecs, c.Codec)
	})
	if len(cells) == 0 {
		return nil, fmt.Errorf("%w: want cells of scenario %s with one worker (runner single) for some of %v, in blocks", ErrTune, scenario, codecs)
	}
	level := slices.MinFunc(cells, func(a, b *result.CellResult) int { return cmp.Compare(fromThree(a.Level), fromThree(b.Level)) }).Level
	cells = slices.DeleteFunc(cells, func(c *result.CellResult) bool { return c.Level != level })
	slices.SortStableFunc(cells, func(a, b *result.CellResult) int {
		return cmp.Compare(slices.Index(codecs, a.Codec), slices.Index(codecs, b.Codec))
	})
	best, top := map[int64]string{}, map[int64]float64{}
	for _, of := range result.GroupBy(cells, func(c *result.CellResult) result.Cell { return result.Cell{Block: c.Block, Codec: c.Codec} }) {
		sum := 0.0
		for _, c := range of {
			sum += math.Log(c.MBPerS.Est)
		}
		block, mean := of[0].Block, sum/float64(len(of))
		if best[block] == "" || mean > top[block] {
			best[block], top[block] = of[0].Codec, mean
		}
	}
	return choicesOf(best), nil
}

// fromThree is how far a level is from 3, which is what the shop compresses at
// unless told otherwise.
func fromThree(level int) int { return max(level-3, 3-level) }
