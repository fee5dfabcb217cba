package measure

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// pilotBytes is how much of a corpus the pilot run works on.
const pilotBytes = 256 << 10

// subsetSeed draws the subset of a corpus in blocks of one size: the run's seed where
// it was asked for, else what follows from the data alone, so that every run on the
// same data works on the same part of it. How fast anything is has no say.
func subsetSeed(digest string, block int64, asked *uint64) uint64 {
	if asked != nil {
		return *asked
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "subset %s %d", digest, block))
	return binary.BigEndian.Uint64(sum[:])
}

// A draw takes subsets of the corpora of a run.
type draw struct {
	data  map[string]Data
	asked *uint64 // seed; nil: of the data
}

// least is the smallest subset of at least so many items and bytes, all where there
// are less.
func (d draw) least(corpus string, block int64, items int, bytes int64) (journal.Subset, error) {
	data := d.data[corpus]
	if data == nil {
		return journal.Subset{}, fmt.Errorf("corpus %q is not loaded", corpus)
	}
	return data.Sample(block, items, bytes, subsetSeed(data.Info().Digest, block, d.asked))
}

// halved is s with half of its items; false where it has only one.
func (d draw) halved(s journal.Subset) (journal.Subset, bool, error) {
	if s.Items <= 1 {
		return s, false, nil
	}
	smaller, err := d.least(s.Corpus, s.Block, s.Items/2, 0)
	return smaller, err == nil, err
}

// of returns what a run should work on, for every corpus and block that cells name,
// and the part of it for the pilot run.
func (d draw) of(cells []result.Cell) (full, small []journal.Subset, err error) {
	for _, c := range cells {
		if c.Corpus == "" || sampleIndex(full, c) >= 0 {
			continue
		}
		f, err := d.least(c.Corpus, c.ItemBytes(), result.SubsetItems, result.SubsetBytes)
		if err != nil {
			return nil, nil, err
		}
		s, err := d.least(c.Corpus, c.ItemBytes(), 1, min(pilotBytes, f.Bytes))
		if err != nil {
			return nil, nil, err
		}
		full, small = append(full, f), append(small, s)
	}
	return full, small, nil
}
