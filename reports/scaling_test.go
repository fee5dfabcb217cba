package reports

import (
	"strings"
	"testing"

	"zstdshop/harness/result"
)

func scaledResult(runner string, workers []int, contention, coherence float64) *result.Result {
	r := &result.Result{}
	codec := "a"
	for _, w := range workers {
		n := float64(w)
		ns := 1e6 * (1 + contention*(n-1) + coherence*n*(n-1)) / n
		r.Cells = append(r.Cells, result.CellResult{Cell: result.Cell{Scenario: "compress", Codec: codec, Runner: runner, Workers: w}, Status: result.StatusOK, NSPerOp: &result.Interval{Est: ns}})
	}
	return described(r)
}

func TestScalingLines(t *testing.T) {
	many := []int{1, 2, 4, 8, 16, 32, 64}
	for _, c := range []struct {
		name  string
		r     *result.Result
		words []string
	}{
		{"two cores", scaledResult("pool", []int{1, 2}, 0.05, 0),
			[]string{"throughput of compress a, pool of 2 workers: 1.9x that of 1 (efficiency 95 %)", "too few points for a fit: 2 numbers of workers"}},
		{"a peak", scaledResult("pool", many, 0.05, 0.0005), []string{"contention 5 % (5..5), coherence 0.05 % (0.05..0.05)", "most throughput at about 44 workers"}},
		{"Amdahl", scaledResult("pool", many, 0.1, 0), []string{"contention 10 % (10..10)", "never more than 10 times one worker"}},
	} {
		got := scalingLines(c.r)
		if len(got) != 1 {
			t.Errorf("%s: %q, want one line", c.name, got)
			continue
		}
		for _, word := range c.words {
			if !strings.Contains(got[0], word) {
				t.Errorf("%s: %q, want %q in it", c.name, got[0], word)
			}
		}
	}
	if got := scalingLines(scaledResult("pool", []int{2}, 0, 0)); got != nil {
		t.Errorf("of one number of workers: %q", got)
	}
	if got := scalingLines(scaledResult("single", []int{1, 1}, 0, 0)); got != nil {
		t.Errorf("of single: %q", got)
	}
}
