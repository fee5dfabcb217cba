package reports

import (
	"strconv"
	"strings"
	"testing"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

func TestDictLine(t *testing.T) {
	point := func(bytes, gain float64) analyze.DictPoint {
		return analyze.DictPoint{Bytes: bytes, Without: 2, With: 2 * gain, Gain: result.Interval{Est: gain, Lo: &gain, Hi: &gain}}
	}
	level := 3
	for want, points := range map[string][]analyze.DictPoint{
		"dictionary d of fast@3 on logs: ratio 2.00x → 6.00x at 256 bytes":                        {point(256, 3)},
		"3.0 kB; it pays, by more than 2 %, up to somewhere between 256 bytes and 3.0 kB":         {point(256, 3), point(3000, 1.01)},
		"3.0 kB; it pays, by more than 2 %, for records of up to 3.0 kB at least":                 {point(256, 3), point(3000, 2)},
		"3.0 kB; from 256 bytes on it gains less than 2 %":                                        {point(256, 1), point(3000, 1)},
		"3.0 kB; for which of these sizes it pays, by more than 2 %, is not known":                {point(256, 1), point(3000, 2)},
		"dictionary d of fast@3 on logs: ratio 2.00x → 6.00x at 256 bytes, 2.00x → 4.00x at 3.0 ": {point(256, 3), point(3000, 2)},
	} {
		got := dictLine(analyze.DictSeries{Codec: "fast", Level: &level, Dict: "d", Corpus: "logs", Points: points}, 0.02)
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
}

// dictResult is records of two sizes, without a dictionary and with one.
func dictResult() *result.Result {
	r := newResult()
	for _, size := range []int64{256, 4096} {
		for _, with := range []struct {
			dict  string
			ratio float64
		}{{"", 2}, {"train:16KiB", 5}} {
			c := result.NewCellResult(result.Cell{Scenario: "compress", Codec: "fast", Level: 3, Corpus: "logs-" + strconv.FormatInt(size, 10), Runner: "single", Workers: 1, Dict: with.dict})
			c.Status, c.Items, c.BytesIn = result.StatusOK, 10, 10*size
			c.About.Scenario.Compresses = true
			c.CorpusRatio = &result.Interval{Est: with.ratio, Lo: &with.ratio, Hi: &with.ratio}
			r.Cells = append(r.Cells, c)
		}
	}
	return r
}

// streamResult is the matrix with streams of 256 KiB in the place of items.
func streamResult() *result.Result {
	r := matrixResult()
	for i := range r.Cells {
		c := &r.Cells[i]
		c.Stream, c.StreamWindowBytes, c.StreamMemoryBytes, c.StreamSetupNS = 256<<10, ptr(int64(1<<20)), ptr(int64(3<<20)), ptr(int64(25000))
		c.FlushUS = &result.Latency{P50: 12.5, P90: 20, P99: 48.1, Max: 900}
	}
	return r
}

// The page draws a point with the dictionary and one without for each size.
func TestSizesAreDrawn(t *testing.T) {
	var page strings.Builder
	if err := Write(&page, "html", dictResult(), Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`id="sizes"`, "fast@3 train:16KiB, 256 bytes: 2.00x without", "fast@3 train:16KiB, 4.1 kB: 5.00x", "it pays, by more than 2 %, for records of up to 4.1 kB at least"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
