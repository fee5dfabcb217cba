package codectest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"zstdshop/codecs"
)

// streamer returns codec's streams, or nil where it has none.
func streamer(codec codecs.Codec) codecs.Streamer {
	s, _ := codec.(codecs.Streamer)
	return s
}

// checkStreams: what is said of streams is complete, and levels and
// unavailability are those of contexts.
func checkStreams(codec codecs.Codec, report report) {
	s := streamer(codec)
	said := s.Streams()
	if strings.TrimSpace(said.Format) == "" {
		report("Streams().Format is empty")
	}
	for _, line := range []string{said.Format, said.LossUnseen} {
		if strings.ContainsAny(line, "\r\n") {
			report("Streams() has more than one line: %q", line)
		}
	}
	if again := s.Streams(); said != again {
		report("Streams() returns %+v, then %+v", said, again)
	}
	available := codec.Info().Unavailable == ""
	if _, err := s.NewReader(new(bytes.Buffer)); errors.Is(err, codecs.ErrUnavailable) == available {
		report("NewReader: error is %v, and Info().Unavailable %q", err, codec.Info().Unavailable)
	}
	for _, level := range testLevels(codec) {
		window, err := s.StreamWindow(level)
		if err != nil || available != (window > 0) {
			report("StreamWindow(%d) = %d, %v", level, window, err)
		}
		if window > max(said.ReadWindow, 1<<20) {
			report("StreamWindow(%d) = %d, more than the %d of Streams().ReadWindow", level, window, said.ReadWindow)
		}
		var out bytes.Buffer
		w, err := s.NewWriter(&out, level)
		if errors.Is(err, codecs.ErrUnavailable) == available || available && err != nil {
			report("NewWriter at level %d: error is %v, and Info().Unavailable %q", level, err, codec.Info().Unavailable)
		}
		if err == nil {
			if out.Len() > 0 {
				report("NewWriter at level %d writes %d bytes", level, out.Len())
			}
			shutStream(w, report)
		}
	}
	if limits := codec.Info().Levels; limits != nil {
		if _, err := s.StreamWindow(limits.Max + 1); !errors.Is(err, codecs.ErrLevel) {
			report("StreamWindow(%d): error is %v; want ErrLevel wrapped", limits.Max+1, err)
		}
		if _, err := s.NewWriter(io.Discard, limits.Max+1); available && !errors.Is(err, codecs.ErrLevel) {
			report("NewWriter at level %d: error is %v; want ErrLevel wrapped", limits.Max+1, err)
		}
	}
}

// checkStreamRoundTrip: what is written comes out, in whatever pieces, at the
// levels of the efforts, with one writer and one reader for all streams of a
// level. Higher levels are left out: there a stream, whose length nobody knows,
// may take a gigabyte of tables.
func checkStreamRoundTrip(codec codecs.Codec, report report) {
	for _, level := range effortLevels(codec) {
		p := openStreams(codec, level, report)
		if p == nil {
			continue
		}
		ins := inputs()
		if level != usualLevel(codec) {
			ins = fewInputs()
		}
		for i, in := range ins {
			for _, piece := range []int{[]int{64 << 10, 1000}[i%2], max(1, len(in.data)/1000)} {
				if err := p.roundTrip(in.data, piece); err != nil {
					report("level %d, %s, in pieces of %d: %v", level, in.name, piece, err)
				}
			}
		}
		p.shut(report)
	}
}

// streamPair is the rule that b's reader reads a's streams.
func streamPair(a codecs.Codec) rule {
	return rule{"stream pair", func(b codecs.Codec, report report) {
		if fa, fb := streamer(a).Streams().Format, streamer(b).Streams().Format; fa != fb {
			report("formats differ: %q and %q", fa, fb)
			return
		}
		reader, err := streamer(b).NewReader(new(bytes.Buffer))
		if err != nil {
			report("new reader: %v", err)
			return
		}
		for _, level := range effortLevels(a) {
			p := openStreams(a, level, report)
			if p == nil {
				continue
			}
			p.r, reader = reader, p.r
			for _, in := range fewInputs() {
				if err := p.roundTrip(in.data, 30<<10); err != nil {
					report("written at level %d, %s: %v", level, in.name, err)
				}
			}
			p.r, reader = reader, p.r
			p.shut(report)
		}
		shutStream(reader, report)
	}}
}

// checkStreamAndFrame: where the formats are the same, the reader reads frames
// and contexts read streams. Where they are not, there is nothing to check.
func checkStreamAndFrame(codec codecs.Codec, report report) {
	if codec.Info().Format != streamer(codec).Streams().Format {
		return
	}
	for _, level := range effortLevels(codec) {
		p, ctx := openStreams(codec, level, report), open(codec, level, report)
		if p == nil || ctx == nil {
			return
		}
		for _, in := range fewInputs() {
			if stream, err := p.write(in.data, 10_000); err != nil {
				report("level %d, %s: %v", level, in.name, err)
			} else if got, err := decompress(ctx, stream, len(in.data)); err != nil {
				report("level %d, %s: decompress a stream: %v", level, in.name, err)
			} else if err := same(got, in.data); err != nil {
				report("level %d, %s: decompress a stream: %v", level, in.name, err)
			}
			if frame, err := compress(codec, ctx, in.data); err != nil {
				report("level %d, %s: compress: %v", level, in.name, err)
			} else if err := p.reads(frame, in.data); err != nil {
				report("level %d, %s: read a frame: %v", level, in.name, err)
			}
		}
		p.shut(report)
		shut(ctx, report)
	}
}

