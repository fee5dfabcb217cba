package reports

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

func TestPaysText(t *testing.T) {
	for want, points := range map[string][]analyze.DictPoint{
		"it pays, by more than 2 %":                                               {dictPoint(256, 3)},
		"it gains less than 2 %":                                                  {dictPoint(256, 1.01)},
		"whether it pays, by more than 2 %, is not known":                         {{Bytes: 256, Without: 2, With: 6}},
		"it pays, by more than 2 %, up to somewhere between 256 bytes and 3.0 kB": {dictPoint(256, 3), dictPoint(3000, 1.01)},
		"it pays, by more than 2 %, for records of up to 3.0 kB at least":         {dictPoint(256, 3), dictPoint(3000, 2)},
		"from 256 bytes on it gains less than 2 %":                                {dictPoint(256, 1), dictPoint(3000, 1)},
		"for which of these sizes it pays, by more than 2 %, is not known":        {dictPoint(256, 1), dictPoint(3000, 2)},
	} {
		if got := paysText(analyze.DictSeries{Points: points}, 0.02); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func dictPoint(bytes, gain float64) analyze.DictPoint {
	return analyze.DictPoint{Bytes: bytes, Without: 2, With: 2 * gain, Gain: result.Interval{Est: gain, Lo: &gain, Hi: &gain}}
}

// What a dictionary comes to stands before the tables, with codecs of the same outcome
// together and the largest gain first; behind them is what no answer says.
func TestDictAnswers(t *testing.T) {
	r := dictsResult(map[string]float64{"fast": 5, "slow": 6, "useless": 2})
	all, behind := dictAnswers(r)
	want := []string{
		"On logs, dictionary train:16KiB: it pays, by more than 2 %, for records of up to 4.1 kB at least, with slow@3 (ratio 2.00x → 6.00x at 256 bytes, 2.00x → 6.00x at 4.1 kB), fast@3 (ratio 2.00x → 5.00x at 256 bytes, 2.00x → 5.00x at 4.1 kB).",
		"On logs, dictionary train:16KiB: from 256 bytes on it gains less than 2 %, with useless@3 (ratio 2.00x → 2.00x at 256 bytes, 2.00x → 2.00x at 4.1 kB).",
	}
	if !slices.Equal(all, want) || behind != nil {
		t.Errorf("answers %q, want %q\nbehind them %q, want nothing", all, want, behind)
	}

	// More codecs than have room are counted, and their ratios stand behind.
	if all, behind := dictAnswers(dictsResult(map[string]float64{"a": 9, "b": 8, "c": 7, "d": 6, "e": 5})); len(all) != 1 ||
		!strings.HasSuffix(all[0], ", 2 more.") || len(behind) != 2 || !strings.HasPrefix(behind[0], "dictionary train:16KiB of d@3 on logs: ratio 2.00x → 6.00x at 256 bytes, ") {
		t.Errorf("of five codecs: %q, behind them %q", all, behind)
	}

	// So do more dictionaries.
	many := newResult()
	for n := range mostAnswers + 2 {
		for _, c := range dictsResult(map[string]float64{"fast": 5}).Cells {
			if c.Dict != "" {
				c.Dict = "d" + strconv.Itoa(n)
			} else if n > 0 {
				continue
			}
			many.Cells = append(many.Cells, c)
		}
	}
	all, behind = dictAnswers(many)
	if len(all) != mostAnswers || !strings.HasSuffix(all[mostAnswers-1], ". Below the tables: 2 more answers about dictionaries.") || len(behind) != 2 {
		t.Errorf("of %d dictionaries: %q, behind them %q", mostAnswers+2, all, behind)
	}
}

// Every format for people has the answer before its first table.
func TestDictAnswersLead(t *testing.T) {
	for format, table := range map[string]string{"table": "scenario compress", "markdown": "**scenario compress", "html": `id="cells"`} {
		var b strings.Builder
		if err := Write(&b, format, dictResult(), Options{Width: 1000}); err != nil {
			t.Fatal(err)
		}
		answer, cells := strings.Index(b.String(), "for records of up to 4.1 kB at least"), strings.Index(b.String(), table)
		if answer < 0 || cells < 0 || answer > cells {
			t.Errorf("%s: the answer stands at %d, the first table at %d", format, answer, cells)
		}
	}
}

// dictResult is records of two sizes, without a dictionary and with one.
func dictResult() *result.Result { return dictsResult(map[string]float64{"fast": 5}) }

// dictsResult is that for codecs that have a ratio of 2 without the dictionary.
func dictsResult(ratios map[string]float64) *result.Result {
	r := newResult()
	for _, codec := range slices.Sorted(maps.Keys(ratios)) {
		for _, size := range []int64{256, 4096} {
			for _, with := range []struct {
				dict  string
				ratio float64
			}{{"", 2}, {"train:16KiB", ratios[codec]}} {
				c := result.NewCellResult(result.Cell{Scenario: "compress", Codec: codec, Level: 3, Corpus: "logs-" + strconv.FormatInt(size, 10), Runner: "single", Workers: 1, Dict: with.dict})
				c.Status, c.Items, c.BytesIn = result.StatusOK, 10, 10*size
				c.About.Scenario.Compresses = true
				c.CorpusRatio = &result.Interval{Est: with.ratio, Lo: &with.ratio, Hi: &with.ratio}
				r.Cells = append(r.Cells, c)
			}
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
