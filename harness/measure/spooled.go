package measure

import (
	"context"
	"fmt"
	"slices"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
	"zstdshop/scenarios/corpus"
)

// Data is a loaded corpus as the engine needs it.
type Data interface {
	Info() journal.CorpusInfo
	// Sample spools a seeded sample of at most limit bytes (at least one
	// block) in blocks of at most block bytes, and returns where it is. A
	// smaller sample is part of a larger one.
	Sample(block, limit int64, seed uint64) (journal.Subset, error)
}

// Spooled is a corpus whose bytes lie in a file, so that the controller need
// not hold them while it measures.
type Spooled struct {
	info   journal.CorpusInfo
	spool  *corpus.Spool
	blocks map[int64][]corpus.Range // by block size
}

// SpoolCorpus writes c's bytes into dir and works out its blocks of the sizes
// given; c itself is not kept.
func SpoolCorpus(ctx context.Context, c *corpus.Corpus, dir string, blocks []int64) (*Spooled, error) {
	spool, err := c.Spool(ctx, dir)
	if err != nil {
		return nil, err
	}
	s := &Spooled{spool: spool, blocks: map[int64][]corpus.Range{},
		info: journal.CorpusInfo{Name: c.Name, Source: c.Source, Bytes: c.Size(), Files: len(c.Members)}}
	for _, b := range blocks {
		s.blocks[b] = corpus.Blocks(c.Members, b)
	}
	return s, nil
}

// blocksOf returns the block sizes in which cells work on a corpus.
func blocksOf(cells []result.Cell, corpus string) []int64 {
	var sizes []int64
	for _, c := range cells {
		if c.Corpus == corpus && !slices.Contains(sizes, c.Block) {
			sizes = append(sizes, c.Block)
		}
	}
	return sizes
}

// Spool writes corpora into dir in the blocks that cells have of them.
func Spool(ctx context.Context, corpora []*corpus.Corpus, cells []result.Cell, dir string) (map[string]Data, error) {
	data := map[string]Data{}
	for _, c := range corpora {
		s, err := SpoolCorpus(ctx, c, dir, blocksOf(cells, c.Name))
		if err != nil {
			return nil, err
		}
		data[c.Name] = s
	}
	return data, nil
}

// Info says what the corpus is.
func (s *Spooled) Info() journal.CorpusInfo { return s.info }

// Sample writes the index of a sample; see Data.
func (s *Spooled) Sample(block, limit int64, seed uint64) (journal.Subset, error) {
	chosen := corpus.Sample(s.blocks[block], seed, limit)
	index, err := s.spool.Index(chosen)
	if err != nil {
		return journal.Subset{}, fmt.Errorf("corpus %s: %w", s.info.Name, err)
	}
	out := journal.Subset{Corpus: s.info.Name, Block: block, Items: len(chosen),
		Data: worker.Data{Path: s.spool.Data, Index: index}}
	for _, r := range chosen {
		out.Bytes += r.Length
	}
	return out, nil
}
