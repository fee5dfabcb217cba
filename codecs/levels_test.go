package codecs

import (
	"errors"
	"testing"
)

func TestLevelsCheck(t *testing.T) {
	zstd := func(min, max int) Levels { return Levels{Min: min, Max: max} }
	own := func(min, max int) Levels { return Levels{Min: min, Max: max, Own: true} }
	for _, c := range []struct {
		levels Levels
		level  int
		ok     bool
	}{
		{zstd(1, 9), 1, true},
		{zstd(1, 9), 9, true},
		{zstd(1, 9), 10, false},
		{zstd(1, 9), 0, false},
		{zstd(1, 9), -1, false},
		{zstd(-5, 22), -5, true},
		{zstd(-5, 22), -6, false},
		{zstd(-5, 22), -1, true},
		{zstd(-5, 22), 0, false},
		{zstd(-5, 22), 22, true},
		{zstd(-5, 22), 23, false},
		{own(0, 11), 0, true},
		{own(0, 11), 11, true},
		{own(0, 11), -1, false},
		{own(0, 11), 12, false},
		{own(1, 9), 0, false},
		{own(-1, 1), 0, true},
	} {
		err := c.levels.Check(c.level)
		if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrLevel) {
			t.Errorf("%+v.Check(%d) = %v; want ok %v, or ErrLevel wrapped", c.levels, c.level, err, c.ok)
		}
	}
}

func TestLevelsFor(t *testing.T) {
	levels := Levels{Min: 0, Max: 11, Own: true, Fastest: 0, Default: 6, Best: 11}
	for i, want := range []int{0, 6, 11} {
		effort := Efforts()[i]
		if got, err := levels.For(effort); got != want || err != nil {
			t.Errorf("For(%q) = %d, %v; want %d", effort, got, err, want)
		}
	}
	for _, stranger := range []Effort{"", "Best", "better"} {
		if got, err := levels.For(stranger); !errors.Is(err, ErrLevel) {
			t.Errorf("For(%q) = %d, %v; want ErrLevel wrapped", stranger, got, err)
		}
	}
}
