package corpus

// Sample returns a subset of blocks, picked at random with equal probability
// until the next one would make them more than bytes in all. It has at least
// one block, even where that alone is more. The blocks keep their order, so
// that neighbours in the data stay neighbours in a slice.
//
// The same blocks and seed give the same subset, and a smaller subset is part
// of every larger one. So runs that can afford different amounts work on the
// same data as far as they go, and they do not differ by the luck of the draw.
func Sample(blocks []Range, seed uint64, bytes int64) []Range {
	if len(blocks) == 0 {
		return nil
	}
	// The subset is the beginning of a shuffled list, so that subsets nest.
	// Replacing a block that does not fit by a smaller one would use more of
	// the limit, but subsets would not nest.
	order := make([]int, len(blocks))
	for i := range order {
		order[i] = i
	}
	r := rng(seed)
	chosen := make([]bool, len(blocks))
	count := 0
	for i := range order {
		j := i + r.below(len(order)-i)
		order[i], order[j] = order[j], order[i]
		length := blocks[order[i]].Length
		if count > 0 && length > bytes {
			break
		}
		bytes -= length
		chosen[order[i]] = true
		count++
	}
	sample := make([]Range, 0, count)
	for i, block := range blocks {
		if chosen[i] {
			sample = append(sample, block)
		}
	}
	return sample
}
