package stats

import (
	"math"
	"testing"
)

// Of a mean the jackknife's standard error is the usual one.
func TestJackknifeSEOfAMean(t *testing.T) {
	values := []float64{3, 1, 4, 1, 5, 9, 2, 6}
	n := float64(len(values))
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	var without []float64
	squares := 0.0
	for _, v := range values {
		without = append(without, (sum-v)/(n-1))
		squares += (v - sum/n) * (v - sum/n)
	}
	if got, want := JackknifeSE(without), math.Sqrt(squares/(n-1)/n); !near(got, want) {
		t.Errorf("standard error %v, want %v", got, want)
	}
	if got := JackknifeSE([]float64{1}); !math.IsInf(got, 1) {
		t.Errorf("of one group %v, want +Inf: it says nothing of its own scatter", got)
	}
}
