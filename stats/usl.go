package stats

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// USL is the Universal Scalability Law (Gunther, "Guerrilla Capacity Planning",
// 2007, chapter 4): with N workers throughput is
//
//	X(N) = X1 N / (1 + contention (N-1) + coherence N (N-1))
//
// Contention is the share of the work that waits in line, coherence the cost of
// agreement for each pair of workers. With coherence 0 it is Amdahl's law with
// that share as its serial part.
type USL struct {
	X1         float64  // throughput of one worker
	Contention Estimate // >= 0
	Coherence  Estimate // >= 0
	// Peak is the number of workers with the highest throughput, +Inf where the
	// fit has no peak (coherence 0).
	Peak float64
	// Residual is the standard deviation of the points about the curve, as a
	// share.
	Residual float64
}

// ErrTooFewPoints is wrapped where there are too few points for a fit.
var ErrTooFewPoints = errors.New("too few points for a fit")

// How many points a fit of three constants takes.
const (
	minUSLPoints = 5 // different numbers of workers
	minUSLRange  = 4 // the most workers over the fewest
)

// FitUSL fits the law to throughputs x of numbers of workers n, of equal
// relative precision. The intervals have the given confidence; they are those
// of the delta method on a linear fit, with Student's quantile, cut off at 0:
//
//	N / X = a + b (N-1) + c N (N-1),  X1 = 1/a, contention = b/a, coherence = c/a
//
// with weights (X/N)^2, which make errors relative. Where b or c would be
// negative the best fit without it is used, with the interval of the full fit.
func FitUSL(n, x []float64, confidence float64) (USL, error) {
	distinct := map[float64]bool{}
	for i := range n {
		if !(n[i] >= 1) || !(x[i] > 0) || math.IsInf(x[i], 1) {
			return USL{}, fmt.Errorf("point %d: %v workers, throughput %v: want at least 1 and above 0", i+1, n[i], x[i])
		}
		distinct[n[i]] = true
	}
	if len(distinct) < minUSLPoints {
		return USL{}, fmt.Errorf("%w: %d numbers of workers, it takes %d", ErrTooFewPoints, len(distinct), minUSLPoints)
	}
	if lo, hi := slices.Min(n), slices.Max(n); hi < minUSLRange*lo {
		return USL{}, fmt.Errorf("%w: %v to %v workers, it takes a range of %d times", ErrTooFewPoints, lo, hi, minUSLRange)
	}
	full := fitLinear(n, x, []int{0, 1, 2})
	best := full
	if full.coef[1] < 0 || full.coef[2] < 0 {
		best = linearFit{squares: math.Inf(1)}
		for _, terms := range [][]int{{0, 1}, {0, 2}, {0}} {
			f := fitLinear(n, x, terms)
			if f.coef[1] >= 0 && f.coef[2] >= 0 && f.squares < best.squares {
				best = f
			}
		}
	}
	a := best.coef[0]
	u := USL{X1: 1 / a, Peak: math.Inf(1), Residual: math.Sqrt(full.squares / full.freedom)}
	quantile := StudentQuantile(0.5+confidence/2, full.freedom)
	of := func(k int) Estimate {
		v := best.coef[k] / a
		// Variance of a quotient, from the full fit.
		q := full.coef[k] / full.coef[0]
		va, vk, cov := full.cov[0][0], full.cov[k][k], full.cov[0][k]
		half := quantile * math.Sqrt(max(0, vk-2*q*cov+q*q*va)) / full.coef[0]
		return Estimate{Est: v, Lo: max(0, min(v, q-half)), Hi: max(v, q+half), N: len(n)}
	}
	u.Contention, u.Coherence = of(1), of(2)
	if k := u.Coherence.Est; k > 0 && u.Contention.Est < 1 {
		u.Peak = math.Sqrt((1 - u.Contention.Est) / k)
	}
	return u, nil
}

// Throughput returns X(n).
func (u USL) Throughput(n float64) float64 {
	return u.X1 * n / (1 + u.Contention.Est*(n-1) + u.Coherence.Est*n*(n-1))
}

// linearFit is a fit of N/X by those of the terms a + b (N-1) + c N (N-1) that
// were chosen.
type linearFit struct {
	coef    [3]float64
	cov     [3][3]float64
	squares float64 // of relative errors
	freedom float64
}

func fitLinear(n, x []float64, terms []int) linearFit {
	p := len(terms)
	basis := func(i int) [3]float64 { return [3]float64{1, n[i] - 1, n[i] * (n[i] - 1)} }
	m := make([][]float64, p) // normal equations, with the identity beside for the inverse
	for r := range m {
		m[r] = make([]float64, 2*p+1)
		m[r][p+1+r] = 1
	}
	for i := range n {
		w := (x[i] / n[i]) * (x[i] / n[i])
		b := basis(i)
		for r, tr := range terms {
			for c, tc := range terms {
				m[r][c] += w * b[tr] * b[tc]
			}
			m[r][p] += w * b[tr] * n[i] / x[i]
		}
	}
	gauss(m)
	f := linearFit{freedom: float64(len(n) - p)}
	for r, tr := range terms {
		f.coef[tr] = m[r][p]
	}
	for i := range n {
		b := basis(i)
		d := (f.coef[0]*b[0] + f.coef[1]*b[1] + f.coef[2]*b[2]) * x[i] / n[i]
		f.squares += (d - 1) * (d - 1)
	}
	for r, tr := range terms {
		for c, tc := range terms {
			f.cov[tr][tc] = m[r][p+1+c] * f.squares / f.freedom
		}
	}
	return f
}

// gauss solves equations by elimination with partial pivoting: afterwards the
// square on the left is the identity.
func gauss(m [][]float64) {
	for i := range m {
		pivot := i
		for r := i + 1; r < len(m); r++ {
			if math.Abs(m[r][i]) > math.Abs(m[pivot][i]) {
				pivot = r
			}
		}
		m[i], m[pivot] = m[pivot], m[i]
		d := m[i][i]
		for c := range m[i] {
			m[i][c] /= d
		}
		for r := range m {
			if r == i {
				continue
			}
			f := m[r][i]
			for c := range m[r] {
				m[r][c] -= f * m[i][c]
			}
		}
	}
}
