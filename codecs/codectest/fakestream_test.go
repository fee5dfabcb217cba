package codectest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"sync/atomic"

	"zstdshop/codecs"
)

// fakeStreams is the honest codec with streams, and with one fault by its name;
// none where that is empty. A stream is blocks of two bytes of length, four of
// checksum and the content as in a frame. The last one is empty.
type fakeStreams struct {
	*fake
	fault string
	info  codecs.StreamInfo
	made  *atomic.Int32 // writers
}

func streaming(fault string) fakeStreams {
	return fakeStreams{
		fake: honest(), fault: fault, made: new(atomic.Int32),
		info: codecs.StreamInfo{Format: "xor blocks", Checksum: true},
	}
}

func (f fakeStreams) Streams() codecs.StreamInfo {
	if f.fault == "info changes" {
		f.info.ReadWindow = int(f.made.Add(1))
	}
	return f.info
}

func (f fakeStreams) StreamWindow(level int) (int, error) {
	if _, err := f.EffectiveLevel(level); err != nil && f.fault != "window of any level" {
		return 0, err
	}
	return fakeBlock, nil
}

const fakeBlock = 10_000

func (f fakeStreams) NewWriter(w io.Writer, level int) (codecs.StreamWriter, error) {
	if _, err := f.EffectiveLevel(level); err != nil && f.fault != "writer at any level" {
		return nil, err
	}
	if f.fault == "writes at once" {
		w.Write([]byte("S"))
	}
	f.made.Add(1)
	return &fakeWriter{f: f, w: w}, nil
}

func (f fakeStreams) NewReader(r io.Reader) (codecs.StreamReader, error) {
	return &fakeReader{f: f, r: r}, nil
}

type fakeWriter struct {
	f      fakeStreams
	w      io.Writer
	inside []byte
	kept   [][]byte // by the fault of keeping p
	closed bool
}

func (w *fakeWriter) Write(p []byte) (int, error) {
	if w.closed && w.f.fault != "writes after close" {
		return 0, codecs.ErrClosed
	}
	if w.f.fault == "two writers at most" && w.f.made.Load() > 2 {
		return 0, errors.New("busy")
	}
	if w.f.fault == "keeps what is written" {
		w.kept = append(w.kept, p)
		return len(p), nil
	}
	if w.f.fault == "loses bytes of large writes" && len(p) > 20_000 {
		w.inside = append(w.inside, p[:20_000]...)
		return len(p), nil
	}
	w.inside = append(w.inside, p...)
	for len(w.inside) >= fakeBlock {
		if err := w.block(w.inside[:fakeBlock]); err != nil {
			return 0, err
		}
		w.inside = w.inside[fakeBlock:]
	}
	return len(p), nil
}

func (w *fakeWriter) block(content []byte) error {
	head := binary.LittleEndian.AppendUint16(nil, uint16(len(content)))
	head = binary.LittleEndian.AppendUint32(head, crc32.ChecksumIEEE(append(head, content...)))
	_, err := w.w.Write(xor(head, content))
	if w.f.fault == "hides errors of the writer below" {
		return nil
	}
	return err
}

func (w *fakeWriter) Flush() error {
	if w.closed && w.f.fault != "flushes after close" {
		return codecs.ErrClosed
	}
	if w.f.fault == "flushes half" && len(w.inside) > 1 {
		half := len(w.inside) / 2
		err := w.block(w.inside[:half])
		w.inside = w.inside[half:]
		return err
	}
	if len(w.inside) == 0 || w.f.fault == "does not flush" {
		return nil
	}
	err := w.block(w.inside)
	w.inside = nil
	return err
}

func (w *fakeWriter) Close() error {
	if w.closed {
		if w.f.fault == "second close fails" {
			return errors.New("closed already")
		}
		return nil
	}
	w.closed = true
	for _, p := range w.kept {
		w.inside = append(w.inside, p...)
	}
	w.kept = nil
	if len(w.inside) > 0 {
		if err := w.block(w.inside); err != nil {
			return err
		}
	}
	if w.f.fault == "no end" {
		return nil
	}
	return w.block(nil)
}

func (w *fakeWriter) Reset(to io.Writer) error {
	if w.f.fault == "no reset after close" && w.closed {
		return codecs.ErrClosed
	}
	if w.f.fault != "keeps what was dropped" {
		w.inside = nil
	}
	w.w, w.closed = to, false
	return nil
}

type fakeReader struct {
	f       fakeStreams
	r       io.Reader
	content bytes.Reader
	ended   bool
	failed  error
	closed  bool
}

func (r *fakeReader) Read(p []byte) (int, error) {
	if r.closed && r.f.fault != "reads after close" {
		return 0, codecs.ErrClosed
	}
	for r.content.Len() == 0 && !r.ended && r.failed == nil {
		r.failed = r.block()
	}
	if r.content.Len() > 0 {
		n, _ := r.content.Read(p)
		if r.f.fault == "reads one byte wrong" && n > 200 {
			p[200] ^= 1
		}
		return n, nil
	}
	if r.failed != nil {
		return 0, r.failed
	}
	return 0, io.EOF
}

func (r *fakeReader) block() error {
	head := make([]byte, 6)
	if r.f.fault == "crashes on a short block" {
		n, _ := r.r.Read(head)
		_ = head[:n][5]
	} else if _, err := io.ReadFull(r.r, head); err != nil {
		return r.cut(err)
	}
	size := int(binary.LittleEndian.Uint16(head))
	if r.f.fault == "allocates what it reads" {
		keep(make([]byte, size<<9))
	}
	body := make([]byte, size)
	if n, err := io.ReadFull(r.r, body); err != nil {
		if r.f.fault == "guesses what is missing" && n > 0 {
			r.content.Reset(make([]byte, size))
			return nil
		}
		return r.cut(err)
	}
	body = xor(nil, body)
	if sum := crc32.ChecksumIEEE(append(head[:2:2], body...)); sum != binary.LittleEndian.Uint32(head[2:]) && r.f.fault != "ignores checksums" {
		return errDamaged
	}
	r.ended = size == 0
	if r.f.fault == "waits for the next block" && !r.ended {
		if _, err := io.ReadFull(r.r, make([]byte, 1)); err != nil {
			return err
		}
	}
	r.content.Reset(body)
	return nil
}

// cut is the error of a stream that ends too early.
func (r *fakeReader) cut(err error) error {
	switch {
	case r.f.fault == "takes cuts for the end":
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return io.EOF
		}
	case r.f.fault == "hides errors of the reader below":
		return errDamaged
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("fake: %w", err)
}

func (r *fakeReader) Reset(from io.Reader) error {
	if r.closed && r.f.fault != "resets a closed reader" {
		return codecs.ErrClosed
	}
	if r.f.fault != "keeps content it has not returned" {
		r.content.Reset(nil)
	}
	if r.f.fault != "tires of damage" {
		r.failed = nil
	}
	r.r, r.ended = from, false
	return nil
}

func (r *fakeReader) Close() error {
	r.closed = true
	return nil
}
