package scenarios

import (
	"context"
	"errors"
	"fmt"

	"zstdshop/codecs"
)

// streamWork is how the scenarios of streams differ.
type streamWork struct {
	flush bool // after each write
	reads bool // tasks read what Prepare has written
}

// newStreamed makes writers and readers and writes every stream once, with the first
// worker's writer. On an error everything is closed.
func newStreamed(ctx context.Context, in Input, work streamWork) (*streamed, error) {
	codec, _ := in.Codec.(codecs.Streamer)
	switch {
	case codec == nil:
		return nil, errors.New("prepare: the codec has no streams: choose another")
	case len(in.Items) == 0:
		return nil, errors.New("prepare: the corpus has no items")
	case in.Workers < 1:
		return nil, fmt.Errorf("prepare: workers must be at least 1, is %d", in.Workers)
	case in.Write < 0:
		return nil, fmt.Errorf("prepare: a write of %d bytes", in.Write)
	}
	s := &streamed{items: in.Items, piece: in.Write, flush: work.flush, facts: itemFacts(in.Items)}
	if s.piece == 0 { // whole files
		s.piece = 1 // a read into nothing would never come to an end
		for _, size := range s.facts.ItemBytes {
			s.piece = max(s.piece, size)
		}
	}
	s.workers = make([]streamer, in.Workers)
	if err := s.prepare(ctx, in, codec, work); err != nil {
		_ = s.Close() // the first error is more useful
		return nil, err
	}
	return s, nil
}

// prepare writes every stream with the first worker, and then has in all workers what
// tasks need, and nothing else.
func (s *streamed) prepare(ctx context.Context, in Input, codec codecs.Streamer, work streamWork) error {
	window, err := codec.StreamWindow(in.Level)
	if err != nil {
		return fmt.Errorf("prepare: %w", err)
	}
	s.facts.Stream = &StreamFacts{Window: window}
	first := &s.workers[0]
	if err := first.open(codec, in.Level, s.piece, true, in.Verify); err != nil {
		return fmt.Errorf("make streams: %w", err)
	}
	if err := s.pass(ctx, in, work.reads); err != nil {
		return err
	}
	if in.Verify {
		if err := s.measure(in, codec, work.reads); err != nil {
			return err
		}
	}
	if err := first.close(work.reads, !work.reads); err != nil {
		return err
	}
	for i := range s.workers {
		if err := s.workers[i].open(codec, in.Level, s.piece, !work.reads, work.reads); err != nil {
			return fmt.Errorf("make streams of worker %d: %w", i, err)
		}
	}
	return nil
}
