package scenarios

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"zstdshop/codecs"
)

// defaultStream is the content of a stream where nobody says how much it is: what
// slow levels compress in about half a second.
const defaultStream = 256 << 10

// streamed is the part that the scenarios of streams share. An item is the content of
// one stream, and a task one whole stream: begun, written or read, and ended. So no task
// leaves work behind that another would find done, as a writer does that keeps what it
// was given until there is more.
type streamed struct {
	items   [][]byte // the caller's
	piece   int      // most bytes of one write or read
	flush   bool     // after each write
	facts   Facts
	streams [][]byte // by item, where tasks read them
	workers []streamer
}

// streamer belongs to one worker.
type streamer struct {
	w       codecs.StreamWriter // nil where unused
	r       codecs.StreamReader // nil where unused
	sent    sink
	arrived bytes.Reader
	plain   []byte // what a read fills
	steps   stepClock
}

// sink is what a writer writes to: it counts, as a connection takes what it is given,
// and keeps it where there is a place to.
type sink struct {
	bytes int
	kept  *bytes.Buffer // nil on the clock
}

func (s *sink) Write(p []byte) (int, error) {
	s.bytes += len(p)
	if s.kept != nil {
		s.kept.Write(p)
	}
	return len(p), nil
}

// open makes a writer and a reader where they are asked for and not there yet.
func (w *streamer) open(codec codecs.Streamer, level, piece int, writer, reader bool) (err error) {
	if writer && w.w == nil {
		w.w, err = codec.NewWriter(&w.sent, level)
	}
	if err == nil && reader && w.r == nil {
		w.r, err = codec.NewReader(&w.arrived)
		w.plain = make([]byte, piece)
	}
	return err
}

// close closes the writer and the reader where that is asked for.
func (w *streamer) close(writer, reader bool) error {
	var errs []error
	if writer && w.w != nil {
		errs = append(errs, w.w.Close())
		w.w = nil
	}
	if reader && w.r != nil {
		errs = append(errs, w.r.Close())
		w.r, w.plain = nil, nil
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close streams: %w", err)
	}
	return nil
}

// pass computes BytesOut and Digest, the SHA-256 of all streams one after the other, and
// checks every byte where that is asked for.
func (s *streamed) pass(ctx context.Context, in Input, keep bool) error {
	w, digest := &s.workers[0], sha256.New()
	var stream bytes.Buffer
	w.sent.kept = &stream
	for i, item := range s.items {
		if ctx.Err() != nil {
			return fmt.Errorf("prepare stream %d of %d: %w", i, len(s.items), context.Cause(ctx))
		}
		stream.Reset()
		if err := s.write(w, i); err != nil {
			return err
		}
		s.count(stream.Bytes(), len(item), digest)
		if keep {
			s.streams = append(s.streams, bytes.Clone(stream.Bytes()))
		}
		if in.Verify {
			if err := w.read(i, len(item), stream.Bytes(), item); err != nil {
				return fmt.Errorf("verify: %w", err)
			}
		}
		if in.Progress != nil {
			in.Progress(i+1, len(s.items))
		}
	}
	w.sent.kept = nil
	s.facts.Digest = hex.EncodeToString(digest.Sum(nil))
	return nil
}

// count adds one stream to the facts.
func (s *streamed) count(stream []byte, plain int, digest hash.Hash) {
	s.facts.BytesOut += int64(len(stream))
	s.facts.ItemOut = append(s.facts.ItemOut, len(stream))
	digest.Write(stream)
	if s.flush {
		s.facts.Stream.Flushes += (plain + s.piece - 1) / s.piece
	}
}

// write is one whole stream, to where the worker's sink says.
func (s *streamed) write(w *streamer, i int) error {
	err := codecs.ErrClosed
	if w.w != nil {
		err = w.w.Reset(&w.sent)
	}
	if err == nil {
		err = s.writeContent(w, s.items[i])
	}
	if err == nil {
		err = w.w.Close()
	}
	if err != nil {
		return fmt.Errorf("write stream %d: %w", i, err)
	}
	return nil
}

func (s *streamed) writeContent(w *streamer, content []byte) error {
	for len(content) > 0 {
		n := min(s.piece, len(content))
		begun := w.steps.begin()
		if _, err := w.w.Write(content[:n]); err != nil {
			return err
		}
		if s.flush {
			if err := w.w.Flush(); err != nil {
				return err
			}
		}
		w.steps.end(begun)
		content = content[n:]
	}
	return nil
}

// read is one whole stream of size bytes of content. They are counted, because a reader
// may take a stream that was cut short for a whole one; and compared with want, unless
// that is nil.
func (w *streamer) read(i, size int, stream, want []byte) error {
	w.arrived.Reset(stream)
	err, seen := codecs.ErrClosed, 0
	if w.r != nil {
		err = w.r.Reset(&w.arrived)
	}
	for err == nil {
		var n int
		n, err = w.r.Read(w.plain)
		if want != nil && (seen+n > size || !bytes.Equal(w.plain[:n], want[seen:seen+n])) {
			return fmt.Errorf("read stream %d: %w: other content between bytes %d and %d", i, ErrCorrupt, seen, seen+n)
		}
		seen += n
	}
	switch {
	case errors.Is(err, codecs.ErrClosed):
		return fmt.Errorf("read stream %d: %w", i, err)
	case err != io.EOF:
		return fmt.Errorf("read stream %d: %w: %w", i, ErrCorrupt, err)
	case seen != size:
		return fmt.Errorf("read stream %d: %w: %d bytes came out of %d", i, ErrCorrupt, seen, size)
	}
	return nil
}

func (s *streamed) Facts() Facts { return s.facts }

func (s *streamed) Begin() {}

func (s *streamed) Checksum() uint64 { return 0 }

// Close closes every writer and reader, even if one of them fails to close. Do returns
// codecs.ErrClosed afterwards.
func (s *streamed) Close() error {
	var errs []error
	for i := range s.workers {
		if err := s.workers[i].close(true, true); err != nil {
			errs = append(errs, fmt.Errorf("worker %d: %w", i, err))
		}
	}
	clear(s.streams)
	return errors.Join(errs...)
}
