package body_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/segmentio/asm/ascii"
	asm "github.com/segmentio/asm/utf8"

	"zstdshop/server/internal/body"
)

func TestAppendString(t *testing.T) {
	long := strings.Repeat("x", 100)
	for _, c := range []struct{ name, in, want string }{
		{"nothing", "", `""`},
		{"plain", "hello", `"hello"`},
		{"quote and backslash", `"\`, `"\"\\"`},
		{"short escapes", "\b\f\n\r\t", `"\b\f\n\r\t"`},
		{"control characters", "\x00\x01\x0b\x0e\x1f", `"\u0000\u0001\u000b\u000e\u001f"`},
		{"delete stays", "\x7f", "\"\x7f\""},
		{"slash stays", "/", `"/"`},
		{"HTML stays", "<b>&amp;</b>'", `"<b>&amp;</b>'"`},
		{"line separators stay", "\u2028\u2029", "\"\u2028\u2029\""},
		{"non-ASCII stays", "aé中😀\ufffe\ufffd", "\"aé中😀\ufffe\ufffd\""},
		{"long", long, `"` + long + `"`},
		{"escape after long", long + "\n" + long, `"` + long + `\n` + long + `"`},
		{"NULs only", strings.Repeat("\x00", 50), `"` + strings.Repeat(`\u0000`, 50) + `"`},

		// What is not UTF-8, as Python has it with errors="replace".
		{"ff", "a\xffb", "\"a\ufffdb\""},
		{"lone continuations", "\x80\x80", "\"\ufffd\ufffd\""},
		{"two bytes cut", "\xc3", "\"\ufffd\""},
		{"two bytes cut by text", "\xc3a", "\"\ufffda\""},
		{"three bytes cut", "\xe4\xb8", "\"\ufffd\""},
		{"three bytes cut by another", "\xe4\xb8\xe4\xb8\xad", "\"\ufffd中\""},
		{"four bytes cut", "\xf0\x9f\x98", "\"\ufffd\""},
		{"four bytes cut early", "\xf0\x9f", "\"\ufffd\""},
		{"overlong, two bytes", "\xc0\x80", "\"\ufffd\ufffd\""},
		{"overlong, two bytes, above", "\xc1\xbf", "\"\ufffd\ufffd\""},
		{"overlong, three bytes", "\xe0\x80\x80", "\"\ufffd\ufffd\ufffd\""},
		{"overlong, four bytes", "\xf0\x8f\xbf\xbf", "\"\ufffd\ufffd\ufffd\ufffd\""},
		{"surrogate", "\xed\xa0\x80", "\"\ufffd\ufffd\ufffd\""},
		{"below the surrogates", "\xed\x9f", "\"\ufffd\""},
		{"above U+10FFFF", "\xf4\x90\x80\x80", "\"\ufffd\ufffd\ufffd\ufffd\""},
		{"below its end", "\xf4\x8f\xbf", "\"\ufffd\""},
		{"five bytes", "\xf8\x88\x80\x80\x80", "\"\ufffd\ufffd\ufffd\ufffd\ufffd\""},
		{"first and last of four", "\xf1\x80\x80\xf3\xbf\xbf", "\"\ufffd\ufffd\""},
		{"with escapes", "\"\xff\n\xe4\xb8\"", "\"\\\"\ufffd\\n\ufffd\\\"\""},
		{"behind a long text", long + "\xff" + long, `"` + long + "\ufffd" + long + `"`},
	} {
		for _, room := range []int{0, len(c.in), len(c.in) + 2, 6*len(c.in) + 100} {
			dst := append(make([]byte, 0, room+3), "is:"...)
			if got := body.AppendString(dst, []byte(c.in)); string(got) != "is:"+c.want {
				t.Errorf("%s, room for %d: %q, want %q", c.name, room, got, c.want)
			}
		}
		if size := body.ContentSize([]byte(c.in), utf8.ValidString(c.in)); size != len(c.want)-2 {
			t.Errorf("%s: ContentSize %d, want %d", c.name, size, len(c.want)-2)
		}
	}
}

// TestAppendStringGrows: there is room for what follows an escape, wherever dst
// has grown.
func TestAppendStringGrows(t *testing.T) {
	for escapes := range 40 {
		for plain := range 200 {
			s, want := strings.Repeat("\x00", escapes), strings.Repeat(`\u0000`, escapes)
			long := strings.Repeat("x", plain)
			if got := body.AppendString(nil, []byte(s+long)); string(got) != `"`+want+long+`"` {
				t.Fatalf("%d escapes and %d bytes: %q", escapes, plain, got)
			}
		}
	}
}

// TestAppendStringAllocates: not where there is as much room as its contract asks.
func TestAppendStringAllocates(t *testing.T) {
	for _, s := range []string{"", "a", "\x00", prose(1000), strings.Repeat("\x00", 1000)} {
		in := []byte(s)
		dst := make([]byte, 0, body.ContentSize(in, true))
		if n := testing.AllocsPerRun(10, func() { body.AppendFitting(dst, in, true) }); n != 0 {
			t.Errorf("%d bytes: %v allocations", len(s), n)
		}
	}
}

// TestAppendFitting: whatever room there is, what fits is the beginning of the
// string, what is left makes the rest of it, and nothing is left where there is
// room for all.
func TestAppendFitting(t *testing.T) {
	for _, s := range []string{"", "abc", "\x00", "\x00\x01a\"b", "a\xffb", "\xff\xfe", strings.Repeat("x", 70) + "\n" + strings.Repeat("y", 40), strings.Repeat("a\n\x00é\xff", 20)} {
		whole := body.AppendString(nil, []byte(s))
		want, valid := string(whole[1:len(whole)-1]), utf8.ValidString(s)
		for room := range len(want) + 1 {
			dst := make([]byte, 0, room)
			got, rest := body.AppendFitting(dst, []byte(s), valid)
			if room == len(want) && len(rest) > 0 || len(got) > room {
				t.Errorf("%q, room for %d of %d: %d bytes are left, %d written", s, room, len(want), len(rest), len(got))
			}
			if both, left := body.AppendFitting(append(make([]byte, 0, len(want)), got...), rest, valid); string(both) != want || len(left) > 0 {
				t.Fatalf("%q, room for %d: %q and then %q", s, room, got, both)
			}
		}
	}
}

// FuzzAppendString: it writes what the reference does, and Compress reads it.
func FuzzAppendString(f *testing.F) {
	f.Add([]byte(prose(300)))
	f.Add([]byte("\"\\\x00\x1f é\xff\xe4\xb8"))
	f.Fuzz(func(t *testing.T, s []byte) {
		before := bytes.Clone(s)
		got := body.AppendString(nil, s)
		if !bytes.Equal(s, before) {
			t.Fatalf("%q has changed to %q", before, s)
		}
		if size := body.ContentSize(s, utf8.Valid(s)); size != len(got)-2 {
			t.Fatalf("%q: ContentSize %d, it is %d", s, size, len(got)-2)
		}
		if !jsontext.Value(got).IsValid() {
			t.Fatalf("%q: %q is not JSON", s, got)
		}
		if !utf8.Valid(s) {
			return
		}
		if want, err := jsontext.AppendQuote(nil, s); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%q: %q; the reference has %q, %v", s, got, want, err)
		}
		request := append(append([]byte(`{"text":`), got...), '}')
		if text, _, _, err := body.Compress(request, len(s)); err != nil || !bytes.Equal(text, s) {
			t.Errorf("%q: comes back as %q, %v", s, text, err)
		}
	})
}

// TestUTF8Valid: the library that tells UTF-8 works on 32 bytes at a time. It
// must say what the standard one does of characters, and of parts of them, at
// every place of its blocks.
func TestUTF8Valid(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 0))
	parts := []string{"a", "é", "中", "😀", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\U00010000", "\U0010ffff", strings.Repeat("x", 31)}
	broken := []string{"\x80", "\xbf", "\xc0", "\xc1", "\xc3", "\xe0\x80", "\xe0\x9f", "\xe4\xb8", "\xed\xa0", "\xf0\x80", "\xf0\x8f\x80", "\xf0\x9f\x98", "\xf4\x90", "\xf5", "\xff"}
	for range 200_000 {
		var b []byte
		for n := rnd.IntN(110); len(b) < n; {
			if rnd.IntN(60) == 0 {
				b = append(b, broken[rnd.IntN(len(broken))]...)
			} else {
				b = append(b, parts[rnd.IntN(len(parts))]...)
			}
		}
		if rnd.IntN(4) == 0 && len(b) > 0 {
			b = b[:len(b)-1]
		}
		if got, want := asm.Valid(b), utf8.Valid(b); got != want {
			t.Fatalf("%q: %v, the standard library has %v", b, got, want)
		}
	}
}

// TestValidPrint: the library that tells printable ASCII works on 32 bytes at a time, too.
// One byte that is none is seen at every place of its blocks.
func TestValidPrint(t *testing.T) {
	for size := range 100 {
		s := bytes.Repeat([]byte("x"), size)
		if !ascii.ValidPrint(s) {
			t.Fatalf("%d bytes: not printable", size)
		}
		for at := range s {
			for c := range 256 {
				s[at] = byte(c)
				if got, want := ascii.ValidPrint(s), ' ' <= c && c <= '~'; got != want {
					t.Fatalf("%#x at %d of %d: %v", c, at, size, got)
				}
			}
			s[at] = 'x'
		}
	}
}
