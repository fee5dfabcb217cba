package codectest

import (
	"bytes"
	"io"
	"testing"

	"zstdshop/codecs"
	"zstdshop/codecs/brotli"
	"zstdshop/codecs/datadog"
	"zstdshop/codecs/gzip"
	"zstdshop/codecs/kgzip"
	"zstdshop/codecs/klauspost"
	"zstdshop/codecs/lz4"
	"zstdshop/codecs/s2"
	"zstdshop/codecs/snappy"
)

// named is a codec with a name for messages.
type named struct {
	name string
	codecs.Codec
}

// every is each codec of this build, of which there is one for a library.
func every() []named {
	var list []named
	for _, c := range []named{
		{"klauspost", klauspost.New()}, {"datadog", datadog.New()}, {"s2", s2.New()}, {"snappy", snappy.New()},
		{"lz4", lz4.New()}, {"gzip", gzip.New()}, {"kgzip", kgzip.New()}, {"brotli", brotli.New()},
	} {
		if c.Info().Unavailable == "" {
			list = append(list, c)
		}
	}
	return list
}

func addTexts(f *testing.F) {
	for _, text := range [][]byte{nil, []byte("z"), make([]byte, 600), words(700, 1), noise(200, 3), records(1, 18)[0], mixed(70<<10, 4)} {
		f.Add(text, uint16(100), false)
		f.Add(text, uint16(9999), true)
	}
}

// FuzzStream: what is written to a stream in pieces, flushed after each or not,
// comes out of its reader, and of a context where that has the same format; and
// what a context writes comes out of a reader then.
func FuzzStream(f *testing.F) {
	addTexts(f)
	type pair struct {
		named
		*streams
		ctx codecs.Context // nil where the format is another
	}
	var pairs []pair
	for _, c := range every() {
		p := openStreams(c.Codec, usualLevel(c), f.Fatalf)
		var ctx codecs.Context
		if c.Info().Format == streamer(c.Codec).Streams().Format {
			ctx = open(c, usualLevel(c), f.Fatalf)
		}
		pairs = append(pairs, pair{c, p, ctx})
	}
	f.Fuzz(func(t *testing.T, text []byte, piece uint16, flush bool) {
		if int(piece) < len(text)/100+1 {
			piece = uint16(min(len(text)/100+1, 60_000))
		}
		for _, p := range pairs {
			var out bytes.Buffer
			err := p.w.Reset(&out)
			for rest := text; len(rest) > 0 && err == nil; {
				n := min(int(piece), len(rest))
				_, err = p.w.Write(rest[:n])
				if err == nil && flush {
					err = p.w.Flush()
				}
				rest = rest[n:]
			}
			if err == nil {
				err = p.w.Close()
			}
			if err == nil {
				err = p.reads(out.Bytes(), text)
			}
			if err != nil {
				t.Errorf("%s: stream: %v", p.name, err)
			}
			if p.ctx == nil {
				continue
			}
			if got, err := decompress(p.ctx, out.Bytes(), len(text)); err != nil || !bytes.Equal(got, text) {
				t.Errorf("%s: a context reads %d bytes of a stream of %d, %v", p.name, len(got), len(text), err)
			}
			frame, err := compress(p.Codec, p.ctx, text)
			if err == nil {
				err = p.reads(frame, text)
			}
			if err != nil {
				t.Errorf("%s: the reader reads a frame: %v", p.name, err)
			}
		}
	})
}

// FuzzRawContent: with any content a text comes out as it went in, through any codec of
// the same format.
func FuzzRawContent(f *testing.F) {
	for _, content := range [][]byte{[]byte("z"), words(300, 1), []byte(zstdDictMagic + "\x01\x00\x00\x00 and some words"), noise(20, 2)} {
		for _, text := range [][]byte{nil, content, words(700, 1), append(words(200, 1), content...)} {
			f.Add(content, text)
		}
	}
	f.Fuzz(func(t *testing.T, content, text []byte) {
		if len(content) == 0 {
			return
		}
		contexts := map[string]codecs.Context{}
		for name, codec := range zstdCodecs() {
			contexts[name] = open(raw(codec, content), usualLevel(codec), t.Fatalf)
		}
		for writer, codec := range zstdCodecs() {
			for reader := range contexts {
				if err := roundTrip(codec, contexts[writer], contexts[reader], text); err != nil {
					t.Errorf("%s writes, %s reads: %v", writer, reader, err)
				}
			}
		}
		for _, ctx := range contexts {
			shut(ctx, t.Errorf)
		}
	})
}

