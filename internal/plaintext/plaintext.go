// Package plaintext reads text files as other programs leave them: a shell of Windows
// redirects into UTF-16, and editors put a byte-order mark before UTF-8.
package plaintext

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	markUTF8 = []byte{0xef, 0xbb, 0xbf}
	markLE   = []byte{0xff, 0xfe}
	markBE   = []byte{0xfe, 0xff}
)

// HeadBytes is how much of a text tells how it is written.
const HeadBytes = 3

// IsPlain reports whether a text that begins with head is UTF-8 without a byte-order
// mark, as far as that shows.
func IsPlain(head []byte) bool {
	order, mark := encodingOf(head)
	return order == nil && mark == 0
}

// encodingOf returns the order of bytes of UTF-16, nil for UTF-8, and the length of the
// byte-order mark. Text of the formats that are read here begins with a letter of
// ASCII, which has a zero byte beside it in UTF-16 without a mark.
func encodingOf(head []byte) (order binary.ByteOrder, mark int) {
	switch {
	case bytes.HasPrefix(head, markUTF8):
		return nil, len(markUTF8)
	case bytes.HasPrefix(head, markLE):
		return binary.LittleEndian, len(markLE)
	case bytes.HasPrefix(head, markBE):
		return binary.BigEndian, len(markBE)
	case len(head) >= 2 && head[0] != 0 && head[1] == 0:
		return binary.LittleEndian, 0
	case len(head) >= 2 && head[0] == 0 && head[1] != 0:
		return binary.BigEndian, 0
	}
	return nil, 0
}

// Reader returns the text of r as UTF-8 without a byte-order mark. What is no UTF-16
// though it begins like it comes out with U+FFFD in its place, and a byte too many at its
// end is io.ErrUnexpectedEOF.
func Reader(r io.Reader) io.Reader {
	return &reader{in: bufio.NewReader(r)}
}

// Bytes is text as Reader has it.
func Bytes(text []byte) ([]byte, error) {
	if IsPlain(text) {
		return text, nil
	}
	return io.ReadAll(Reader(bytes.NewReader(text)))
}

type reader struct {
	in      *bufio.Reader
	begun   bool
	order   binary.ByteOrder // nil: UTF-8
	pending []byte           // of a rune that did not fit
	unit    rune             // read ahead behind half a pair; 0 for none
}

func (r *reader) Read(p []byte) (int, error) {
	if !r.begun {
		r.begun = true
		head, _ := r.in.Peek(HeadBytes) // its error comes back with the first read
		var mark int
		r.order, mark = encodingOf(head)
		if _, err := r.in.Discard(mark); err != nil {
			return 0, err
		}
	}
	if r.order == nil {
		return r.in.Read(p)
	}
	n := 0
	for n < len(p) {
		if len(r.pending) == 0 {
			c, err := r.rune()
			if err != nil {
				if n > 0 && errors.Is(err, io.EOF) {
					err = nil // the next read says so
				}
				return n, err
			}
			r.pending = utf8.AppendRune(r.pending[:0], c)
		}
		copied := copy(p[n:], r.pending)
		n, r.pending = n+copied, r.pending[copied:]
	}
	return n, nil
}

// rune reads one rune of UTF-16.
func (r *reader) rune() (rune, error) {
	c := r.unit
	r.unit = 0
	if c == 0 {
		var err error
		if c, err = r.next(); err != nil {
			return 0, err
		}
	}
	if !utf16.IsSurrogate(c) {
		return c, nil
	}
	second, err := r.next()
	if errors.Is(err, io.EOF) {
		return utf8.RuneError, nil
	}
	if err != nil {
		return 0, err
	}
	pair := utf16.DecodeRune(c, second)
	if pair == utf8.RuneError {
		r.unit = second // half a pair: what follows stands for itself
	}
	return pair, nil
}

func (r *reader) next() (rune, error) {
	var unit [2]byte
	if _, err := io.ReadFull(r.in, unit[:]); err != nil {
		return 0, err
	}
	return rune(r.order.Uint16(unit[:])), nil
}
