package html

import (
	"fmt"
	"math"
)

// Sizes are ratios against the size of records, of codecs without a dictionary and
// with one.
type Sizes struct {
	Title  string
	Points []SizePoint // of one codec and dictionary behind those of another, each by size
}

// A SizePoint is one codec and dictionary with records of one size, in words and
// numbers.
type SizePoint struct {
	Name, Size, Without, With, Gain, Bounds string

	Series       int // its number among the codecs and dictionaries
	Bytes        float64
	Plain, Ratio float64
}

func (s Sizes) points() int { return len(s.Points) }

// newSizes is the picture: size to the right on a logarithmic axis, ratio upwards;
// filled points with a dictionary, hollow ones without.
func newSizes(id string, s Sizes) *picture {
	p := &picture{Label: "compression ratio against the size of records, with and without a dictionary", W: 720, H: 400}
	lo, hi, top := math.Inf(1), 0.0, 0.0
	for _, q := range s.Points {
		lo, hi, top = min(lo, q.Bytes), max(hi, q.Bytes), max(top, q.Plain, q.Ratio)
	}
	x := scale{lo: lo / 1.2, hi: hi * 1.2, from: 56, to: 680, logarithmic: true}
	y := scale{hi: top * 1.08, from: 350, to: 40}
	p.axes(x, y, "bytes →", "ratio ↑")
	at, drawn := 160.0, -1
	for i, q := range s.Points {
		class := colour(q.Series)
		if q.Series != drawn {
			if drawn = q.Series; at+24+textWidth(q.Name) < p.W {
				at = p.named(at, class, q.Name)
			}
		} else {
			before := s.Points[i-1]
			p.line(x.at(before.Bytes), y.at(before.Ratio), x.at(q.Bytes), y.at(q.Ratio), class+"curve")
			p.line(x.at(before.Bytes), y.at(before.Plain), x.at(q.Bytes), y.at(q.Plain), class+"reach")
		}
		row := fmt.Sprintf("%s-%d", id, i)
		p.dot(x.at(q.Bytes), y.at(q.Plain), 4.5, class+"off").of(row, q.Name+", "+q.Size+": "+q.Without+" without")
		p.dot(x.at(q.Bytes), y.at(q.Ratio), 4.5, class+"on").of(row, q.Name+", "+q.Size+": "+q.With)
	}
	return p
}
