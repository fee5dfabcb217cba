package scenarios

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"zstdshop/codecs"
)

// setupTries is how many streams of one byte are timed, for the median of them.
const setupTries = 9

// measure finds out what a stream takes beside its content: memory, and the time of
// making what a library cannot use again. It leaves the first worker without a writer
// or a reader that is older than that.
func (s *streamed) measure(in Input, codec codecs.Streamer, reads bool) error {
	first := &s.workers[0]
	tiny, err := first.writeTiny()
	if err != nil {
		return fmt.Errorf("write a stream of one byte: %w", err)
	}
	if err := first.close(true, true); err != nil {
		return err
	}
	largest := 0
	for i, size := range s.facts.ItemBytes {
		if size > s.facts.ItemBytes[largest] {
			largest = i
		}
	}
	before := usedMemory(in)
	if err := first.open(codec, in.Level, s.piece, !reads, reads); err != nil {
		return fmt.Errorf("make a stream: %w", err)
	}
	if reads {
		err = first.readAllBut(1, s.facts.ItemBytes[largest], s.streams[largest]) // its end may free
	} else {
		err = s.writeContent(first, s.items[largest]) // not closed, which may free
	}
	if err != nil {
		return fmt.Errorf("measure a stream: %w", err)
	}
	if after := usedMemory(in); before > 0 {
		s.facts.Stream.Memory = max(after-before, 0)
	}
	return s.measureSetup(first, tiny, reads)
}

// measureSetup times a stream of one byte: all that a stream costs whatever is in it.
func (s *streamed) measureSetup(w *streamer, tiny []byte, reads bool) error {
	var took []time.Duration
	for range setupTries {
		begun := time.Now()
		var err error
		if reads {
			err = w.read(0, 1, tiny, nil)
		} else {
			_, err = w.writeTiny()
		}
		if err != nil {
			return fmt.Errorf("a stream of one byte: %w", err)
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	s.facts.Stream.Setup = took[setupTries/2]
	return nil
}

// writeTiny writes a stream of one byte and returns it.
func (w *streamer) writeTiny() ([]byte, error) {
	var stream bytes.Buffer
	w.sent.kept = &stream
	defer func() { w.sent.kept = nil }()
	err := w.w.Reset(&w.sent)
	if err == nil {
		_, err = w.w.Write([]byte{'x'})
	}
	if err == nil {
		err = w.w.Close()
	}
	return stream.Bytes(), err
}

// readAllBut reads a stream of size bytes of content but for the last few.
func (w *streamer) readAllBut(last, size int, stream []byte) error {
	w.arrived.Reset(stream)
	if err := w.r.Reset(&w.arrived); err != nil {
		return err
	}
	for left := size - last; left > 0; {
		n, err := w.r.Read(w.plain[:min(left, len(w.plain))])
		if left -= n; err != nil && left > 0 {
			return err
		}
	}
	return nil
}

// usedMemory is the process's own memory once what is free has been given back to the
// system; 0 where that does not tell, or where a foreign codec's allocator keeps it. Both
// of Go and of C memory that has been asked for and never touched does not count.
func usedMemory(in Input) int64 {
	trimmer, ok := in.Codec.(codecs.Trimmer)
	if in.Resident == nil || !ok && in.Codec.Info().Foreign {
		return 0
	}
	runtime.GC() // what pools hold survives one collection
	debug.FreeOSMemory()
	if ok {
		trimmer.Trim()
	}
	return in.Resident()
}
