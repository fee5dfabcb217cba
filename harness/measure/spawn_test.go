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

// Where items are streams, they are cut by the length of a stream, and a block is what the
// worker writes or reads at a time.
func TestStreamsAreItems(t *testing.T) {
	blocks, streams := result.Cell{Corpus: "data", Block: 4 << 10}, result.Cell{Corpus: "data", Block: 4 << 10, Stream: 64 << 10}
	if a, b := cellSpec(blocks).Write, cellSpec(streams).Write; a != 0 || b != 4<<10 {
		t.Errorf("writes of %d bytes for blocks and of %d for streams, want 0 and 4096", a, b)
	}
	data := folderData(t, blocks, streams)
	full, _, err := draw{data: data}.of([]result.Cell{blocks, streams})
	if err != nil || len(full) != 2 {
		t.Fatalf("%d subsets, %v; want one of blocks and one of streams", len(full), err)
	}
	for i, c := range []result.Cell{blocks, streams} {
		if at := sampleIndex(full, c); at != i || full[i].Block != c.ItemBytes() {
			t.Errorf("%s has subset %d of items of %d, want %d of %d", c.Name(), at, full[i].Block, i, c.ItemBytes())
		}
	}
}
