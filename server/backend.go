package server

import (
	"fmt"
	"slices"
	"strings"

	"zstdshop/codecs"
	"zstdshop/server/internal/frame"
)

// backend is a codec that the server may use.
type backend struct {
	name    string
	index   int // among the backends
	codec   codecs.Codec
	foreign bool
	dicts   codecs.DictCodec // the codec's; nil where it takes none
	// bound is the largest frame the codec makes of n bytes, sealed.
	bound func(n int) int
}

// ZstdFormat is what a codec must say of its format to serve here.
const ZstdFormat = "zstd"

// Servable returns why a codec cannot serve here, or "". One with threads of its
// own cannot: a request counts as one CPU, and all CPUs have requests already.
func Servable(info codecs.Info) string {
	switch {
	case info.Format != ZstdFormat:
		return "the shop hands out zstd frames, and this codec makes none"
	case info.Threads:
		return "the shop counts one CPU for a request, and this codec runs threads of its own"
	}
	return ""
}

// codecSet is the codecs of a catalogue that can serve.
type codecSet struct {
	usable  []*backend
	missing map[string]string // name -> why this build has it not
}

// servableCodecs are the codecs of a catalogue that can serve and that this build can
// run, and what is to be said of those it cannot.
func servableCodecs(cat Catalogue) (codecSet, error) {
	set := codecSet{missing: map[string]string{}}
	for _, name := range cat.Codecs() {
		c, err := cat.Codec(name)
		if err != nil {
			return codecSet{}, err
		}
		info := c.Info()
		switch {
		case Servable(info) != "":
		case info.Unavailable != "":
			set.missing[name] = info.Unavailable
		default:
			set.usable = append(set.usable, &backend{
				name: name, index: len(set.usable), codec: c, foreign: info.Foreign, dicts: dictsOf(c), bound: sealedBound(c),
			})
		}
	}
	if len(set.usable) == 0 {
		return codecSet{}, fmt.Errorf("%w: no codec for zstd is registered and available", ErrOptions)
	}
	return set, nil
}

func names(bs []*backend) []string {
	out := make([]string, len(bs))
	for i, b := range bs {
		out[i] = b.name
	}
	return out
}

// pick finds the codec of a name.
func (s codecSet) pick(name string) (*backend, error) {
	if i := slices.IndexFunc(s.usable, func(b *backend) bool { return b.name == name }); i >= 0 {
		return s.usable[i], nil
	}
	if why, ok := s.missing[name]; ok {
		return nil, fmt.Errorf("codec %s is unavailable: %s", name, why)
	}
	return nil, fmt.Errorf("unknown codec; known: %s", strings.Join(names(s.usable), ", "))
}

// largestFrame is the largest frame that any of the codecs makes of n bytes, and so the
// largest that is worth accepting for them.
func (s codecSet) largestFrame(n int) int {
	most := 0
	for _, b := range s.usable {
		most = max(most, b.bound(n))
	}
	return most
}

// sealedBound is the capacity that compressing n bytes with c takes.
func sealedBound(c codecs.Codec) func(int) int {
	return func(n int) int { return c.CompressBound(n) + frame.ChecksumSize }
}

// compressSealed compresses text into a frame with a checksum.
func compressSealed(ctx codecs.Context, dst, text []byte) ([]byte, error) {
	made, err := ctx.Compress(dst, text)
	if err != nil {
		return nil, err
	}
	return frame.Seal(made, text)
}

// dictsOf are the dictionaries of a codec of zstd's; nil where it has none, or not of
// both kinds: each codec here that takes any is to take all.
func dictsOf(c codecs.Codec) codecs.DictCodec {
	if d, ok := c.(codecs.DictCodec); ok && d.Dicts().Format == ZstdFormat && d.Dicts().Named && d.Dicts().Raw {
		return d
	}
	return nil
}
