package result

import (
	"fmt"
	"math"
)

// NewCellResult is a cell without figures.
func NewCellResult(c Cell) CellResult {
	return CellResult{Cell: c, Name: c.Name(), Warnings: []string{}, Samples: []Fork{}}
}

// NonEmpty is nil for "": what does not apply is null in JSON.
func NonEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// NonZero is nil for 0: what does not apply is null in JSON.
func NonZero(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

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

func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
