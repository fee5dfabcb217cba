package result

import (
	"fmt"
	"strconv"
)

// Unit is what a number counts. Results hold base units, and reports choose a larger
// one to draw.
type Unit int

const (
	Plain       Unit = iota // a number without a unit
	Count                   // of things, often large
	Nanoseconds             // of wall time
	Bytes
	Share     // of 1, drawn as percent
	PerSecond // things in a second
)

// Plural counts things: "1 cell", "2 cells".
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Digits writes a value with n digits that count, as %.3g does with three, and never
// with an exponent: 183 with two is 180.
func Digits(v float64, n int) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', n, 64), 64)
	if err != nil { // rounded up beyond what a float64 holds
		rounded = v
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}
