package scenarios_test

import (
	"io"
	"strings"

	"zstdshop/codecs"
)

// fakeStreams is a fakeCodec with streams of letters: a flush is sent as "|" and the end
// as ".". Writes wait inside until one of these.
type fakeStreams struct {
	fakeCodec
	failWrite int                        // number of the Write call that fails, from 1
	spoilRead func(content []byte) error // what the reader does to all content of a stream, or returns
	lose      int                        // bytes at the end of each stream that the reader loses unseen
	writes    int                        // calls of Write
	calls     []string                   // of all writers; nil: not kept
	made      int                        // writers and readers
	open      int                        // of those; a writer is between its first stream or Reset and Close
}

func (c *fakeStreams) Streams() codecs.StreamInfo { return codecs.StreamInfo{Format: "letters"} }

func (c *fakeStreams) StreamWindow(level int) (int, error) {
	if level == 99 {
		return 0, codecs.ErrLevel
	}
	return 7, nil
}

func (c *fakeStreams) NewWriter(w io.Writer, _ int) (codecs.StreamWriter, error) {
	if c.made++; c.made == c.failContext {
		return nil, errFake
	}
	c.open++
	return &fakeWriter{codec: c, to: w}, nil
}

func (c *fakeStreams) NewReader(r io.Reader) (codecs.StreamReader, error) {
	if c.made++; c.made == c.failContext {
		return nil, errFake
	}
	c.open++
	return &fakeReader{codec: c, from: r}, nil
}

type fakeWriter struct {
	codec *fakeStreams
	to    io.Writer
	held  []byte
	ended bool
}

func (w *fakeWriter) called(name string, p []byte) {
	if w.codec.calls != nil {
		w.codec.calls = append(w.codec.calls, strings.TrimSpace(name+" "+string(p)))
	}
}

func (w *fakeWriter) Write(p []byte) (int, error) {
	w.called("write", p)
	if w.codec.writes++; w.codec.writes == w.codec.failWrite {
		return 0, errFake
	}
	w.held = append(w.held, p...)
	return len(p), nil
}

func (w *fakeWriter) send(mark byte) error {
	_, err := w.to.Write(append(w.held, mark))
	w.held = w.held[:0]
	return err
}

func (w *fakeWriter) Flush() error {
	w.called("flush", nil)
	return w.send('|')
}

func (w *fakeWriter) Close() error {
	if w.ended {
		return nil
	}
	w.called("close", nil)
	w.codec.open--
	w.ended = true
	return w.send('.')
}

func (w *fakeWriter) Reset(to io.Writer) error {
	w.called("reset", nil)
	if w.ended {
		w.codec.open++
	}
	w.to, w.held, w.ended = to, w.held[:0], false
	return nil
}

type fakeReader struct {
	codec *fakeStreams
	from  io.Reader
	left  []byte
	begun bool

	in, content [64]byte
}

func (r *fakeReader) Read(p []byte) (int, error) {
	if !r.begun {
		n, _ := r.from.Read(r.in[:])
		r.left = r.content[:0]
		for _, b := range r.in[:n] {
			if b != '|' && b != '.' {
				r.left = append(r.left, b)
			}
		}
		r.left, r.begun = r.left[:len(r.left)-min(r.codec.lose, len(r.left))], true
		if r.codec.spoilRead != nil {
			if err := r.codec.spoilRead(r.left); err != nil {
				return 0, err
			}
		}
	}
	if len(r.left) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}

func (r *fakeReader) Reset(from io.Reader) error {
	r.from, r.begun = from, false
	return nil
}

func (r *fakeReader) Close() error {
	r.codec.open--
	if r.codec.failClose {
		return errFake
	}
	return nil
}
