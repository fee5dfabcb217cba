package body

import (
	"slices"
	stdutf8 "unicode/utf8"

	"github.com/segmentio/asm/utf8"
)

// AppendString appends s as a JSON string, quotes included. What must be escaped
// is, and nothing else: no HTML, no non-ASCII. What is not UTF-8 becomes U+FFFD as
// by Python's errors="replace": one for each longest part that could have begun a
// character. s is only read and must not overlap dst.
//
// With cap(dst)-len(dst) of at least 6*len(s)+2 nothing is allocated; that is for
// control characters only, and prose needs little more than its own length.
func AppendString(dst, s []byte) []byte {
	dst = append(slices.Grow(dst, len(s)+2), '"')
	if utf8.Valid(s) {
		dst = appendEscaped(dst, s)
	} else {
		dst = appendReplaced(dst, s)
	}
	return append(dst, '"')
}

// appendEscaped appends s, which is UTF-8, with escapes. cap(dst)-len(dst) is at
// least len(s).
func appendEscaped(dst, s []byte) []byte {
	for {
		n := copyPlain(dst[len(dst):cap(dst)], s)
		dst, s = dst[:len(dst)+n], s[n:]
		if len(s) == 0 {
			return dst
		}
		dst = slices.Grow(appendEscape(dst, s[0]), len(s)-1)
		s = s[1:]
	}
}

// appendEscape appends the escape of a quote, a backslash or a control character.
func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\t':
		return append(dst, '\\', 't')
	case '\r':
		return append(dst, '\\', 'r')
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// appendReplaced is appendEscaped of any bytes.
func appendReplaced(dst, s []byte) []byte {
	for {
		good := validUTF8(s)
		dst = appendEscaped(slices.Grow(dst, good), s[:good])
		if s = s[good:]; len(s) == 0 {
			return dst
		}
		dst = stdutf8.AppendRune(dst, stdutf8.RuneError)
		s = s[beginning(s):]
	}
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
