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
	// Sample spools a subset of at least so many items and bytes, all where there are
	// less, in blocks of at most block bytes, and returns where it is. A smaller
	// subset is part of a larger one.
	Sample(block int64, items int, bytes int64, seed uint64) (journal.Subset, error)
	// Parts spools all items in so many parts, of consecutive items each and of about
	// equal bytes; fewer where there are not as many items, and none of data that is
	// not to be taken whole.
	Parts(block int64, parts int) ([]journal.Subset, error)
	// Piece spools so many bytes of a subset of one item, from its beginning; false where
	// it has no more than that.
	Piece(of journal.Subset, bytes int64) (journal.Subset, bool, error)
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
			if block := cell.ItemBytes(); cell.Corpus == c.Name && s.blocks[block] == nil {
				s.blocks[block] = corpus.Blocks(c.Members, block)
			}
		}
		data[c.Name] = s
	}
	return data, nil
}

// Info says what the corpus is.
func (s *spooled) Info() journal.CorpusInfo { return s.info }

// Sample writes the index of a subset; see Data.
func (s *spooled) Sample(block int64, items int, bytes int64, seed uint64) (journal.Subset, error) {
	return s.subset(block, corpus.Sample(s.blocks[block], seed, items, bytes))
}

// Parts writes an index for each part of the whole; see Data.
func (s *spooled) Parts(block int64, parts int) ([]journal.Subset, error) {
	var out []journal.Subset
	blocks, begun := s.blocks[block], int64(0)
	for n := int64(1); len(blocks) > 0; n++ {
		end := s.info.Bytes * n / int64(parts)
		count, bytes := 0, int64(0)
		for count < len(blocks) && (count == 0 || begun+bytes+blocks[count].Length <= end) {
			bytes += blocks[count].Length
			count++
		}
		part, err := s.subset(block, blocks[:count])
		if err != nil {
			return nil, err
		}
		out = append(out, part)
		blocks, begun = blocks[count:], begun+bytes
	}
	return out, nil
}

// Piece writes the index of a piece of an item; see Data.
func (s *spooled) Piece(of journal.Subset, bytes int64) (journal.Subset, bool, error) {
	blocks := s.blocks[of.Block]
	at := slices.IndexFunc(blocks, func(r corpus.Range) bool {
		return r.Length > bytes && corpus.DigestItems(s.info.Digest, []corpus.Range{r}) == of.Digest
	})
	if at < 0 {
		return journal.Subset{}, false, nil
	}
	piece, err := s.subset(of.Block, []corpus.Range{{Offset: blocks[at].Offset, Length: bytes}})
	return piece, err == nil, err
}

// subset writes the index of some blocks.
func (s *spooled) subset(block int64, chosen []corpus.Range) (journal.Subset, error) {
	index, err := s.spool.Index(chosen)
	if err != nil {
		return journal.Subset{}, fmt.Errorf("corpus %s: %w", s.info.Name, err)
	}
	out := journal.Subset{Corpus: s.info.Name, Block: block, Items: len(chosen), WholeItems: len(s.blocks[block]),
		Digest: corpus.DigestItems(s.info.Digest, chosen), Data: worker.Data{Path: s.spool.Data, Index: index}}
	for _, r := range chosen {
		out.Bytes += r.Length
	}
	return out, nil
}
