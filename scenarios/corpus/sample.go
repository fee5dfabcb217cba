package corpus

import (
	"cmp"
	"math/bits"
	"slices"
)

// Sample returns a subset of blocks: the fewest of a fixed order that are at least
// items blocks and bytes in all, or all of them where they are less. It has at least
// one block. The blocks keep their order in the data, so that neighbours in the data
// stay neighbours in a slice.
//
// The same blocks and seed give the same subset, and a smaller subset is part of
// every larger one. So what is drawn depends on nothing but the data and the seed,
// and runs that can afford different amounts work on the same data as far as they go.
//
// Files of one folder may be of a hundred bytes or of a million, and cost and ratio
// go by size. So blocks are not drawn one by one: they are sorted by size, blocks of
// one size by place, and the order steps through that list by the golden ratio from
// a start that the seed draws. Any beginning of such an order is spread evenly over
// the list (the three-gap theorem), and each block is as likely as any other to be at
// a given place of it. How far that is off from all of the blocks shows
// docs/evidence/subset.
func Sample(blocks []Range, seed uint64, items int, bytes int64) []Range {
	if len(blocks) == 0 {
		return nil
	}
	bySize := make([]int, len(blocks))
	for i := range bySize {
		bySize[i] = i
	}
	slices.SortStableFunc(bySize, func(a, b int) int { return cmp.Compare(blocks[a].Length, blocks[b].Length) })
	const golden = 0x9e3779b97f4a7c15 // 2^64 / golden ratio
	r := rng(seed)
	chosen := make([]bool, len(blocks)) // by place in bySize
	sample := make([]Range, 0, min(len(blocks), max(items, 1)))
	for at := r.next(); len(sample) < len(blocks) && (len(sample) < max(items, 1) || bytes > 0); at += golden {
		hi, _ := bits.Mul64(at, uint64(len(blocks)))
		k := int(hi)
		for chosen[k] {
			k = (k + 1) % len(blocks)
		}
		chosen[k] = true
		block := blocks[bySize[k]]
		sample = append(sample, block)
		bytes -= block.Length
	}
	slices.SortFunc(sample, func(a, b Range) int { return cmp.Compare(a.Offset, b.Offset) })
	return sample
}
