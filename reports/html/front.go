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
	l := labels{picture: p, taken: []box{{0, 0, p.W, y.to - 10}}} // by the legend
	stair := f.stair(x, y)
	p.path(pathText(stair), "stair")
	for i := range stair[1:] {
		l.taken = append(l.taken, around(stair[i], stair[i+1], 1))
	}
	for i, q := range f.Points {
		px, py, lo, hi := x.at(q.X.Est), y.at(q.Y), x.at(*q.X.Lo), x.at(*q.X.Hi)
		row, tip, look := fmt.Sprintf("%s-%d", id, i), q.Name+": "+q.Ratio+", "+q.Speed+" MB/s "+q.Bounds, "off"
		if q.On {
			look = "on"
		}
		p.line(lo, py, hi, py, colour(q.Codec)+"reach").of(row, tip)
		p.dot(px, py, 4.5, colour(q.Codec)+look).of(row, tip)
		l.taken = append(l.taken, around(point{px, py}, point{px, py}, 5), around(point{lo, py}, point{hi, py}, 1))
	}
	for _, on := range []bool{true, false} { // those on the front have their choice of places
		for _, q := range f.Points {
			if q.On == on {
				l.write(point{x.at(q.X.Est), y.at(q.Y)}, q.Name)
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

// stair runs along the points that no other beats in both figures by its estimate, from
// the fastest to the smallest, and from each end to an axis.
func (f *Front) stair(x, y scale) []point {
	sorted := slices.Clone(f.Points)
	slices.SortFunc(sorted, func(a, b FrontPoint) int { return cmp.Or(cmp.Compare(b.X.Est, a.X.Est), cmp.Compare(b.Y, a.Y)) })
	best, at := math.Inf(-1), point{x.at(sorted[0].X.Est), y.from}
	corners := []point{at}
	for _, q := range sorted {
		if q.Y <= best {
			continue
		}
		next := point{x.at(q.X.Est), y.at(q.Y)}
		if next.x != at.x {
			corners = append(corners, point{next.x, at.y})
		}
		corners = append(corners, next)
		best, at = q.Y, next
	}
	return append(corners, point{x.from, at.y})
}

// pathText draws a line through corners, each right above or beside the one before.
func pathText(corners []point) string {
	d := fmt.Sprintf("M%g %g", round1(corners[0].x), round1(corners[0].y))
	for i, c := range corners[1:] {
		if c.x == corners[i].x {
			d += fmt.Sprintf("V%g", round1(c.y))
		} else {
			d += fmt.Sprintf("H%g", round1(c.x))
		}
	}
	return d
}
