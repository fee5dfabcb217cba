package result

import "fmt"

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
