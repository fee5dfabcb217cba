package html

import (
	"math"
	"strconv"
	"strings"
)

// Widths that every picture with words is drawn at: one for windows and paper, one for
// phones, where letters of the first would be too small to read. Each fills its page.
const (
	wideWidth   = 1040.0
	narrowWidth = 360.0
)

// A picture is an SVG drawing made of shapes, W x H in its own units, which are
// about CSS pixels: the page stretches it to its own width.
type picture struct {
	Label  string // what it shows, for those who do not see it
	W, H   float64
	Shapes []shape
}

// A shape is one element of a picture. Class is its look in page.tmpl. Row is
// the id of the table row that holds its numbers, "" where it shows none. Tip is
// the words shown for it when pointed at.
type shape struct {
	Kind         string // text, line, rect, dot or path
	Class        string
	X, Y, X2, Y2 float64 // a dot has its radius in X2; a rect its far corner in X2, Y2
	D            string  // of a path
	Text, Anchor string  // of a text
	Row, Tip     string
}

func (s shape) Width() float64  { return round1(s.X2 - s.X) }
func (s shape) Height() float64 { return round1(s.Y2 - s.Y) }

// round1 keeps coordinates short.
func round1(v float64) float64 { return math.Round(10*v) / 10 }

func (p *picture) add(s shape) *shape {
	s.X, s.Y, s.X2, s.Y2 = round1(s.X), round1(s.Y), round1(s.X2), round1(s.Y2)
	p.Shapes = append(p.Shapes, s)
	return &p.Shapes[len(p.Shapes)-1]
}

func (p *picture) text(x, y float64, class, anchor, text string) *shape {
	return p.add(shape{Kind: "text", Class: class, X: x, Y: y, Anchor: anchor, Text: text})
}

func (p *picture) line(x, y, x2, y2 float64, class string) *shape {
	return p.add(shape{Kind: "line", Class: class, X: x, Y: y, X2: x2, Y2: y2})
}

func (p *picture) rect(x, y, x2, y2 float64, class string) *shape {
	return p.add(shape{Kind: "rect", Class: class, X: x, Y: y, X2: x2, Y2: y2})
}

func (p *picture) dot(x, y, r float64, class string) *shape {
	return p.add(shape{Kind: "dot", Class: class, X: x, Y: y, X2: r})
}

func (p *picture) path(d, class string) *shape {
	return p.add(shape{Kind: "path", Class: class, D: d})
}

// of says whose numbers a shape shows, and tells them when pointed at.
func (s *shape) of(row, tip string) { s.Row, s.Tip = row, tip }

// A scale places values between two ends of a picture.
type scale struct {
	lo, hi      float64 // values
	from, to    float64 // their places
	logarithmic bool
	whole       bool // ticks at whole numbers only
}

// at is the place of v, at an end where it lies beyond.
func (s scale) at(v float64) float64 {
	share := (v - s.lo) / (s.hi - s.lo)
	if s.logarithmic {
		share = math.Log(v/s.lo) / math.Log(s.hi/s.lo)
	}
	if math.IsNaN(share) {
		share = 0
	}
	return s.from + min(max(share, 0), 1)*(s.to-s.from)
}

// ticks are round values along it, about n of them and at least two where the
// scale has room for two: 1, 2 or 5 times a power of ten, and on a logarithmic
// scale all powers of ten if those are enough.
func (s scale) ticks(n int) []float64 {
	if !(s.hi > s.lo) || s.logarithmic && !(s.lo > 0) {
		return nil
	}
	if s.logarithmic && s.hi/s.lo > 4 {
		for _, steps := range [][]float64{{1}, {1, 3}, {1, 2, 5}} {
			var all []float64
			for e := math.Floor(math.Log10(s.lo)); e <= math.Log10(s.hi); e++ {
				for _, m := range steps {
					if v := m * math.Pow(10, e); v >= s.lo && v <= s.hi {
						all = append(all, v)
					}
				}
			}
			if len(all) >= min(n, 3) {
				return all
			}
		}
	}
	step := math.Pow(10, math.Floor(math.Log10((s.hi-s.lo)/float64(n))))
	if s.whole {
		step = max(step, 1)
	}
	for _, m := range []float64{1, 2, 5, 10} {
		if (s.hi-s.lo)/(step*m) <= float64(n) {
			step *= m
			break
		}
	}
	var all []float64
	for k := math.Ceil(s.lo / step); k*step <= s.hi*(1+1e-12); k++ {
		all = append(all, k*step)
	}
	return all
}

// narrow reports whether p is drawn for a phone.
func (p *picture) narrow() bool { return p.W == narrowWidth }

// plot makes room for the axes of a picture that has values in both directions: left of
// it stand the ticks of y, below it those of x, above it what y is.
func (p *picture) plot(x, y *scale) {
	x.from, x.to = 44, p.W-16
	y.from, y.to = p.H-50, 40
}

// An entry is one line of a legend: a colour and what it stands for.
type entry struct{ class, name string }

// legend writes entries behind each other, on as many lines as they take, and makes the
// picture that much higher. It returns how much: what is drawn below must move.
func (p *picture) legend(entries []entry) (height float64) {
	const line = 20.0
	x, y := 44.0, 16.0
	for _, e := range entries {
		name := shortened(e.name, p.W-80)
		if w := 24 + textWidth(name); x > 44 && x+w > p.W {
			x, y = 44, y+line
		}
		p.dot(x+5, y, 4.5, e.class+"on")
		p.text(x+14, y+4, "name", "", name)
		x += 24 + textWidth(name)
	}
	p.H += y + 4
	return y + 4
}

// axes draws guides with their values along both scales, and what they are.
func (p *picture) axes(x, y scale, right, up string) {
	across := 7
	if p.narrow() {
		across = 4
	}
	for _, v := range x.ticks(across) {
		p.line(x.at(v), y.from, x.at(v), y.to, "guide")
		p.text(x.at(v), y.from+18, "tick", "middle", tickText(v))
	}
	for _, v := range y.ticks(6) {
		p.line(x.from, y.at(v), x.to, y.at(v), "guide")
		p.text(x.from-8, y.at(v)+4, "tick", "end", tickText(v))
	}
	p.text(x.from, y.to-12, "head", "", up)
	p.text(x.to, y.from+38, "head", "end", right)
}

// tickText draws a value of an axis as short as it can be.
func tickText(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// textWidth is how wide a text may be, in picture units, in the widest of the usual
// fonts.
func textWidth(s string) float64 {
	w := 0.0
	for _, r := range s {
		switch {
		case strings.ContainsRune("iIljtfr.,:;|'()[]!/ ", r):
			w += 5
		case r >= 'a' && r <= 'z' && r != 'm' && r != 'w' || r >= '0' && r <= '9':
			w += 7.7
		case r < 0x2e80:
			w += 12
		default:
			w += 13
		}
	}
	return w
}

// shortened is s cut in its middle so that it is at most width wide.
func shortened(s string, width float64) string {
	if textWidth(s) <= width {
		return s
	}
	runes := []rune(s)
	for keep := len(runes) - 1; keep > 1; keep-- {
		if text := string(runes[:(keep+1)/2]) + "…" + string(runes[len(runes)-keep/2:]); textWidth(text) <= width {
			return text
		}
	}
	return "…"
}
