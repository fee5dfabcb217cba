package measure

import (
	"context"
	"fmt"

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

// spooled is a corpus whose bytes lie in a file, so that the controller need
// not hold them while it measures.
type spooled struct {
	info   journal.CorpusInfo
	spool  *corpus.Spool
	blocks map[int64][]corpus.Range // by block size
}

// Spool writes corpora into dir in the blocks that cells have of them; the corpora
// themselves are not kept.
func Spool(ctx context.Context, corpora []*corpus.Corpus, cells []result.Cell, dir string) (map[string]Data, error) {
	data := map[string]Data{}
	for _, c := range corpora {
		spool, err := c.Spool(ctx, dir)
		if err != nil {
			return nil, err
		}
		s := &spooled{spool: spool, blocks: map[int64][]corpus.Range{},
			info: journal.CorpusInfo{Name: c.Name, Source: c.Source, Bytes: c.Size(), Files: len(c.Members), Digest: c.Digest()}}
		for _, cell := range cells {
			if cell.Corpus == c.Name && s.blocks[cell.Block] == nil {
				s.blocks[cell.Block] = corpus.Blocks(c.Members, cell.Block)
			}
		}
		data[c.Name] = s
	}
	return data, nil
}

// Info says what the corpus is.
func (s *spooled) Info() journal.CorpusInfo { return s.info }

// Sample writes the index of a sample; see Data.
func (s *spooled) Sample(block, limit int64, seed uint64) (journal.Subset, error) {
	chosen := corpus.Sample(s.blocks[block], seed, limit)
	index, err := s.spool.Index(chosen)
	if err != nil {
		return journal.Subset{}, fmt.Errorf("corpus %s: %w", s.info.Name, err)
	}
	out := journal.Subset{Corpus: s.info.Name, Block: block, Items: len(chosen),
		Digest: corpus.DigestItems(s.info.Digest, chosen), Data: worker.Data{Path: s.spool.Data, Index: index}}
	for _, r := range chosen {
		out.Bytes += r.Length
	}
	return out, nil
}
