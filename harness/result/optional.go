package result

import (
	"math"
)

// NonZero is nil for 0 and "": what does not apply is null in JSON.
func NonZero[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}

// Value is what p points to; 0 and "" for nil.
func Value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

// Finite keeps infinities out of JSON.
func Finite(v float64) *float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return nil
	}
	return &v
}
