package corpus

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestSample(t *testing.T) {
	even := Blocks(members(40), 4)
	for _, tt := range []struct {
		name   string
		blocks []Range
		items  int
		bytes  int64
		want   int // blocks
	}{
		{"no blocks", nil, 5, 100, 0},
		{"all", even, 10, 40, 10},
		{"more than there is", even, 1 << 40, 1 << 40, 10},
		{"so many", even, 5, 0, 5},
		{"so many bytes", even, 0, 20, 5},
		{"and one more for a byte more", even, 0, 21, 6},
		{"both: the bytes take more", even, 3, 20, 5},
		{"both: the items take more", even, 7, 20, 7},
		{"nothing", even, 0, 0, 1},
		{"less than nothing", even, -1, -1, 1},
	} {
		if got := Sample(tt.blocks, 1, tt.items, tt.bytes); len(got) != tt.want {
			t.Errorf("%s: %d blocks, want %d", tt.name, len(got), tt.want)
		}
	}
}

func TestSampleProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 500), 1, 30).Draw(t, "sizes")
		blocks := Blocks(members(sizes...), rapid.Int64Range(0, 100).Draw(t, "block"))
		seed := rapid.Uint64().Draw(t, "seed")
		items, bytes := rapid.IntRange(0, 40).Draw(t, "items"), rapid.Int64Range(0, 5000).Draw(t, "bytes")
		before := slices.Clone(blocks)

		less := Sample(blocks, seed, items, bytes)
		more := Sample(blocks, seed, items+rapid.IntRange(0, 40).Draw(t, "more items"), bytes+rapid.Int64Range(0, 5000).Draw(t, "more bytes"))
		if !slices.Equal(blocks, before) {
			t.Fatal("the blocks given were changed")
		}
		if !slices.Equal(less, Sample(blocks, seed, items, bytes)) {
			t.Fatal("the same call gave another sample")
		}
		if len(less) < len(blocks) && (len(less) < max(items, 1) || total(less) < bytes) {
			t.Fatalf("%d bytes in %d blocks, asked for %d in %d", total(less), len(less), bytes, items)
		}
		if !ordered(less, more) || !ordered(more, blocks) {
			t.Fatalf("%v of %v of %v is not nested in order", less, more, blocks)
		}
	})
}

// No part of the data is favoured.
func TestSampleIsFair(t *testing.T) {
	const seeds, blocks = 10_000, 20
	var picked [blocks]int
	for seed := range uint64(seeds) {
		for _, b := range Sample(Blocks(members(blocks*4), 4), seed, 5, 0) {
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

// Small and large blocks are drawn in the proportion in which there are some, where
// drawing one by one would now and then take ten of a kind.
func TestSampleHasEverySize(t *testing.T) {
	var sizes []int
	for range 50 {
		sizes = append(sizes, 3, 3, 90, 3) // a fourth of them large
	}
	blocks := Blocks(members(sizes...), 0)
	for seed := range uint64(1000) {
		large := 0
		for _, b := range Sample(blocks, seed, 40, 0) {
			if b.Length == 90 {
				large++
			}
		}
		if large < 8 || large > 12 {
			t.Fatalf("seed %d: %d of 40 blocks are large, want about 10", seed, large)
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
