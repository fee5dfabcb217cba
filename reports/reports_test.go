package reports

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

func TestFormats(t *testing.T) {
	if got, want := Formats(), []string{"table", "markdown", "json", "csv", "gobench", "html"}; !slices.Equal(got, want) {
		t.Errorf("formats are %v, want %v", got, want)
	}
	var b bytes.Buffer
	err := Write(&b, "pdf", newResult(), Options{})
	if err == nil || err.Error() != `format "pdf" is not known; known are table, markdown, json, csv, gobench, html` {
		t.Errorf("error is %v", err)
	}
	if b.Len() > 0 {
		t.Errorf("%q was written", b.String())
	}
}

type fullDisk struct{}

var errFull = errors.New("disk full")

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestWriteErrors(t *testing.T) {
	for _, format := range Formats() {
		err := Write(fullDisk{}, format, matrixResult(), Options{})
		if !errors.Is(err, errFull) || !strings.Contains(err.Error(), "format "+format) {
			t.Errorf("%s: error is %v", format, err)
		}
	}
	if err := result.Encode(fullDisk{}, matrixResult()); !errors.Is(err, errFull) {
		t.Errorf("encode: error is %v", err)
	}
}

// TestWriteOnlyReads sees the result unchanged, in every format.
func TestWriteOnlyReads(t *testing.T) {
	for _, format := range Formats() {
		for name, r := range fixtures() {
			var b bytes.Buffer
			if err := Write(&b, format, r, Options{Wide: true, Color: true}); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(r, fixtures()[name]) {
				t.Errorf("%s changed %s", format, name)
			}
		}
	}
}

// TestLargeResult has every format write 2,000 cells.
func TestLargeResult(t *testing.T) {
	r := largeResult(2000)
	for _, format := range Formats() {
		var b bytes.Buffer
		if err := Write(&b, format, r, Options{}); err != nil {
			t.Errorf("%s: %v", format, err)
		}
		// What a row holds once, and how many rows a cell has.
		row := map[string]struct {
			mark string
			n    int
		}{
			"table": {"│ pool", 1}, "markdown": {"| pool", 1}, "csv": {"\nscenario=", 1}, "gobench": {"\nBenchmarkZstd/", 2}, "json": {`"name": "scenario=`, 1}, "html": {`<td class="r more">9.00</td><td class="r">11.8</td>`, 1},
		}[format]
		if n := strings.Count(b.String(), row.mark); n != 2000*row.n {
			t.Errorf("%s has %d rows", format, n)
		}
	}
	read, err := read(bytes.NewReader(encoded(t, r)))
	if err != nil || len(read.Cells) != 2000 {
		t.Errorf("read: %v", err)
	}
}

// TestLargeSet sees marks and sentence of a large set, of which only
// the pairs with the fastest were compared.
func TestLargeSet(t *testing.T) {
	r := newResult()
	for i := range 100 {
		c := corpusCell("klauspost", 3, "pool", 1+i, 1000*float64(100+i), 1)
		r.Cells = append(r.Cells, c)
		if i > 0 {
			r.Comparisons = append(r.Comparisons, result.Comparison{Old: r.Cells[0].Name, New: c.Name, Metric: "time", Verdict: result.VerdictSlower, Pairs: analyze.MinPairs})
		}
	}
	if m := marks(r); len(m) != 1 || m[&r.Cells[0]] != markFastest {
		t.Errorf("marks are %v", m)
	}
	if s := Sentence(r); !strings.Contains(s, "klauspost in a pool of 1 is fastest") {
		t.Error(s)
	}
}
