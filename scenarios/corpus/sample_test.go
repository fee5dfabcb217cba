package corpus

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSample(t *testing.T) {
	even := Blocks(members(40), 4)
	for _, tt := range []struct {
		name   string
		blocks []Range
		bytes  int64
		want   int // blocks
	}{
		{"no blocks", nil, 100, 0},
		{"all fit", even, 40, 10},
		{"more room than data", even, 1 << 40, 10},
		{"one byte short of all", even, 39, 9},
		{"exactly five", even, 20, 5},
		{"five and a bit", even, 23, 5},
		{"less than one", even, 3, 1},
		{"nothing", even, 0, 1},
		{"less than nothing", even, -1, 1},
	} {
		if got := Sample(tt.blocks, 1, tt.bytes); len(got) != tt.want {
			t.Errorf("%s: %d blocks, want %d", tt.name, len(got), tt.want)
		}
	}
}

func TestSampleProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 500), 1, 30).Draw(t, "sizes")
		blocks := Blocks(members(sizes...), rapid.Int64Range(0, 100).Draw(t, "block"))
		seed := rapid.Uint64().Draw(t, "seed")
		small := rapid.Int64Range(0, 5000).Draw(t, "small")
		large := small + rapid.Int64Range(0, 5000).Draw(t, "more")
		before := slices.Clone(blocks)

		less, more := Sample(blocks, seed, small), Sample(blocks, seed, large)
		if !slices.Equal(blocks, before) {
			t.Fatal("the blocks given were changed")
		}
		if !reflect.DeepEqual(less, Sample(blocks, seed, small)) {
			t.Fatal("the same call gave another sample")
		}
		if len(blocks) > 0 && len(less) == 0 {
			t.Fatal("no block at all")
		}
		if bytes := total(less); bytes > small && len(less) > 1 {
			t.Fatalf("%d bytes in %d blocks, asked for %d", bytes, len(less), small)
		}
		if !ordered(less, more) || !ordered(more, blocks) {
			t.Fatalf("%v of %v of %v is not nested in order", less, more, blocks)
		}
	})
}

// TestSampleIsFair checks that no part of the data is favoured.
func TestSampleIsFair(t *testing.T) {
	const seeds, blocks = 10_000, 20
	var picked [blocks]int
	for seed := range uint64(seeds) {
		for _, b := range Sample(Blocks(members(blocks*4), 4), seed, 5*4) {
			picked[b.Offset/4]++
		}
	}
	const want = seeds * 5 / blocks // standard deviation 43
	for i, n := range picked {
		if n < want-220 || n > want+220 {
			t.Errorf("block %d was picked %d times of %d, want about %d", i, n, seeds, want)
		}
	}
}

func total(ranges []Range) (bytes int64) {
	for _, r := range ranges {
		bytes += r.Length
	}
	return bytes
}

// ordered reports whether all contains sub, in the same order.
func ordered(sub, all []Range) bool {
	for _, r := range sub {
		i := slices.Index(all, r)
		if i < 0 {
			return false
		}
		all = all[i+1:]
	}
	return true
}