// checkStreamFlush: after each Flush the reader has all content without asking
// for a byte that the writer has not written yet.
func checkStreamFlush(codec codecs.Codec, report report) {
	for _, level := range effortLevels(codec) {
		p := openStreams(codec, level, report)
		if p == nil {
			continue
		}
		if err := p.flushes(); err != nil {
			report("level %d: %v", level, err)
		}
		p.shut(report)
	}
}

func (p *streams) flushes() error {
	var wire wire
	if err := errors.Join(p.w.Reset(&wire), p.r.Reset(&wire)); err != nil {
		return err
	}
	text := words(60<<10, 11)
	for record := 0; len(text) > 0; record++ {
		size := min(len(text), 1+record*record%3000)
		if _, err := p.w.Write(text[:size]); err != nil {
			return fmt.Errorf("record %d: %w", record, err)
		}
		if err := p.w.Flush(); err != nil {
			return fmt.Errorf("record %d: %w", record, err)
		}
		got := make([]byte, size)
		if n, err := io.ReadFull(p.r, got); err != nil {
			return fmt.Errorf("record %d: %d of %d bytes after a flush: %w", record, n, size, err)
		}
		if err := same(got, text[:size]); err != nil {
			return fmt.Errorf("record %d: %w", record, err)
		}
		text = text[size:]
	}
	if err := p.w.Close(); err != nil {
		return err
	}
	wire.ended = true
	if rest, err := io.ReadAll(p.r); len(rest) > 0 || err != nil {
		return fmt.Errorf("after the last record: %d bytes, %v; want the end", len(rest), err)
	}
	return nil
}

// wire is a connection: what was written can be read, and nothing else until it
// has ended.
type wire struct {
	bytes.Buffer
	ended bool
}

var errDry = errors.New("nothing more has been written yet")

func (w *wire) Read(p []byte) (int, error) {
	if w.Len() == 0 && !w.ended {
		return 0, errDry
	}
	return w.Buffer.Read(p)
}

// checkStreamReset: a stream is the same whatever was written before it, closed
// or not, and one that is dropped leaves nothing behind.
func checkStreamReset(codec codecs.Codec, report report) {
	for _, level := range effortLevels(codec) {
		p := openStreams(codec, level, report)
		if p == nil {
			continue
		}
		text := words(20<<10, 12)
		want, err := p.write(text, 1000)
		if err != nil {
			report("level %d: %v", level, err)
			continue
		}
		for _, before := range []struct {
			name string
			do   func() error
		}{
			{"a stream", func() error { return nil }},
			{"a stream cut off", func() error { _, err := p.w.Write(noise(70<<10, 13)); return err }},
			{"a stream cut off after a flush", func() error {
				_, err := p.w.Write(text[:500])
				return errors.Join(err, p.w.Flush())
			}},
			{"an error below", func() error {
				err := p.w.Reset(failingWriter{})
				p.w.Write(noise(1<<20, 14)) // checkStreamErrors judges
				p.w.Close()
				return err
			}},
			{"damage", func() error {
				err := p.r.Reset(strings.NewReader("no stream at all, and long enough to be told"))
				io.Copy(io.Discard, p.r)
				return err
			}},
			{"a stream half read", func() error {
				err := p.r.Reset(bytes.NewReader(want))
				_, read := io.ReadFull(p.r, make([]byte, 5000))
				return errors.Join(err, read)
			}},
		} {
			err := errors.Join(p.w.Reset(io.Discard), before.do())
			var stream []byte
			if err == nil {
				stream, err = p.write(text, 1000)
			}
			if err == nil {
				err = same(stream, want)
			}
			if err == nil {
				err = p.reads(stream, text)
			}
			if err != nil {
				report("level %d: after %s: %v", level, before.name, err)
			}
		}
		p.shut(report)
	}
}

// checkStreamClose: what is closed says so, and a writer can be reset then.
func checkStreamClose(codec codecs.Codec, report report) {
	p := openStreams(codec, usualLevel(codec), report)
	if p == nil {
		return
	}
	if _, err := p.write([]byte("some text"), 4); err != nil {
		report("%v", err)
	}
	for _, time := range []string{"first", "second"} {
		shutStream(p.w, report)
		if _, err := p.w.Write([]byte("x")); !errors.Is(err, codecs.ErrClosed) {
			report("write after %s close: error is %v; want ErrClosed", time, err)
		}
		if err := p.w.Flush(); !errors.Is(err, codecs.ErrClosed) {
			report("flush after %s close: error is %v; want ErrClosed", time, err)
		}
	}
	stream, err := p.write([]byte("more text"), 4)
	if err == nil {
		err = p.reads(stream, []byte("more text"))
	}
	if err != nil {
		report("reset after close: %v", err)
	}
	for _, time := range []string{"first", "second"} {
		shutStream(p.r, report)
		if _, err := p.r.Read(make([]byte, 1)); !errors.Is(err, codecs.ErrClosed) {
			report("read after %s close: error is %v; want ErrClosed", time, err)
		}
		if err := p.r.Reset(bytes.NewReader(stream)); !errors.Is(err, codecs.ErrClosed) {
			report("reset of the reader after %s close: error is %v; want ErrClosed", time, err)
		}
	}
}

