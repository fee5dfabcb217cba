package body

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/segmentio/asm/ascii"
)

// text reads a string and unescapes it where it stands. What it returns is not
// nil, is a part of r.src, and keeps its value.
func (r *reader) text() ([]byte, error) {
	src, start := r.src, r.at+1
	at := start + copyPlain(src[start:], src[start:])
	out := at // src[start:out] is done
	for at < len(src) {
		switch src[at] {
		case '"':
			r.at = at + 1
			return src[start:out:out], nil
		case '\\':
			if at+1 < len(src) && short[src[at+1]] != 0 {
				src[out] = short[src[at+1]]
				at += 2
				out++
				break
			}
			c, read, kind := unescape(src[at:])
			if kind != "" {
				return nil, escapeError(kind, src, at)
			}
			at += read
			out += utf8.EncodeRune(src[out:], c) // never more than read
		default:
			return nil, invalid("control_character", at, "control characters must be escaped in strings")
		}
		if at < len(src) && src[at] == '\\' {
			continue // as in text that is all escapes
		}
		var n int
		if at-out >= stride {
			n = copyPlain(src[out:], src[at:])
		} else { // few escapes so far
			n = copyPlain(src[at:], src[at:])
			copy(src[out:], src[at:at+n])
		}
		at += n
		out += n
	}
	r.at = at
	return nil, r.unexpected()
}

// bareText reads a string of printable ASCII without a backslash, such as base64 is,
// which needs no unescaping and is found at several times the speed of text. nil, with
// nothing read, where there is none; text then says what there is.
func (r *reader) bareText() []byte {
	if r.src[r.at] != '"' {
		return nil
	}
	start := r.at + 1
	n := bytes.IndexByte(r.src[start:], '"')
	if n < 0 {
		return nil
	}
	found := r.src[start : start+n : start+n]
	if !ascii.ValidPrint(found) || bytes.IndexByte(found, '\\') >= 0 {
		return nil
	}
	r.at = start + n + 1
	return found
}

// stride is how many bytes copyPlain takes at a time.
const stride = 32

// copyPlain copies as many bytes of src to dst, which is no shorter, as stand for
// themselves in a string, and returns how many. It finds out once they are copied
// and writes up to stride bytes more, all within len(src). So dst may be src, or
// overlap it if it begins stride bytes or more before it.
func copyPlain(dst, src []byte) int {
	n := 0
	for n+stride <= len(src) && n+stride <= len(dst) {
		from, to := src[n:n+stride], dst[n:n+stride]
		w0, w1 := binary.LittleEndian.Uint64(from), binary.LittleEndian.Uint64(from[8:])
		w2, w3 := binary.LittleEndian.Uint64(from[16:]), binary.LittleEndian.Uint64(from[24:])
		binary.LittleEndian.PutUint64(to, w0)
		binary.LittleEndian.PutUint64(to[8:], w1)
		binary.LittleEndian.PutUint64(to[16:], w2)
		binary.LittleEndian.PutUint64(to[24:], w3)
		f0, f1, f2, f3 := special(w0), special(w1), special(w2), special(w3)
		if f0|f1|f2|f3 == 0 {
			n += stride
			continue
		}
		switch {
		case f0 != 0:
			return n + bits.TrailingZeros64(f0)/8
		case f1 != 0:
			return n + 8 + bits.TrailingZeros64(f1)/8
		case f2 != 0:
			return n + 16 + bits.TrailingZeros64(f2)/8
		}
		return n + 24 + bits.TrailingZeros64(f3)/8
	}
	for n < len(src) && src[n] >= ' ' && src[n] != '"' && src[n] != '\\' {
		dst[n] = src[n]
		n++
	}
	return n
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special sets, of the 8 bytes in w, the high bit of each that cannot stand for
// itself in a string: quotes, backslashes and control characters. Above the
// lowest that is set, others may be set wrongly.
//
// The quote, 0x22, is next to the control characters, up to 0x1f, but for 0x20
// and 0x21: with bit 1 flipped it is 0x20, these two are 0x22 and 0x23, and
// control characters stay among themselves. So one comparison finds both.
func special(w uint64) uint64 {
	quote := w ^ ones*0x02
	slash := w ^ ones*'\\'
	// Neither flips a high bit, so w has those of both.
	return ((quote - ones*0x21) | (slash - ones)) &^ w & highs
}

// short is what stands for what behind a backslash.
var short = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape returns the character of the \uXXXX, or pair of them, that src begins
// with, how long that is, and in kind what is wrong with it, if anything.
func unescape(src []byte) (c rune, read int, kind string) {
	c, kind = hex4(src)
	if kind != "" || !utf16.IsSurrogate(c) {
		return c, 6, kind
	}
	low, kind := hex4(src[6:])
	if c = utf16.DecodeRune(c, low); kind != "" || c == utf8.RuneError {
		return 0, 0, "surrogate"
	}
	return c, 12, ""
}

// hex4 reads the \uXXXX that src begins with, or tells in kind why not.
func hex4(src []byte) (c rune, kind string) {
	if len(src) < 6 {
		return 0, cutEscape(src)
	}
	v := hexValue[src[2]]<<12 | hexValue[src[3]]<<8 | hexValue[src[4]]<<4 | hexValue[src[5]]
	if src[0] != '\\' || src[1] != 'u' || v >= notHex {
		return 0, "escape"
	}
	return rune(v), ""
}

// cutEscape reports whether src is the beginning of a \uXXXX, or none.
func cutEscape(src []byte) (kind string) {
	for i, c := range src {
		if i < 2 && c != `\u`[i] || i >= 2 && hexValue[c] == notHex {
			return "escape"
		}
	}
	return "end"
}

// notHex is more than four hexadecimal digits make.
const notHex = 1 << 16

// hexValue is what hexadecimal digits stand for.
var hexValue = func() (values [256]uint32) {
	for c := range values {
		values[c] = notHex
	}
	for v, digits := range []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "aA", "bB", "cC", "dD", "eE", "fF"} {
		for i := range len(digits) {
			values[digits[i]] = uint32(v)
		}
	}
	return values
}()

// escapeError is the error of the escape at at.
func escapeError(kind string, src []byte, at int) error {
	switch kind {
	case "end":
		return invalid("syntax", len(src), "the body ends too early")
	case "surrogate":
		return invalid("surrogate", at, "half of a surrogate pair stands alone")
	default:
		return invalid("syntax", at, "this is no escape that JSON knows")
	}
}
