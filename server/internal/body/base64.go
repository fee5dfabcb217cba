package body

import (
	"slices"
	"sync"

	"github.com/segmentio/asm/base64"
)

// strict is the alphabet of RFC 4648, section 4, and wants the bits behind the
// last byte to be zero. It skips \r and \n all the same, see DecodeBase64.
var strict = base64.StdEncoding.Strict()

// DecodeBase64 decodes src to dst[:0] and returns it; dst grows where it has
// not room for len(src)/4*3 bytes. Only what an encoder makes is right: the
// standard alphabet, padding up to a multiple of 4, nothing in between and no
// loose bits at the end. dst may be src[:0], and then src is overwritten; else
// src is only read and must not overlap dst. Errors are *Error with the first byte
// at fault in src; with one, dst[:0] is returned.
func DecodeBase64(dst, src []byte) ([]byte, error) {
	dst = slices.Grow(dst[:0], len(src)/4*3)
	block := blocks.Get().(*[decodedBlock]byte)
	defer blocks.Put(block)
	for at := 0; at < len(src); at += encodedBlock {
		part := src[at:min(at+encodedBlock, len(src))]
		n, ok := decodeBlock(block, part)
		if !ok || n < decodedBlock && at+encodedBlock < len(src) {
			return dst[:0], base64Error(src[at:], at)
		}
		dst = append(dst, block[:n]...)
	}
	return dst, nil
}

// Decoding goes through a block of its own, which is what lets dst be src: no
// decoder promises anything of slices that overlap.
const (
	encodedBlock = 4 << 10
	decodedBlock = encodedBlock / 4 * 3
)

var blocks = sync.Pool{New: func() any { return new([decodedBlock]byte) }}

// decodeBlock decodes src, of encodedBlock bytes at most, and returns how many
// bytes it made. Whether it is at fault is all it says.
func decodeBlock(dst *[decodedBlock]byte, src []byte) (n int, ok bool) {
	if len(src)%4 != 0 {
		return 0, false
	}
	want := len(src) / 4 * 3
	for i := len(src) - 1; i >= len(src)-2 && src[i] == '='; i-- {
		want--
	}
	n, err := strict.Decode(dst[:len(src)/4*3], src)
	// What has been skipped is missing from n.
	return n, err == nil && n == want
}

// base64Error finds what is wrong with src, which something is; before of base64
// has been found right in front of it.
func base64Error(src []byte, before int) error {
	fault := func(at int, msg string) error { return wrong(422, "b64", "base64_invalid", before+at, msg) }
	for at, c := range src {
		switch {
		case inAlphabet(c):
		case c != '=':
			return fault(at, "this byte is not in the base64 alphabet")
		case len(src)%4 != 0 || at < len(src)-2 || at == len(src)-2 && src[at+1] != '=':
			return fault(at, "padding belongs at the end only, as much as makes a multiple of 4")
		}
	}
	if len(src)%4 != 0 {
		return fault(len(src), "the length is not a multiple of 4; is padding missing?")
	}
	last := len(src) - 1
	for src[last] == '=' {
		last--
	}
	return fault(last, "the last character has bits beyond the last byte")
}

func inAlphabet(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || isDigit(c) || c == '+' || c == '/'
}

// AppendBase64 appends src in base64: the standard alphabet with padding,
// (len(src)+2)/3*4 bytes. src is only read and must not overlap dst.
func AppendBase64(dst, src []byte) []byte {
	n := base64.StdEncoding.EncodedLen(len(src))
	dst = slices.Grow(dst, n)
	base64.StdEncoding.Encode(dst[len(dst):len(dst)+n], src)
	return dst[:len(dst)+n]
}
