package codectest

import (
	"bytes"
	"fmt"
	"io"

	"zstdshop/codecs"
)

// checkStreamCuts: a stream cut short is an error, wherever it is cut, and what
// was read until then is the content's beginning. A codec that misses cuts
// declares it; one that misses none does not.
func checkStreamCuts(codec codecs.Codec, report report) {
	declared := streamer(codec).Streams().LossUnseen
	cuts := cutStreams(codec, report)
	switch {
	case cuts.missed > 0 && declared == "":
		report("%d of %d cuts are taken for whole streams, the first at byte %d", cuts.missed, cuts.all, cuts.first)
	case cuts.missed == 0 && cuts.all > 0 && declared != "":
		report("no cut is missed, but Streams().LossUnseen is %q", declared)
	}
}

// cutFindings are of a codec that declares that it misses cuts.
func cutFindings(codec codecs.Codec, s codecs.Streamer) []string {
	declared := s.Streams().LossUnseen
	if declared == "" {
		return nil
	}
	cuts := cutStreams(codec, func(string, ...any) {}) // the rule has reported
	return []string{fmt.Sprintf("%d of %d cuts of a stream go unseen: %s", cuts.missed, cuts.all, declared)}
}

// cuts is what became of a stream cut at every byte.
type cuts struct{ missed, all, first int }

// cutStreams cuts a stream with some flushes in it at every byte.
func cutStreams(codec codecs.Codec, report report) cuts {
	p := openStreams(codec, usualLevel(codec), report)
	if p == nil {
		return cuts{}
	}
	text := words(3000, 16)
	stream, err := p.flushed(text)
	if err == nil {
		err = p.reads(stream, text)
	}
	if err != nil {
		report("the stream to cut: %v", err)
		return cuts{}
	}
	var c cuts
	for at := range stream {
		got, err := p.read(stream[:at:at])
		if !bytes.HasPrefix(text, got) {
			report("cut to %d of %d bytes: %d bytes that are not the text's first", at, len(stream), len(got))
		}
		if err == nil {
			if c.missed == 0 {
				c.first = at
			}
			c.missed++
		}
		c.all++
	}
	p.shut(report)
	return c
}

// flushed makes a stream of text with a flush now and then.
func (p *streams) flushed(text []byte) ([]byte, error) {
	var out bytes.Buffer
	err := p.w.Reset(&out)
	for i := 0; len(text) > 0 && err == nil; i++ {
		n := min(700, len(text))
		_, err = p.w.Write(text[:n])
		text = text[n:]
		if err == nil && i%2 == 1 {
			err = p.w.Flush()
		}
	}
	if err == nil {
		err = p.w.Close()
	}
	return out.Bytes(), err
}

func (p *streams) read(stream []byte) ([]byte, error) {
	if err := p.r.Reset(bytes.NewReader(stream)); err != nil {
		return nil, err
	}
	return io.ReadAll(p.r)
}

// checkStreamDamage: streams with a bit flipped and plain noise never crash the
// reader or make it allocate more than it declares. Where there is a checksum,
// no other content comes out without an error, and less of it only from a codec
// that declares that it misses losses. After all that the reader works.
func checkStreamDamage(codec codecs.Codec, report report) {
	said := streamer(codec).Streams()
	limit := uint64(4<<20 + 3*said.ReadWindow)
	p := openStreams(codec, usualLevel(codec), report)
	if p == nil {
		return
	}
	text := mixed(40<<10, 17)
	stream, err := p.flushed(text)
	if err != nil {
		report("the stream to damage: %v", err)
		return
	}
	try := func(what string, stream []byte) {
		var got []byte
		var err error
		bytesTaken := leastAllocated(limit, func() {
			if err = p.r.Reset(bytes.NewReader(stream)); err == nil {
				got, err = io.ReadAll(io.LimitReader(p.r, 1<<20))
			}
		})
		lost := len(got) < len(text) && said.LossUnseen != ""
		if err == nil && said.Checksum && !lost && !bytes.Equal(got, text) {
			report("%s: other content and no error, with a checksum", what)
		}
		if bytesTaken > limit {
			report("%s: allocated %d bytes; want at most %d", what, bytesTaken, limit)
		}
	}
	damage(stream, try)
	for seed := range uint64(100) {
		try("noise", noise(int(seed), seed))
	}
	if err := p.reads(stream, text); err != nil {
		report("after damaged streams: %v", err)
	}
	p.shut(report)
}
