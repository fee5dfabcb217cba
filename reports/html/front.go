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

	Codec int    // its number among the codecs
	Label string // shorter than Name
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
func newFront(id string, f Front) *picture {
	p := &picture{Label: "compression ratio against speed, with the Pareto front", W: 720, H: 400}
	loX, hiX, loY, hiY := math.Inf(1), 0.0, math.Inf(1), 0.0
	for _, q := range f.Points {
		loX, hiX = min(loX, *q.X.Lo), max(hiX, *q.X.Hi)
		loY, hiY = min(loY, q.Y), max(hiY, q.Y)
	}
	x := scale{lo: loX / 1.05, hi: hiX * 1.05, from: 56, to: 680, logarithmic: true}
	y := scale{lo: loY - 0.06*(hiY-loY), hi: hiY + 0.08*(hiY-loY), from: 350, to: 40}
	p.axes(x, y, "MB/s →", "ratio ↑")
	f.legend(p)
	taken := []box{{0, 0, p.W, 26}} // by the legend
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
	for _, q := range f.Points {
		if q.On {
			taken = p.label(x.at(q.X.Est), y.at(q.Y), q.Label, taken)
		}
	}
	return p
}

// legend names the codecs in their colours.
func (f *Front) legend(p *picture) {
	at := 120.0
	for i, codec := range f.Codecs {
		name := shortened(codec, 150)
		if at+24+textWidth(name) > p.W || i == colours {
			p.text(at, 20, "name", "", "…")
			break
		}
		at = p.named(at, colour(i), name)
	}
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

// label writes beside a point where nothing is in its way, or not at all: its
// words are in the tip and in the table, too.
func (p *picture) label(x, y float64, text string, taken []box) []box {
	w := textWidth(text)
	for _, at := range [][2]float64{{8, 4}, {-w - 8, 4}, {-w / 2, -9}, {-w / 2, 18}, {8, -9}, {8, 17}, {-w - 8, -9}, {-w - 8, 17}} {
		b := box{x + at[0], y + at[1] - 11, x + at[0] + w, y + at[1] + 2}
		if b.x >= 58 && b.x2 <= p.W && !slices.ContainsFunc(taken, b.hits) {
			p.text(b.x, y+at[1], "name", "", text)
			return append(taken, b)
		}
	}
	return taken
}