// FuzzDictionary: with a dictionary a text comes out as it went in, through any
// codec of the same format; and without, it does so too, or is an error where
// frames name their dictionary.
func FuzzDictionary(f *testing.F) {
	addTexts(f)
	type pair struct {
		named
		with, without codecs.Context
	}
	var pairs []pair
	dicts := map[string][]byte{} // by format, of the first codec that has it
	for _, c := range every() {
		d := dictCodec(c.Codec)
		if d == nil {
			continue
		}
		format := d.Dicts().Format
		if dicts[format] == nil {
			dict, err := trained(c.Codec, 18)
			if err != nil {
				f.Fatal(err)
			}
			dicts[format] = dict
		}
		pairs = append(pairs, pair{c, open(shaped(c.Codec, dicts[format]), usualLevel(c), f.Fatalf), open(c, usualLevel(c), f.Fatalf)})
	}
	f.Fuzz(func(t *testing.T, text []byte, _ uint16, _ bool) {
		for _, writer := range pairs {
			frame, err := compress(writer, writer.with, text)
			if err != nil {
				t.Errorf("%s: %v", writer.name, err)
				continue
			}
			for _, reader := range pairs {
				if reader.Info().Format != writer.Info().Format {
					continue
				}
				if got, err := decompress(reader.with, frame, len(text)); err != nil || !bytes.Equal(got, text) {
					t.Errorf("%s writes, %s reads %d bytes of %d, %v", writer.name, reader.name, len(got), len(text), err)
				}
				got, err := decompress(reader.without, frame, len(text))
				if named := dictCodec(reader.Codec).Dicts().Named; named && err == nil && !bytes.Equal(got, text) {
					t.Errorf("%s writes, %s reads other content without the dictionary", writer.name, reader.name)
				}
			}
			if err := roundTrip(writer, writer.without, writer.with, text); err != nil {
				t.Errorf("%s: written without, read with a dictionary: %v", writer.name, err)
			}
		}
	})
}

// FuzzReaders: arbitrary bytes crash no codec's context and no stream reader, and
// make none write outside of dst. All work after that.
func FuzzReaders(f *testing.F) {
	text := words(300, 9)
	type reader struct {
		named
		*streams
		ctx           codecs.Context
		frame, stream []byte
	}
	var readers []reader
	for _, c := range every() {
		r := reader{named: c, streams: openStreams(c.Codec, usualLevel(c), f.Fatalf), ctx: open(c, usualLevel(c), f.Fatalf)}
		frame, err := compress(c, r.ctx, text)
		if err != nil {
			f.Fatal(err)
		}
		if r.stream, err = r.flushed(text); err != nil {
			f.Fatal(err)
		}
		r.frame = frame
		readers = append(readers, r)
		for _, seed := range [][]byte{frame, r.stream, r.stream[:len(r.stream)/2]} {
			f.Add(seed, uint16(len(text)))
			f.Add(seed, uint16(10))
		}
	}
	f.Fuzz(func(t *testing.T, damaged []byte, capacity uint16) {
		for _, r := range readers {
			g := newGuarded(int(capacity))
			content, err := r.ctx.Decompress(g.dst(0), damaged)
			if !g.intact() || err == nil && (len(content) > int(capacity) || !g.begins(content)) {
				t.Errorf("%s: %d bytes outside of dst", r.name, len(content))
			}
			if got, err := decompress(r.ctx, r.frame, len(text)); err != nil || !bytes.Equal(got, text) {
				t.Errorf("%s: a whole frame after that: %d bytes, %v", r.name, len(got), err)
			}
			if err := r.r.Reset(bytes.NewReader(damaged)); err == nil {
				io.Copy(io.Discard, io.LimitReader(r.r, 1<<20)) // its errors are what is wanted
			}
			if err := r.reads(r.stream, text); err != nil {
				t.Errorf("%s: a whole stream after that: %v", r.name, err)
			}
		}
	})
}
