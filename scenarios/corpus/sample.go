package corpus

// Sample picks blocks at random, all of them equally likely, until the next one
// would make them more than bytes in all; at least one, even where that alone
// is more. They come back in the order they had, so that neighbours in the data
// stay neighbours in a slice.
//
// The same blocks and seed give the same sample, and a smaller sample is part
// of every larger one. Cells that can afford different amounts so work on the
// same data as far as they go: the difference between them is not the luck of
// the draw.
func Sample(blocks []Range, seed uint64, bytes int64) []Range {
	if len(blocks) == 0 {
		return nil
	}
	// The sample is the beginning of a shuffled list, which is what makes
	// samples nest. Passing over a block that does not fit for a smaller one
	// behind it would fill up better, but not nest.
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
