package codecs

import (
	"errors"
	"testing"
)

func TestLevelsCheck(t *testing.T) {
	for _, c := range []struct {
		levels Levels
		level  int
		ok     bool
	}{
		{Levels{1, 9}, 1, true},
		{Levels{1, 9}, 9, true},
		{Levels{1, 9}, 10, false},
		{Levels{1, 9}, 0, false},
		{Levels{1, 9}, -1, false},
		{Levels{-5, 22}, -5, true},
		{Levels{-5, 22}, -6, false},
		{Levels{-5, 22}, -1, true},
		{Levels{-5, 22}, 0, false},
		{Levels{-5, 22}, 22, true},
		{Levels{-5, 22}, 23, false},
	} {
		err := c.levels.Check(c.level)
		if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrLevel) {
			t.Errorf("%+v.Check(%d) = %v; want ok %v, or ErrLevel wrapped", c.levels, c.level, err, c.ok)
		}
	}
}

func TestModuleVersionOfAStranger(t *testing.T) {
	if got := ModuleVersion("example.com/never/linked"); got != "unknown" {
		t.Errorf("got %q, want unknown", got)
	}
}
