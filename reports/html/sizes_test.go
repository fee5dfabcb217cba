package html

import (
	"strings"
	"testing"
)

// Larger records are to the right, better ratios higher up, and the filled points are
// those with a dictionary.
func TestSizes(t *testing.T) {
	p := newSizes("d0", Sizes{Points: []SizePoint{{Name: "fast", Bytes: 256, Plain: 1, Ratio: 3}, {Name: "fast", Bytes: 4096, Plain: 2, Ratio: 4}}}, wideWidth)
	var with, without []shape
	for _, s := range p.Shapes {
		switch {
		case s.Row != "" && strings.HasSuffix(s.Class, "on"):
			with = append(with, s)
		case s.Row != "" && strings.HasSuffix(s.Class, "off"):
			without = append(without, s)
		}
	}
	if len(with) != 2 || len(without) != 2 {
		t.Fatalf("%d points with and %d without a dictionary, want 2 and 2", len(with), len(without))
	}
	if !(with[0].X < with[1].X && with[0].X == without[0].X && without[0].Y > without[1].Y && without[1].Y > with[0].Y && with[0].Y > with[1].Y) {
		t.Errorf("with %v, without %v: want sizes to the right and ratios upwards", with, without)
	}
}
