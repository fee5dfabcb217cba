package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"

	"github.com/valyala/fasthttp"
)

// The coding dcz of RFC 9842: a skippable frame with the SHA-256 of a dictionary, and a
// frame that begins with it. The dictionary is raw content, whatever its bytes are.
const (
	dczName   = "dcz"
	dczMagic  = "\x5e\x2a\x4d\x18\x20\x00\x00\x00"
	dczHeader = len(dczMagic) + sha256.Size
)

// dczLevel is the highest level whose windows every client of the coding can take: 8 MiB,
// or 1.25 times a dictionary larger than any here. Above it zstd's own command wants
// --ultra.
const dczLevel = 19

// Header fields of RFC 9842.
const (
	headerAvailableDictionary = "Available-Dictionary"
	headerUseAsDictionary     = "Use-As-Dictionary"
)

// useAsDictionary tells browsers for which answers a dictionary is, as a pattern that is
// relative to where they got it. /v1/compress is none of them: what pages ask it for is
// a frame, and a browser would undo the coding.
const useAsDictionary = `match="../decompress"`

// header is what comes before a frame that begins with d: of raw content, which the frame
// does not name, the beginning of dcz.
func (d *dictionary) header() []byte {
	if d == nil || !d.Raw {
		return nil
	}
	return append([]byte(dczMagic), d.digest[:]...)
}

// isDCZ reports whether a request's body is said to be in the coding.
func isDCZ(h *fasthttp.RequestHeader) bool {
	return bytes.EqualFold(h.ContentEncoding(), []byte(dczName))
}

// digested is the dictionary with that SHA-256, as raw content; nil where there is none.
func (ds dictionaries) digested(sum []byte) *dictionary {
	for _, d := range ds {
		if bytes.Equal(d.digest[:], sum) {
			return d.content
		}
	}
	return nil
}

// prefersDCZ reads Accept-Encoding: the coding has to be named, and not liked less than
// none.
func prefersDCZ(accept []byte) bool {
	coded, plain := 0.0, 0.0
	for name, weight := range weighted(accept) {
		switch {
		case bytes.EqualFold(name, []byte(dczName)):
			coded = weight
		case bytes.EqualFold(name, []byte(encodingNames[identity])):
			plain = weight
		}
	}
	return coded > 0 && coded >= plain
}

// byteSequence reads a Structured Field of bytes (RFC 9651, section 3.3.5), of the size of
// a SHA-256. Parameters mean nothing here.
func byteSequence(field []byte) (sum []byte, ok bool) {
	field, ok = bytes.CutPrefix(bytes.TrimSpace(field), []byte(":"))
	text, params, closed := bytes.Cut(field, []byte(":"))
	if !ok || !closed || len(text) != base64.StdEncoding.EncodedLen(sha256.Size) || len(params) > 0 && params[0] != ';' {
		return nil, false
	}
	sum, err := base64.StdEncoding.AppendDecode(nil, text)
	return sum, err == nil && len(sum) == sha256.Size
}
