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
func newSizes(id string, s Sizes, width float64) *picture {
	p := &picture{Label: "compression ratio against the size of records, with and without a dictionary", W: width, H: 400}
	lo, hi, top := math.Inf(1), 0.0, 0.0
	var series []entry
	for i, q := range s.Points {
		lo, hi, top = min(lo, q.Bytes), max(hi, q.Bytes), max(top, q.Plain, q.Ratio)
		if i == 0 || q.Series != s.Points[i-1].Series {
			series = append(series, entry{colour(q.Series), q.Name})
		}
	}
	x := scale{lo: lo / 1.2, hi: hi * 1.2, logarithmic: true}
	y := scale{hi: top * 1.08}
	height := p.legend(series)
	p.plot(&x, &y)
	y.to += height
	p.axes(x, y, "bytes →", "ratio ↑")
	for i, q := range s.Points {
		class := colour(q.Series)
		if i > 0 && q.Series == s.Points[i-1].Series {
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