// checkStreamErrors: errors of the writer and the reader below come through.
func checkStreamErrors(codec codecs.Codec, report report) {
	p := openStreams(codec, usualLevel(codec), report)
	if p == nil {
		return
	}
	for _, flush := range []bool{false, true} {
		err := p.w.Reset(failingWriter{})
		if err == nil {
			_, err = p.w.Write([]byte("some text"))
		}
		if err == nil && flush {
			err = p.w.Flush()
		}
		if err == nil {
			err = p.w.Close()
		}
		if !errors.Is(err, errBelow) {
			report("writer below fails, flush %v: error is %v; want that wrapped", flush, err)
		}
	}
	text := words(5000, 15)
	stream, err := p.write(text, 1000)
	if err != nil {
		report("%v", err)
		return
	}
	for _, at := range []int{0, len(stream) / 2, len(stream)} {
		below := io.MultiReader(bytes.NewReader(stream[:at]), failingReader{})
		err := p.r.Reset(below)
		var got []byte
		if err == nil {
			got, err = io.ReadAll(p.r)
		}
		if !errors.Is(err, errBelow) && at < len(stream) {
			report("reader below fails after %d of %d bytes: error is %v; want that wrapped", at, len(stream), err)
		}
		if !bytes.HasPrefix(text, got) {
			report("reader below fails after %d of %d bytes: %d bytes that are not the text's first", at, len(stream), len(got))
		}
	}
	p.shut(report)
}

var errBelow = errors.New("broken below")

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errBelow }

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errBelow }

// checkStreamsConcurrent: writers and readers work at the same time. What it
// finds beyond that is up to -race.
func checkStreamsConcurrent(codec codecs.Codec, report report) {
	const workers = 4
	failed := make(chan error, workers)
	for worker := range workers {
		p := openStreams(codec, usualLevel(codec), report)
		if p == nil {
			failed <- nil
			continue
		}
		go func() {
			failed <- func() (err error) {
				defer func() {
					if p := recover(); p != nil {
						err = fmt.Errorf("panic: %v", p)
					}
				}()
				for i, in := range fewInputs() {
					if err := p.roundTrip(in.data, 1000+worker+i); err != nil {
						return fmt.Errorf("%s: %w", in.name, err)
					}
				}
				return errors.Join(p.w.Close(), p.r.Close())
			}()
		}()
	}
	for range workers {
		if err := <-failed; err != nil {
			report("%d streams at once: %v", workers, err)
		}
	}
}

// streams is a writer and a reader, used for one stream after the other.
type streams struct {
	w   codecs.StreamWriter
	r   codecs.StreamReader
	own []byte // what write hands to w, and scribbles on after that
}

// openStreams returns nil after reporting why there are none.
func openStreams(codec codecs.Codec, level int, report report) *streams {
	w, err := streamer(codec).NewWriter(io.Discard, level)
	if err != nil {
		report("new writer at level %d: %v", level, err)
		return nil
	}
	r, err := streamer(codec).NewReader(new(bytes.Buffer))
	if err != nil {
		report("new reader: %v", err)
		return nil
	}
	return &streams{w: w, r: r}
}

func (p *streams) shut(report report) {
	shutStream(p.w, report)
	shutStream(p.r, report)
}

func shutStream(c io.Closer, report report) {
	if err := c.Close(); err != nil {
		report("close: %v", err)
	}
}

// write makes a stream of text, written in pieces.
func (p *streams) write(text []byte, piece int) ([]byte, error) {
	var out bytes.Buffer
	if err := p.w.Reset(&out); err != nil {
		return nil, fmt.Errorf("reset writer: %w", err)
	}
	for rest := text; len(rest) > 0; {
		p.own = append(p.own[:0], rest[:min(piece, len(rest))]...)
		if n, err := p.w.Write(p.own); n != len(p.own) || err != nil {
			return nil, fmt.Errorf("write %d bytes: %d, %w", len(p.own), n, err)
		}
		rest = rest[len(p.own):]
		for i := range p.own {
			p.own[i] ^= 0x55
		}
	}
	if err := p.w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// reads returns nil where stream holds text.
func (p *streams) reads(stream, text []byte) error {
	if err := p.r.Reset(bytes.NewReader(stream)); err != nil {
		return fmt.Errorf("reset reader: %w", err)
	}
	got, err := io.ReadAll(p.r)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return same(got, text)
}

func (p *streams) roundTrip(text []byte, piece int) error {
	stream, err := p.write(text, piece)
	if err != nil {
		return err
	}
	return p.reads(stream, text)
}
