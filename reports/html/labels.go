package html

import "slices"

// A point is a place in a picture.
type point struct{ x, y float64 }

// A box is room that is taken.
type box struct{ x, y, x2, y2 float64 }

func (b box) hits(o box) bool { return b.x < o.x2 && o.x < b.x2 && b.y < o.y2 && o.y < b.y2 }

// around is the box that two points span, with so much room about it.
func around(a, b point, room float64) box {
	return box{min(a.x, b.x) - room, min(a.y, b.y) - room, max(a.x, b.x) + room, max(a.y, b.y) + room}
}

// nearest is the point of b that is nearest to p.
func (b box) nearest(p point) point { return point{min(max(p.x, b.x), b.x2), min(max(p.y, b.y), b.y2)} }

// crossed reports whether the line from p to q goes through b. It keeps the part of the line
// that lies between two opposite sides, then what of that lies between the other two.
func (b box) crossed(p, q point) bool {
	from, to := 0.0, 1.0
	for _, side := range [][4]float64{{p.x, q.x, b.x, b.x2}, {p.y, q.y, b.y, b.y2}} {
		at, step := side[0], side[1]-side[0]
		if step == 0 {
			if at <= side[2] || at >= side[3] {
				return false
			}
			continue
		}
		in, out := (side[2]-at)/step, (side[3]-at)/step
		from, to = max(from, min(in, out)), min(to, max(in, out))
	}
	return from < to
}

// labels are the words beside the points of a picture.
type labels struct {
	*picture
	taken   []box // by all that no words may cover
	written []box // by labels
	leads   [][2]point
}

// farthest is how far from its point a label may stand, and nearer steps are tried first.
const (
	farthest  = 98
	fartherBy = 14
)

// write writes beside a point, or farther off with a line to it where something is in the
// way, or not at all: its words are in the tip and in the table, too.
func (l *labels) write(at point, text string) {
	w := textWidth(text)
	for far := 0.0; far <= farthest; far += fartherBy {
		for _, by := range []point{
			{8 + far, 4}, {-w - 8 - far, 4}, {-w / 2, -9 - far}, {-w / 2, 18 + far}, {8 + far, -9 - far}, {8 + far, 17 + far}, {-w - 8 - far, -9 - far}, {-w - 8 - far, 17 + far},
		} {
			x, y := at.x+by.x, at.y+by.y
			b := box{x, y - 11, x + w, y + 2}
			lead := [2]point{at, b.nearest(at)}
			if !l.fits(b) || far > 0 && slices.ContainsFunc(l.written, func(o box) bool { return o.crossed(lead[0], lead[1]) }) {
				continue
			}
			if far > 0 {
				l.line(lead[0].x, lead[0].y, lead[1].x, lead[1].y, "guide")
				l.leads = append(l.leads, lead)
			}
			l.text(x, y, "name", "", text)
			l.written = append(l.written, b)
			return
		}
	}
}

// fits reports whether words have room: inside of the axes, over nothing else and no line
// to other words.
func (l *labels) fits(b box) bool {
	return b.x >= 46 && b.x2 <= l.W && b.y2 <= l.H-48 && !slices.ContainsFunc(l.taken, b.hits) && !slices.ContainsFunc(l.written, b.hits) &&
		!slices.ContainsFunc(l.leads, func(lead [2]point) bool { return b.crossed(lead[0], lead[1]) })
}
