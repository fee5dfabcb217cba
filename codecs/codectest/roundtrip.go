package codectest

import (
	"bytes"
	"fmt"

	"zstdshop/codecs"
)

// checkRoundTrip: what goes in comes out, for every input, at several levels,
// one context for all of a level.
func checkRoundTrip(codec codecs.Codec, report report) {
	for _, level := range testLevels(codec) {
		ctx := open(codec, level, report)
		if ctx == nil {
			continue
		}
		for _, in := range inputs() {
			if err := roundTrip(codec, ctx, ctx, in.data); err != nil {
				report("level %d, %s: %v", level, in.name, err)
			}
		}
		shut(ctx, report)
	}
}

// pair is the rule that b reads what a writes.
func pair(a codecs.Codec) rule {
	return rule{"pair", func(b codecs.Codec, report report) {
		if fa, fb := a.Info().Format, b.Info().Format; fa != fb {
			report("formats differ: %q and %q", fa, fb)
			return
		}
		reader := open(b, usualLevel(b), report)
		if reader == nil {
			return
		}
		for _, level := range testLevels(a) {
			writer := open(a, level, report)
			if writer == nil {
				continue
			}
			for _, in := range inputs() {
				if err := roundTrip(a, writer, reader, in.data); err != nil {
					report("written at level %d, %s: %v", level, in.name, err)
				}
			}
			shut(writer, report)
		}
		shut(reader, report)
	}}
}

// roundTrip compresses text, which codec's writer does, decompresses it into a
// buffer of just its size, and compares.
func roundTrip(codec codecs.Codec, writer, reader codecs.Context, text []byte) error {
	frame, err := compress(codec, writer, text)
	if err != nil {
		return fmt.Errorf("compress: %w", err)
	}
	got, err := decompress(reader, frame, len(text))
	if err != nil {
		return fmt.Errorf("decompress: %w", err)
	}
	return same(got, text)
}

// same returns nil, or an error that says how got differs from want.
func same(got, want []byte) error {
	if bytes.Equal(got, want) {
		return nil
	}
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	return fmt.Errorf("got %d bytes, want %d; first difference at %d", len(got), len(want), at)
}
