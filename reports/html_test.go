package reports

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math"
	"os"
	"regexp"
	"strings"
	"testing"

	"zstdshop/harness/result"
)

// pageOf is the HTML page of a result.
func pageOf(t *testing.T, r *result.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, "html", r, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// pictured are results with every kind of picture.
func pictured() map[string]*result.Result {
	all := fixtures()
	all["levels"], all["scaling"] = levelsResult(), scalingResult()
	return all
}

func TestHTMLHarmless(t *testing.T) {
	text, err := os.ReadFile("html/page.js")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	script, allowed := string(text), "script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'"
	for name, r := range pictured() {
		page := pageOf(t, r)
		if n := strings.Count(strings.ToLower(page), "<script"); n != 2 {
			t.Errorf("%s: %d scripts, want the data and our own", name, n)
		}
		for _, bad := range []string{"\x1b", "\u202e", "\u200f", "ZgotmplZ", "javascript:", "NaN", "Inf"} {
			if strings.Contains(strings.Replace(page, script, "", 1), bad) {
				t.Errorf("%s: %q in the page", name, bad)
			}
		}
		if strings.Count(page, script) != 1 || !strings.Contains(page, allowed) {
			t.Errorf("%s: the script is not the one that the policy allows", name)
		}
	}
}

var (
	drawnElement = regexp.MustCompile(`<(text|line|rect|circle|path) [^>]*data-row="([^"]+)"[^>]*>(.*?)</(?:text|line|rect|circle|path)>`)
	tableRow     = regexp.MustCompile(`(?s)<tr id="([^"]+)"[^>]*>(.*?)</tr>`)
	markup       = regexp.MustCompile(`<[^>]*>`)
	figureText   = regexp.MustCompile(`\d[\d.]*(?:e[+-]\d+)?`)
)

// Every number that a picture writes or tells when pointed at is in its table
// row, to the same digits.
func TestHTMLNumbersAreInTables(t *testing.T) {
	seen := 0
	for name, r := range pictured() {
		page := pageOf(t, r)
		rows := map[string]map[string]bool{}
		for _, m := range tableRow.FindAllStringSubmatch(page, -1) {
			in := map[string]bool{}
			for _, n := range figureText.FindAllString(markup.ReplaceAllString(m[2], " "), -1) {
				in[n] = true
			}
			rows[m[1]] = in
		}
		for _, m := range drawnElement.FindAllStringSubmatch(page, -1) {
			in, ok := rows[m[2]]
			if !ok {
				t.Errorf("%s: no row %s", name, m[2])
				continue
			}
			// The names of percentiles are no figures.
			text := strings.NewReplacer("p50 ", "", "p90 ", "", "p99 ", "").Replace(markup.ReplaceAllString(m[3], " "))
			for _, n := range figureText.FindAllString(text, -1) {
				seen++
				if !in[n] {
					t.Errorf("%s: the picture says %s (%q), row %s has it not", name, n, text, m[2])
				}
			}
		}
	}
	if seen < 1000 {
		t.Errorf("%d numbers seen in pictures", seen)
	}
}

// A page has each kind of picture where its data carry it, and no other.
func TestHTMLSections(t *testing.T) {
	for name, want := range map[string]string{
		"levels": "cells fronts verdicts machine slices", "scaling": "cells scaling verdicts machine slices",
		"sides": "cells machine slices", "minimal": "cells machine",
	} {
		page := pageOf(t, pictured()[name])
		var got []string
		for _, id := range []string{"cells", "fronts", "scaling", "verdicts", "machine", "slices"} {
			section, link := strings.Contains(page, ` id="`+id+`"`), strings.Contains(page, `<a href="#`+id+`"`)
			if section != link {
				t.Errorf("%s: %s is there %v, linked %v", name, id, section, link)
			}
			if section {
				got = append(got, id)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: sections %v, want %s", name, got, want)
		}
	}
	if page := pageOf(t, sidesResult()); !strings.Contains(page, "<svg") {
		t.Error("a comparison has no picture")
	}
	for _, fit := range []string{"k0 fit", "k1 fit", "ideal"} {
		if !strings.Contains(pageOf(t, scalingResult()), `class="`+fit+`"`) {
			t.Errorf("scaling without %s", fit)
		}
	}
}

// A codec that another beats in both figures is off the front.
func TestHTMLFront(t *testing.T) {
	all := fronts(levelsResult())
	if len(all) != 1 || len(all[0].Points) != 38 {
		t.Fatalf("fronts are %+v", all)
	}
	for _, p := range all[0].Points {
		if p.On != strings.HasPrefix(p.Name, "datadog") {
			t.Errorf("%s is on the front: %v", p.Name, p.On)
		}
	}
	r := levelsResult()
	r.Cells = r.Cells[:2]
	if got := fronts(r); got != nil {
		t.Errorf("two cells make a front: %+v", got)
	}
}

// The data of a page are those of its cells, to six digits.
func TestHTMLData(t *testing.T) {
	r := cpuburnResult()
	_, rest, _ := strings.Cut(pageOf(t, r), `<script type="application/json" id="result">`)
	text, _, _ := strings.Cut(rest, "</script>")
	var got result.Result
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Cells) != len(r.Cells) {
		t.Fatalf("%d cells of %d", len(got.Cells), len(r.Cells))
	}
	for i, c := range got.Cells {
		want := r.Cells[i]
		if c.Name != want.Name || c.Checksum == nil || *c.Checksum != *want.Checksum || math.Abs(c.NSPerOp.Est/want.NSPerOp.Est-1) > 1e-5 {
			t.Errorf("cell %d is %+v", i, c)
		}
	}
}

// 2,000 cells fit in 4 MB, 30 in 400 KB.
func TestHTMLSize(t *testing.T) {
	for cells, most := range map[int]int{30: 400 << 10, 2000: 4 << 20} {
		r := largeResult(cells)
		for i := range r.Cells {
			c := &r.Cells[i]
			for range 29 {
				c.Samples = append(c.Samples, c.Samples[0])
			}
			for k := range 7 {
				r.Comparisons = append(r.Comparisons, result.Comparison{Old: c.Name, New: r.Cells[(i+k+1)%cells].Name, Metric: result.MetricTime,
					Verdict: result.VerdictSlower, Pairs: forks, TimeRatio: result.Ratio{Est: 1.23456789, Lo: ptr(1.123456789), Hi: ptr(1.323456789), Confidence: 0.9976}})
			}
		}
		if n := len(pageOf(t, r)); n > most {
			t.Errorf("%d cells make %d bytes, more than %d", cells, n, most)
		}
	}
}
