package server

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"zstdshop/harness"
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

// DefaultTuning is for codecs of these names where they are available. libzstd was
// the faster one at every size from 1 KiB to 256 KiB and on every corpus, call into
// C included (docs/server.md).
var DefaultTuning = Tuning{
	Compress:   []Choice{{0, "datadog"}},
	Decompress: []Choice{{0, "datadog"}},
}

// ErrTune is wrapped where a result says nothing of the choice between codecs.
var ErrTune = errors.New("no cell to choose by")

// Tune reads off a benchmark which of the codecs named is the fastest at which
// size. It looks at the cells of the scenarios compress and decompress with one
// worker, at level 3 or the one nearest to it. The error wraps ErrTune.
func Tune(r *harness.Result, codecs []string) (Tuning, error) {
	var t Tuning
	var err error
	if t.Compress, err = tune(r, "compress", codecs); err != nil {
		return Tuning{}, err
	}
	if t.Decompress, err = tune(r, "decompress", codecs); err != nil {
		return Tuning{}, err
	}
	return t, nil
}

// tune does one scenario.
func tune(r *harness.Result, scenario string, codecs []string) ([]Choice, error) {
	cells := slices.DeleteFunc(slices.Clone(r.Cells), func(c harness.CellResult) bool {
		return c.Scenario != scenario || c.Workers != 1 || c.Status != harness.StatusOK || c.MBPerS == nil || c.MBPerS.Est <= 0 ||
			c.Codec == nil || c.Level == nil || c.Block == nil || *c.Block == 0 || !slices.Contains(codecs, *c.Codec)
	})
	if len(cells) == 0 {
		return nil, fmt.Errorf("%w: want cells of scenario %s with one worker (runner single) for some of %v, in blocks", ErrTune, scenario, codecs)
	}
	level := *slices.MinFunc(cells, func(a, b harness.CellResult) int { return cmp.Compare(fromThree(*a.Level), fromThree(*b.Level)) }).Level
	speeds := map[int64]map[string][]float64{} // by block and codec
	for _, c := range cells {
		if *c.Level != level {
			continue
		}
		if speeds[*c.Block] == nil {
			speeds[*c.Block] = map[string][]float64{}
		}
		speeds[*c.Block][*c.Codec] = append(speeds[*c.Block][*c.Codec], math.Log(c.MBPerS.Est))
	}
	blocks := make([]int64, 0, len(speeds))
	for block := range speeds {
		blocks = append(blocks, block)
	}
	slices.Sort(blocks)
	var out []Choice
	for i, block := range blocks {
		from := 0
		if i > 0 {
			// Half-way between two sizes on the scale of ratios.
			from = int(math.Sqrt(float64(blocks[i-1]) * float64(block)))
		}
		best := fastest(speeds[block], codecs)
		if len(out) > 0 && out[len(out)-1].Codec == best {
			continue
		}
		out = append(out, Choice{from, best})
	}
	return out, nil
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

// resolve leaves out codecs that are not usable; what is left without a choice
// is the first usable one's.
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
		c = append(c, struct {
			from    int
			backend *backend
		}{0, usable[0]})
	}
	return c
}

// choose answers the codec for size bytes of text.
func (c chooser) choose(size int) *backend {
	for i := len(c) - 1; i > 0; i-- {
		if size >= c[i].from {
			return c[i].backend
		}
	}
	return c[0].backend
}
