package server

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"zstdshop/harness/result"
)

// Tuning chooses a codec by the size of the text: small ones pay for a call into
// C, large ones gain from it. Sizes are ascending.
type Tuning struct {
	Compress, Decompress []Choice
}

// Choice is the codec for texts of From bytes and more, up to the next choice's.
type Choice struct {
	From  int
	Codec string
}

// String lists the choices: compress from 0 bytes klauspost, from 4096 datadog; ...
func (t Tuning) String() string {
	told := func(name string, choices []Choice) string {
		for i, c := range choices {
			sep, unit := ", from ", ""
			if i == 0 {
				sep, unit = " from ", " bytes"
			}
			name += fmt.Sprintf("%s%d%s %s", sep, c.From, unit, c.Codec)
		}
		return name
	}
	return told("compress", t.Compress) + "; " + told("decompress", t.Decompress)
}

// ErrTune is wrapped where a result says nothing of the choice between codecs.
var ErrTune = errors.New("no cell to choose by")

// Tune reads off a result which of the codecs named is for which size: what it
// recommends, where it recommends anything, or which is the fastest by the cells of
// the scenarios compress and decompress with one worker, at level 3 or the one
// nearest to it. A result that recommends codecs for one of the two and does not
// measure the other takes the same for both. The error wraps ErrTune.
func Tune(r *result.Result, codecs []string) (Tuning, error) {
	advised := map[string][]Choice{}
	for _, scenario := range []string{"compress", "decompress"} {
		advised[scenario] = advisedChoices(r, scenario, codecs)
	}
	of := func(scenario, other string) ([]Choice, error) {
		if advised[scenario] != nil {
			return advised[scenario], nil
		}
		choices, err := tune(r, scenario, codecs)
		if err != nil && advised[other] != nil {
			return advised[other], nil
		}
		return choices, err
	}
	var t Tuning
	var err error
	if t.Compress, err = of("compress", "decompress"); err != nil {
		return Tuning{}, err
	}
	if t.Decompress, err = of("decompress", "compress"); err != nil {
		return Tuning{}, err
	}
	return t, nil
}

// advisedChoices are the recommended codecs by block size; of several for one size
// the first counts. They are nil where there is none.
func advisedChoices(r *result.Result, scenario string, codecs []string) []Choice {
	best := map[int64]string{}
	for _, a := range r.Recommendations {
		if a.Scenario != scenario || a.Cell == "" || a.Block == nil || *a.Block == 0 || !slices.Contains(codecs, a.Codec) {
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
func choicesOf(best map[int64]string) []Choice {
	var out []Choice
	before := int64(0)
	for _, block := range slices.Sorted(maps.Keys(best)) {
		from := 0
		if before > 0 {
			from = int(math.Sqrt(float64(before) * float64(block)))
		}
		before = block
		if len(out) == 0 || out[len(out)-1].Codec != best[block] {
			out = append(out, Choice{from, best[block]})
		}
	}
	return out
}

// tune does one scenario.
func tune(r *result.Result, scenario string, codecs []string) ([]Choice, error) {
	cells := slices.DeleteFunc(slices.Clone(r.Cells), func(c result.CellResult) bool {
		return c.Scenario != scenario || c.Workers != 1 || c.Status != result.StatusOK || c.MBPerS == nil || c.MBPerS.Est <= 0 ||
			c.Codec == "" || c.Level == 0 || c.Corpus == "" || c.Block == 0 || !slices.Contains(codecs, c.Codec)
	})
	if len(cells) == 0 {
		return nil, fmt.Errorf("%w: want cells of scenario %s with one worker (runner single) for some of %v, in blocks", ErrTune, scenario, codecs)
	}
	level := slices.MinFunc(cells, func(a, b result.CellResult) int { return cmp.Compare(fromThree(a.Level), fromThree(b.Level)) }).Level
	speeds := map[int64]map[string][]float64{} // by block and codec
	for _, c := range cells {
		if c.Level != level {
			continue
		}
		if speeds[c.Block] == nil {
			speeds[c.Block] = map[string][]float64{}
		}
		speeds[c.Block][c.Codec] = append(speeds[c.Block][c.Codec], math.Log(c.MBPerS.Est))
	}
	best := map[int64]string{}
	for block, of := range speeds {
		best[block] = fastest(of, codecs)
	}
	return choicesOf(best), nil
}

// fromThree is how far a level is from 3, which is what the shop compresses at
// unless told otherwise.
func fromThree(level int) int { return max(level-3, 3-level) }

// fastest is the codec with the highest geometric mean over corpora; in a tie
// the one named first.
func fastest(logs map[string][]float64, codecs []string) string {
	best, top := "", math.Inf(-1)
	for _, name := range codecs {
		sum := 0.0
		for _, l := range logs[name] {
			sum += l
		}
		if n := len(logs[name]); n > 0 && sum/float64(n) > top {
			best, top = name, sum/float64(n)
		}
	}
	return best
}

// chooser is a Tuning resolved to codecs at hand.
type chooser []struct {
	from    int
	backend *backend
}

// resolve leaves out codecs that are not usable. Where nothing is left, or nothing
// was chosen, one codec serves every size: a foreign one where there is one. Native
// code was the faster at every size from 1 KiB to 256 KiB and on every corpus, the
// call into it included (docs/server.md).
func resolve(choices []Choice, usable []*backend) chooser {
	var c chooser
	for _, choice := range choices {
		if i := slices.IndexFunc(usable, func(b *backend) bool { return b.name == choice.Codec }); i >= 0 {
			c = append(c, struct {
				from    int
				backend *backend
			}{choice.From, usable[i]})
		}
	}
	if len(c) == 0 {
		fallback := max(slices.IndexFunc(usable, func(b *backend) bool { return b.foreign }), 0)
		c = append(c, struct {
			from    int
			backend *backend
		}{0, usable[fallback]})
	}
	return c
}

// choose returns the codec for size bytes of text.
func (c chooser) choose(size int) *backend {
	for i := len(c) - 1; i > 0; i-- {
		if size >= c[i].from {
			return c[i].backend
		}
	}
	return c[0].backend
}
