package reports

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"zstdshop/harness/result"
)

// The recorded run of levels says for the default of each codec what gets to its ratio
// fastest; a report that is not wide leaves out what is so by itself.
func TestEqualRatioLines(t *testing.T) {
	r := readRun(t, "levels.json.zst")
	const on = "On a sample of 524.3 kB of source in 64 KiB blocks, compressing: runner single, workers 1, at equal ratio: "
	want := []string{
		on + "3.07x, which klauspost has at its default, 3, is reached fastest by datadog at level 3, 3.09x at 195 MB/s against 118 MB/s",
		on + "3.09x, which datadog has at its default, 3, is reached fastest by itself, at 195 MB/s",
	}
	if got := equalRatioLines(r, true); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	want = []string{"On a sample of 524.3 kB of source in 64 KiB blocks, compressing, at equal ratio: datadog at level 3 in a single goroutine (3.09x at 195 MB/s) " +
		"is the fastest that makes the data as small as klauspost at its default, 3 (3.07x at 118 MB/s)"}
	if got := equalRatioLines(r, false); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	// Of the sample where the table has another ratio, and with what changes the codec.
	for i := range r.Cells {
		r.Cells[i].CorpusBytesOut = 0
		r.Cells[i].CorpusRatio = ptr(result.Interval{Est: 5})
		r.Cells[i].Dict = "d"
		r.Cells[i].Name = r.Cells[i].Cell.Name()
	}
	if got := equalRatioLines(r, true); len(got) != 2 || !strings.HasSuffix(got[0], ": 3.07x of the sample, which klauspost has at its default, 3, is reached fastest by datadog at level 3 (dictionary d), 3.09x at 195 MB/s against 118 MB/s") {
		t.Errorf("of a sample, with a dictionary: %q", got)
	}
	r.Recommendations = []result.Advice{{Scenario: "compress", Corpus: ptr("source"), Block: ptr[int64](65536), Bounds: []result.Met{{Metric: result.MetricRatio}}}}
	if got := equalRatioLines(r, false); got != nil {
		t.Errorf("beside advice for a ratio that was asked for: %q", got)
	}
}

// The default bench has a line for each scenario, whatever its runners; no report that is
// not wide has more than five lines of them.
func TestEqualRatioLinesOfRunners(t *testing.T) {
	r := readRun(t, "default.json.zst")
	if all, got := equalRatioLines(r, true), equalRatioLines(r, false); len(all) != 12 || len(got) != 2 {
		t.Errorf("%d lines of %d, want 2 of 12: %q", len(got), len(all), got)
	}
	cells := r.Cells
	r.Cells = nil
	for n := range 5 {
		for _, c := range cells {
			c.Corpus += strconv.Itoa(n)
			c.Name = c.Cell.Name()
			r.Cells = append(r.Cells, c)
		}
	}
	if got := equalRatioLines(r, false); len(got) != 5 || got[4] != "6 more answers at equal ratio: --wide has all" {
		t.Errorf("of ten answers are said %q", got)
	}
}
