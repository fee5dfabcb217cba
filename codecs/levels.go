package codecs

import "fmt"

// Levels is what levels a codec has, how they are numbered, and which of them
// stands for which effort.
type Levels struct {
	// Min and Max are the lowest and the highest level, both inclusive.
	Min, Max int

	// Own is set where the numbers are the library's own, as gzip's 1..9 are.
	// They say nothing about another codec's, and 0 is a level like any other.
	//
	// Otherwise they are zstd's, and 0 is none of them: libraries read it as
	// "default" and differ on what that is.
	Own bool

	// Fastest, Default and Best are the levels of the three efforts, in order.
	// Fastest is what the library calls its fastest that still compresses; on
	// zstd's scale it is 1. Default is what the library does unasked; on zstd's
	// scale it is zstd's own, 3. Best is the highest that is in ordinary use:
	// above zstd's 19, memory and time grow out of proportion.
	Fastest, Default, Best int
}

// Check returns nil, or an error that wraps ErrLevel and names the range.
func (l Levels) Check(level int) error {
	if level >= l.Min && level <= l.Max && (level != 0 || l.Own) {
		return nil
	}
	if l.Own {
		return fmt.Errorf("%w: %d is not in %d..%d", ErrLevel, level, l.Min, l.Max)
	}
	return fmt.Errorf("%w: %d is not in %d..%d (0 excluded)", ErrLevel, level, l.Min, l.Max)
}

// Effort is a level in a word that every codec with levels knows.
type Effort string

const (
	Fastest Effort = "fastest"
	Default Effort = "default"
	Best    Effort = "best"
)

// Efforts returns all efforts, the fastest first.
func Efforts() []Effort { return []Effort{Fastest, Default, Best} }

// For returns the level of an effort. The error wraps ErrLevel and names the
// efforts there are. Two efforts may have the same level: many libraries are
// at their fastest unasked.
func (l Levels) For(effort Effort) (int, error) {
	switch effort {
	case Fastest:
		return l.Fastest, nil
	case Default:
		return l.Default, nil
	case Best:
		return l.Best, nil
	}
	return 0, fmt.Errorf("%w: effort %q is none of %v", ErrLevel, effort, Efforts())
}
