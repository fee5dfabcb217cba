package body

import (
	"encoding/binary"
	"fmt"
	"slices"
	stdutf8 "unicode/utf8"

	"github.com/segmentio/asm/utf8"
)

// AppendString appends s as a JSON string, quotes included. What must be escaped
// is, and nothing else: no HTML, no non-ASCII. What is not UTF-8 becomes U+FFFD as
// by Python's errors="replace": one for each longest part that could have begun a
// character. s is only read and must not overlap dst.
func AppendString(dst, s []byte) []byte {
	dst, valid := append(slices.Grow(dst, len(s)+len(`""`)), '"'), ValidUTF8(s)
	dst, rest := AppendFitting(dst, s, valid)
	if len(rest) > 0 {
		dst, _ = AppendFitting(slices.Grow(dst, ContentSize(rest, valid)), rest, valid)
	}
	return append(dst, '"')
}

// ValidUTF8 reports whether s is UTF-8.
func ValidUTF8(s []byte) bool { return utf8.Valid(s) }

// AppendFitting appends what is between the quotes of AppendString, as far as it
// fits into dst, and returns what is left of s. Nothing is left where there is room
// for ContentSize(s) bytes, and prose needs little more than its own length. valid is
// ValidUTF8(s), which costs as much as a tenth of the writing; what is left of a valid s
// is valid.
//
// The text of an answer can be six times as long as what was compressed to nearly
// nothing. So its length is to be known before there is room for it; but counting
// all of every text would cost as much as writing it.
func AppendFitting(dst, s []byte, valid bool) (out, rest []byte) {
	if valid {
		return appendEscaped(dst, s)
	}
	for {
		good := charactersOf(s)
		dst, rest = appendEscaped(dst, s[:good])
		if len(rest) > 0 {
			return dst, s[good-len(rest):]
		}
		if s = s[good:]; len(s) == 0 || cap(dst)-len(dst) < len(replacement) {
			return dst, s
		}
		dst = append(dst, replacement...)
		s = s[beginning(s):]
	}
}

// replacement is U+FFFD, in three bytes.
const replacement = "\ufffd"

// ContentSize is how many bytes there are between the quotes of AppendString. valid is
// ValidUTF8(s).
func ContentSize(s []byte, valid bool) int {
	if valid {
		return escapedSize(s)
	}
	size := 0
	for {
		good := charactersOf(s)
		size += escapedSize(s[:good])
		if s = s[good:]; len(s) == 0 {
			return size
		}
		size += len(replacement)
		s = s[beginning(s):]
	}
}

// escapedSize is how many bytes appendEscaped makes of s.
func escapedSize(s []byte) int {
	size := len(s)
	for _, c := range s {
		size += int(escapeMore[c])
	}
	return size
}

// escapes are the escapes of the bytes that need one, as the bytes of a word from
// the lowest; escapeMore is by how much each is longer than the byte.
var escapes, escapeMore = func() (words [256]uint64, more [256]uint8) {
	set := func(c byte, escape string) {
		var b [8]byte
		copy(b[:], escape)
		words[c], more[c] = binary.LittleEndian.Uint64(b[:]), uint8(len(escape)-1)
	}
	for c := range byte(' ') {
		set(c, fmt.Sprintf(`\u%04x`, c))
	}
	for _, c := range []byte("\"\\") {
		set(c, `\`+string(c))
	}
	for i, c := range []byte("\b\f\n\r\t") {
		set(c, `\`+"bfnrt"[i:i+1])
	}
	return words, more
}()

// appendEscaped appends s, which is UTF-8, with escapes, as far as whole
// characters fit into dst, and returns what is left.
func appendEscaped(dst, s []byte) (out, rest []byte) {
	for at := 0; ; {
		room := dst[len(dst):cap(dst)]
		n := copyPlain(room, s[at:min(len(s), at+len(room))])
		dst, at = dst[:len(dst)+n], at+n
		for at < len(s) && escapeMore[s[at]] != 0 && cap(dst)-len(dst) > int(escapeMore[s[at]]) {
			dst = appendEscape(dst, s[at])
			at++
		}
		switch {
		case at == len(s):
			return dst, nil
		case len(dst) == cap(dst) || escapeMore[s[at]] != 0:
			for !stdutf8.RuneStart(s[at]) {
				dst, at = dst[:len(dst)-1], at-1
			}
			return dst, s[at:]
		}
	}
}

// appendEscape appends the escape of c, for which there is room. A word is written
// where that fits, which takes no loop.
func appendEscape(dst []byte, c byte) []byte {
	at, end := len(dst), len(dst)+1+int(escapeMore[c])
	if at+8 <= cap(dst) {
		binary.LittleEndian.PutUint64(dst[at:at+8], escapes[c])
		return dst[:end]
	}
	for word := escapes[c]; at < end; at++ {
		dst = append(dst, byte(word))
		word >>= 8
	}
	return dst
}

// beginning is how many of the first bytes of b, which are not a character, could
// have begun one; at least 1. That is what Unicode 15, section 3.9, calls a maximal
// subpart.
func beginning(b []byte) int {
	// The second byte tells overlong forms, surrogates and what is above U+10FFFF.
	low, high, size := byte(0x80), byte(0xBF), 0
	switch c := b[0]; {
	case 0xC2 <= c && c <= 0xDF:
		size = 2
	case c == 0xE0:
		low, size = 0xA0, 3
	case c == 0xED:
		high, size = 0x9F, 3
	case 0xE1 <= c && c <= 0xEF:
		size = 3
	case c == 0xF0:
		low, size = 0x90, 4
	case c == 0xF4:
		high, size = 0x8F, 4
	case 0xF1 <= c && c <= 0xF3:
		size = 4
	}
	n := 1
	for n < size && n < len(b) && low <= b[n] && b[n] <= high {
		low, high = 0x80, 0xBF
		n++
	}
	return n
}
