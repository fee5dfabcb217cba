package server

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/memory"
)

// TestDamage: every truncation and every flipped bit of frames with a checksum is
// an error or the same text, with each codec.
func TestDamage(t *testing.T) {
	for _, codec := range codecNames() {
		s := benchServer(t, func(o *Options) { o.Codec = codec })
		e := newSession(s.connections.sessions, s.resources)
		var ctx fasthttp.RequestCtx
		decode := func(frames []byte) (text []byte, p *problem) {
			p = s.shop.decompress(&e.exchange, &ctx, frames, 1<<20, nil, func(content *memory.Buffer) *problem {
				text = bytes.Clone(content.B)
				return nil
			})
			return text, p
		}
		changed := 0
		for i := range 64 {
			text := []byte(fmt.Sprintf("%d %s", i, prose(i*5)))
			maker := codecNames()[i%len(codecNames())]
			frame := sealedBy(t, maker, text)
			if got, p := decode(frame); p != nil || !bytes.Equal(got, text) {
				t.Fatalf("%s: frame %d as it is: %q, %v", codec, i, got, p)
			}
			for n := range frame {
				if got, p := decode(frame[:n]); p == nil {
					t.Errorf("%s: frame %d cut to %d of %d bytes: %q", codec, i, n, len(frame), got)
				}
			}
			for bit := range 8 * len(frame) {
				frame[bit/8] ^= 1 << (bit % 8)
				if got, p := decode(frame); p == nil && !bytes.Equal(got, text) {
					changed++
					t.Errorf("%s: frame %d with bit %d flipped: %q", codec, i, bit, got)
				}
				frame[bit/8] ^= 1 << (bit % 8)
			}
		}
		if changed > 0 {
			t.Errorf("%s: %d flips went unnoticed", codec, changed)
		}
	}
}
