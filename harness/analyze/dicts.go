package analyze

import (
	"fmt"
	"time"

	"zstdshop/harness/result"
)

const codeTrained = "trained"

// aboutDicts tells what each dictionary that was trained in the run learnt from, and
// what it costs: once to train, and for each codec context.
func aboutDicts(r *result.Result) []result.Warning {
	var out []result.Warning
	told := map[string]bool{}
	for i := range r.Cells {
		c := &r.Cells[i]
		d := c.Dictionary
		if d == nil || d.Trainer == "" || told[d.Digest] {
			continue
		}
		told[d.Digest] = true
		text := fmt.Sprintf("dict=%s of %s on %s: %d bytes by %s in %v, from %d records (%d bytes) of the half that is not measured",
			c.Dict, c.Codec, c.Corpus, d.Bytes, d.Trainer, rounded(d.TrainNS), d.Samples, d.SampleBytes)
		if d.ContextNS > 0 {
			text += fmt.Sprintf("; making a context with it takes %v", rounded(d.ContextNS))
		}
		out = append(out, result.Warning{Code: codeTrained, Text: text})
	}
	return out
}

// rounded is a duration to three digits.
func rounded(ns int64) time.Duration {
	unit := time.Duration(1)
	for time.Duration(ns) >= 1000*unit {
		unit *= 10
	}
	return time.Duration(ns).Round(unit)
}
