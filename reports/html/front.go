package html

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"zstdshop/harness/result"
)

// A Front is compression ratios against speeds, with their Pareto front.
type Front struct {
	Title  string
	Codecs []string // in the order of their colours
	Points []FrontPoint
}

// A FrontPoint is one codec and effective level, with its row in words.
type FrontPoint struct {
	Name, Ratio, Speed, Bounds, Chance string
	On                                 bool

	Codec int // its number among the codecs
	X     *result.Interval
	Y     float64
}

func (f Front) points() int { return len(f.Points) }

// colours is how many codecs can be told apart by colour; those beyond share
// the last one.
const colours = 9

func colour(n int) string { return fmt.Sprintf("k%d ", min(n, colours-1)) }

// newFront is the picture: speed to the right on a logarithmic axis, ratio upwards,
// filled points on the front, a stair along it.
func newFront(id string, f Front, width float64) *picture {
	p := &picture{Label: "compression ratio against speed, with the Pareto front", W: width, H: 440}
	loX, hiX, loY, hiY := math.Inf(1), 0.0, math.Inf(1), 0.0
	for _, q := range f.Points {
		loX, hiX = min(loX, *q.X.Lo), max(hiX, *q.X.Hi)
		loY, hiY = min(loY, q.Y), max(hiY, q.Y)
	}
	x := scale{lo: loX / 1.05, hi: hiX * 1.05, logarithmic: true}
	y := scale{lo: loY - 0.06*(hiY-loY), hi: hiY + 0.08*(hiY-loY)}
	top := p.legend(f.legend())
	p.plot(&x, &y)
	y.to += top
	p.axes(x, y, "MB/s →", "ratio ↑")
	taken := []box{{0, 0, p.W, y.to - 10}} // by the legend
	p.path(f.stair(x, y), "stair")
	for i, q := range f.Points {
		px, py, lo, hi := x.at(q.X.Est), y.at(q.Y), x.at(*q.X.Lo), x.at(*q.X.Hi)
		row, tip, look := fmt.Sprintf("%s-%d", id, i), q.Name+": "+q.Ratio+", "+q.Speed+" MB/s "+q.Bounds, "off"
		if q.On {
			look = "on"
		}
		p.line(lo, py, hi, py, colour(q.Codec)+"reach").of(row, tip)
		p.dot(px, py, 4.5, colour(q.Codec)+look).of(row, tip)
		taken = append(taken, box{px - 5, py - 5, px + 5, py + 5}, box{lo, py - 1, hi, py + 1})
	}
	for _, on := range []bool{true, false} { // those on the front have their choice of places
		for _, q := range f.Points {
			if q.On == on {
				taken = p.label(x.at(q.X.Est), y.at(q.Y), q.Name, taken)
			}
		}
	}
	return p
}

// legend names the codecs in their colours.
func (f *Front) legend() (entries []entry) {
	for i, codec := range f.Codecs {
		entries = append(entries, entry{colour(i), codec})
		if i == colours-1 && len(f.Codecs) > colours {
			entries[i].name += ", …"
			break
		}
	}
	return entries
}

// stair runs along the points that no other beats in both figures by its
// estimate, from the fastest to the smallest.
func (f *Front) stair(x, y scale) string {
	sorted := slices.Clone(f.Points)
	slices.SortFunc(sorted, func(a, b FrontPoint) int { return cmp.Or(cmp.Compare(b.X.Est, a.X.Est), cmp.Compare(b.Y, a.Y)) })
	best, d := math.Inf(-1), fmt.Sprintf("M%g %g", round1(x.at(sorted[0].X.Est)), y.from)
	for i, q := range sorted {
		if q.Y <= best {
			continue
		}
		if i > 0 {
			d += fmt.Sprintf("H%g", round1(x.at(q.X.Est)))
		}
		d += fmt.Sprintf("V%g", round1(y.at(q.Y)))
		best = q.Y
	}
	return d + fmt.Sprintf("H%g", x.from)
}

// A box is room that is taken.
type box struct{ x, y, x2, y2 float64 }

func (b box) hits(o box) bool { return b.x < o.x2 && o.x < b.x2 && b.y < o.y2 && o.y < b.y2 }

// label writes beside a point, or farther off with a line to it where something is in
// the way, or not at all: its words are in the tip and in the table, too.
func (p *picture) label(x, y float64, text string, taken []box) []box {
	w := textWidth(text)
	for _, far := range []float64{0, 14, 28, 42} {
		for _, at := range [][2]float64{
			{8 + far, 4}, {-w - 8 - far, 4}, {-w / 2, -9 - far}, {-w / 2, 18 + far}, {8 + far, -9 - far}, {8 + far, 17 + far}, {-w - 8 - far, -9 - far}, {-w - 8 - far, 17 + far},
		} {
			b := box{x + at[0], y + at[1] - 11, x + at[0] + w, y + at[1] + 2}
			if b.x < 46 || b.x2 > p.W || b.y2 > p.H-48 || slices.ContainsFunc(taken, b.hits) {
				continue
			}
			if far > 0 {
				p.line(x, y, min(max(x, b.x), b.x2), min(max(y, b.y), b.y2), "guide")
			}
			p.text(b.x, y+at[1], "name", "", text)
			return append(taken, b)
		}
	}
	return taken
}
