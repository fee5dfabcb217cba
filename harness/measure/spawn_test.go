package measure

import (
	"errors"
	"testing"

	"zstdshop/harness"
	"zstdshop/harness/internal/standin"
	"zstdshop/harness/result"
)

func TestSpawn(t *testing.T) {
	for _, c := range []struct {
		cell  result.Cell
		procs int
	}{
		{result.Cell{Runner: "pool", Workers: 1}, 8}, {result.Cell{Runner: "single", Workers: 1}, 8},
		{result.Cell{Runner: "one", Workers: 4}, 1}, {result.Cell{Runner: "pool", GOMAXPROCS: 3}, 3},
	} {
		got, err := spawnOf(c.cell, standin.Registry(t), 8)
		if err != nil || got.GOMAXPROCS != c.procs {
			t.Errorf("%s: GOMAXPROCS %d (%v), want %d", c.cell.Name(), got.GOMAXPROCS, err, c.procs)
		}
	}
	if _, err := spawnOf((result.Cell{Runner: "nope"}), standin.Registry(t), 2); !errors.Is(err, harness.ErrUnknown) {
		t.Errorf("got %v, want ErrUnknown", err)
	}
}
