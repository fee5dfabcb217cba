package reports

import (
	"slices"
	"strings"
	"testing"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// limitedResult has a cell for each runner, codec and block, with the cores given.
func limitedResult(cells ...result.CellResult) *result.Result {
	return described(&result.Result{Cells: cells})
}

func limitCell(runner, codec string, block int64, workers int, cores, half float64) result.CellResult {
	lo, hi := cores-half, cores+half
	return result.CellResult{Cell: result.Cell{Scenario: "compress", Corpus: "logs", Runner: runner, Codec: codec, Block: block, Workers: workers}, Forks: 12, Status: result.StatusOK, Parallelism: &result.Interval{Est: cores, Lo: &lo, Hi: &hi}}
}

func TestLimitLines(t *testing.T) {
	r := limitedResult(
		limitCell("gomaxprocs1", "a", 1024, 2, 1.00, 0.01), limitCell("gomaxprocs1", "a", 16384, 2, 1.01, 0.01),
		limitCell("gomaxprocs1", "c", 16384, 2, 1.60, 0.05), limitCell("gomaxprocs1", "c", 1024, 2, 1.05, 0.02),
		limitCell("gil", "a", 1024, 2, 1.02, 0.01), limitCell("gil", "c", 1024, 4, 1.01, 0.01), limitCell("gil", "c", 1024, 2, 1.9, 0.01),
		limitCell("gil-release", "c", 1024, 2, 1.2, 0.2),
	)
	got := limitLines(r)
	want := []string{
		"gomaxprocs1 holds to one core a (1 KiB 1.00, 16 KiB 1.01), c (1 KiB 1.05): one goroutine runs at a time, and its calls into C, if any, have ended before the scheduler, which looks at intervals of 20 µs to 10 ms, sees them twice; " +
			"does not hold c (16 KiB 1.60): a call into C that the scheduler sees twice, at intervals of 20 µs to 10 ms, hands the Go processor to the next goroutine",
		"gil holds to one core a (1 KiB 1.02), c (1 KiB 1.01): the lock is kept for whole tasks, C calls included",
		"gil-release leaves undecided c (1 KiB 1.20)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	few := limitCell("gil", "a", 1024, 2, 1, 0.01)
	few.Forks = analyze.MinPairs - 1
	for name, r := range map[string]*result.Result{
		"one limit alone":        limitedResult(r.Cells[0]),
		"too few forks":          limitedResult(r.Cells[0], few),
		"one worker":             limitedResult(r.Cells[0], limitCell("gil", "a", 1024, 1, 1, 0.01)),
		"runners without limits": limitedResult(limitCell("pool", "a", 1024, 2, 2, 0.1), limitCell("single", "a", 1024, 1, 1, 0.1)),
	} {
		if got := limitLines(r); got != nil {
			t.Errorf("%s: %q, want nothing", name, got)
		}
	}
}
