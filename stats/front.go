package stats

import "math"

// A FrontPoint is a candidate judged by two figures, both better when larger:
// Exact is known, Est is an estimate with the interval Lo to Hi.
type FrontPoint struct{ Exact, Est, Lo, Hi float64 }

// OnFront returns for each point the probability that it is on the Pareto
// front: that no other point is at least as good in both figures and better in
// one. The estimates are taken as independent and normal, with intervals of the
// given confidence in (0, 1), so the probability is the product over the rivals
// with an Exact at least as large. It is approximate, since rivals are not
// independent given the point itself. Points with the same figures do not
// dominate each other.
func OnFront(points []FrontPoint, confidence float64) []float64 {
	z := math.Sqrt2 * math.Erfinv(confidence)
	p := make([]float64, len(points))
	for i, a := range points {
		p[i] = 1
		for j, b := range points {
			if i == j || b.Exact < a.Exact {
				continue
			}
			sd := math.Hypot(a.Hi-a.Lo, b.Hi-b.Lo) / (2 * z)
			switch d := a.Est - b.Est; {
			case sd > 0:
				p[i] *= 0.5 * math.Erfc(-d/sd/math.Sqrt2)
			case d < 0 || d == 0 && b.Exact > a.Exact:
				p[i] = 0
			}
		}
	}
	return p
}

// Dominated reports for each point whether it is surely off the front: a rival
// has an Exact at least as large and an interval that lies wholly above the
// point's. All others share the front.
func Dominated(points []FrontPoint) []bool {
	off := make([]bool, len(points))
	for i, a := range points {
		for _, b := range points {
			off[i] = off[i] || b.Exact >= a.Exact && b.Lo > a.Hi
		}
	}
	return off
}
