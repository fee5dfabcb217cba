package corpus

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// minHalf is the fewest different records of a half: a dictionary of fewer says nothing
// of the next record.
const minHalf = 8

// Halve takes one half of the records away from Members, for dictionaries to learn
// from, and leaves the other to be measured. Records of the same content stay
// together, so that nothing is in both halves. They are drawn by the seed, or by the data
// where that is nil: then every run on the same data measures the same half.
func (c *Corpus) Halve(seed *uint64) error {
	type content [sha256.Size]byte
	var order []content // of first appearance
	first := map[content]bool{}
	sums := make([]content, len(c.Members))
	for i, m := range c.Members {
		sums[i] = sha256.Sum256(m.Data)
		if len(m.Data) > 0 && !first[sums[i]] {
			first[sums[i]] = true
			order = append(order, sums[i])
		}
	}
	if len(order) < 2*minHalf {
		return fmt.Errorf("corpus %q has %d different records, and a dictionary learns from one half of at least %d: "+
			"%s, or name a dictionary's file", c.Name, len(order), 2*minHalf, c.moreRecords())
	}
	draw := rng(halfSeed(c.Digest()))
	if seed != nil {
		draw = rng(*seed)
	}
	// A permutation, of which the first half learns: exactly half of them, whatever is drawn.
	for i := len(order) - 1; i > 0; i-- {
		j := int(draw.next() % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
	learns := make(map[content]bool, len(order)/2)
	for _, sum := range order[:len(order)/2] {
		learns[sum] = true
	}
	var training, rest []Member
	for i, m := range c.Members {
		if learns[sums[i]] {
			training = append(training, m)
		} else {
			rest = append(rest, m)
		}
	}
	c.Training, c.Members = training, rest
	return nil
}

// halfSeed is the seed that follows from the data.
func halfSeed(digest string) uint64 {
	sum := sha256.Sum256([]byte("halves " + digest))
	return binary.BigEndian.Uint64(sum[:])
}

// samplesPerSize is how many times its own size a dictionary learns from at most. The
// makers of zstd advise a hundred times; more costs time and changes little.
const samplesPerSize = 100

// Samples are the records that a dictionary of size bytes learns from: all, or of more
// than it needs every second, third and so on.
func Samples(records []Member, size int) (samples [][]byte) {
	var total int64
	for _, r := range records {
		total += int64(len(r.Data))
	}
	step := int((total-1)/(int64(size)*samplesPerSize)) + 1
	for i := 0; i < len(records); i += step {
		samples = append(samples, records[i].Data)
	}
	return samples
}
