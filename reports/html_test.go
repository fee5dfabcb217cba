package reports

import (
	"bytes"
	"strings"
	"testing"
)

func TestHTMLHarmless(t *testing.T) {
	for _, name := range fixtureNames() {
		var b bytes.Buffer
		if err := Write(&b, "html", fixtures()[name], Options{}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		page := b.String()
		if n := strings.Count(strings.ToLower(page), "<script"); n != 1 {
			t.Errorf("%s: %d scripts, want the data alone", name, n)
		}
		for _, bad := range []string{"\x1b", "\u202e", "\u200f", "ZgotmplZ"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s: %q in the page", name, bad)
			}
		}
	}
}

// TestHTMLFront holds the picture against its table, and a codec that another
// beats in both figures off the front.
func TestHTMLFront(t *testing.T) {
	r := newResult()
	for level, ns := range map[int]float64{1: 1e6, 3: 2e6} {
		good, bad := corpusCell("klauspost", level, "pool", 2, ns, 2), corpusCell("datadog", level, "pool", 2, 5*ns, 2)
		good.Ratio, bad.Ratio = ptr(2+float64(level)), ptr(1+float64(level)/9)
		r.Cells = append(r.Cells, good, bad)
	}
	pictures := frontPictures(r)
	if len(pictures) != 1 || len(pictures[0].Points) != 4 {
		t.Fatalf("pictures are %+v", pictures)
	}
	var b bytes.Buffer
	if err := Write(&b, "html", r, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, p := range pictures[0].Points {
		if p.On != strings.HasPrefix(p.Name, "klauspost") {
			t.Errorf("%s is on the front: %v", p.Name, p.On)
		}
		drawn := "<title>" + p.Name + ": " + p.Ratio + ", " + p.Speed + " MB/s</title>"
		row := "<tr><td>" + p.Name + `</td><td class="r">` + p.Ratio + `</td><td class="r">` + p.Speed + "</td>"
		if !strings.Contains(b.String(), drawn) || !strings.Contains(b.String(), row) {
			t.Errorf("%s: not both in the picture and in the table", p.Name)
		}
	}
}

func TestHTMLSize(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, "html", largeResult(2000), Options{}); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 4<<20 {
		t.Errorf("2,000 cells make %d bytes, more than 4 MiB", b.Len())
	}
}
