package reports

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	frontPicture = regexp.MustCompile(`(?s)<svg [^>]*aria-label="compression ratio against speed[^>]*>.*?</svg>`)
	frontLabel   = regexp.MustCompile(`<text class="name" x="([^"]+)" y="([^"]+)">([^<]*)</text>`)
	frontPoint   = regexp.MustCompile(`<circle class="[^"]*" data-row=`)
	frontStair   = regexp.MustCompile(`<path class="stair" d="M(\S+) ([^VH"]+)([^"]*)"`)
	stairStep    = regexp.MustCompile(`([VH])([^VH]+)`)
)

// A drawnBox is where something stands in a picture.
type drawnBox struct {
	text         string
	x, y, x2, y2 float64
}

func (b drawnBox) meets(o drawnBox) bool { return b.x < o.x2 && o.x < b.x2 && b.y < o.y2 && o.y < b.y2 }

// labelsOf are the boxes of the words in a picture of a front, letters taken as 6.5 wide, and
// steps those of its stair.
func labelsOf(t *testing.T, svg string) (labels, steps []drawnBox) {
	t.Helper()
	number := func(text string) float64 {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, m := range frontLabel.FindAllStringSubmatch(svg, -1) {
		x, y := number(m[1]), number(m[2])
		labels = append(labels, drawnBox{m[3], x, y - 9, x + 6.5*float64(len([]rune(m[3]))), y})
	}
	m := frontStair.FindStringSubmatch(svg)
	if m == nil {
		t.Fatal("a front without a stair")
	}
	x, y := number(m[1]), number(m[2])
	for _, step := range stairStep.FindAllStringSubmatch(m[3], -1) {
		toX, toY := x, y
		if to := number(step[2]); step[1] == "V" {
			toY = to
		} else {
			toX = to
		}
		steps = append(steps, drawnBox{"the stair", min(x, toX), min(y, toY), max(x, toX), max(y, toY)})
		x, y = toX, toY
	}
	return labels, steps
}

// In the pictures of fronts of all recorded runs no label crosses the stair or another label.
// A label without room is left out: a phone has room for fewer.
func TestFrontLabels(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(runs, "*.json.zst"))
	if err != nil {
		t.Fatal(err)
	}
	pictures := 0
	for _, file := range files {
		name := filepath.Base(file)
		for i, svg := range frontPicture.FindAllString(pageOf(t, readRun(t, name)), -1) {
			pictures++
			labels, steps := labelsOf(t, svg)
			for k, label := range labels {
				for _, other := range append(labels[k+1:len(labels):len(labels)], steps...) {
					if label.meets(other) {
						t.Errorf("%s, picture %d: %q crosses %s", name, i, label.text, other.text)
					}
				}
			}
			narrow := strings.Contains(svg, `viewBox="0 0 360 `)
			points := len(frontPoint.FindAllString(svg, -1))
			legend := strings.Count(svg, "<circle ") - points
			if of := len(labels) - legend; !narrow && of < points {
				t.Errorf("%s, picture %d: %d labels of %d points", name, i, of, points)
			}
		}
	}
	if pictures == 0 {
		t.Error("no recorded run has a front")
	}
}
