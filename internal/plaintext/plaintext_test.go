package plaintext

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// inUTF16 is text as a shell of Windows writes it.
func inUTF16(order binary.AppendByteOrder, text string) (out []byte) {
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return out
}

// A text comes out the same whichever way it was written, and in whatever pieces.
func TestReader(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[{a-z][ -~äß€\n]{0,40}`).Draw(t, "text") + rapid.SampledFrom([]string{"", "🗜", "a🗜🗜b"}).Draw(t, "end")
		for name, written := range map[string][]byte{
			"UTF-8":                      []byte(text),
			"UTF-8 with a mark":          []byte("\ufeff" + text),
			"little endian with a mark":  inUTF16(binary.LittleEndian, "\ufeff"+text),
			"big endian with a mark":     inUTF16(binary.BigEndian, "\ufeff"+text),
			"little endian without mark": inUTF16(binary.LittleEndian, text),
			"big endian without mark":    inUTF16(binary.BigEndian, text),
		} {
			if utf8.RuneLen([]rune(text + "a")[0]) > 1 {
				continue
			}
			for _, r := range []io.Reader{bytes.NewReader(written), iotest.OneByteReader(bytes.NewReader(written)), iotest.DataErrReader(bytes.NewReader(written))} {
				if got, err := io.ReadAll(iotest.OneByteReader(Reader(r))); err != nil || string(got) != text {
					t.Fatalf("%s: %q, %v; want %q", name, got, err, text)
				}
			}
			if got, err := Bytes(written); err != nil || string(got) != text {
				t.Fatalf("%s: %q, %v; want %q", name, got, err, text)
			}
			if len(text) > 1 && IsPlain(written) != (name == "UTF-8") {
				t.Fatalf("%s: is it plain? %v", name, IsPlain(written))
			}
		}
	})
}

func TestReaderErrors(t *testing.T) {
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		in   io.Reader
		want string
		err  error
	}{
		"nothing":                  {bytes.NewReader(nil), "", nil},
		"a mark alone":             {bytes.NewReader(markUTF8), "", nil},
		"a mark of UTF-16 alone":   {bytes.NewReader(markLE), "", nil},
		"a byte too many":          {bytes.NewReader([]byte("\xff\xfea\x00b")), "a", io.ErrUnexpectedEOF},
		"half a pair":              {bytes.NewReader([]byte("\xff\xfe\x3d\xd8a\x00")), "\ufffda", nil},
		"half a pair at the end":   {bytes.NewReader([]byte("\xff\xfe\x3d\xd8")), "\ufffd", nil},
		"a reader that breaks":     {io.MultiReader(bytes.NewReader([]byte("\xff\xfea\x00")), iotest.ErrReader(broken)), "a", broken},
		"one that breaks at first": {iotest.ErrReader(broken), "", broken},
	} {
		got, err := io.ReadAll(Reader(c.in))
		if string(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v; want %q, %v", name, got, err, c.want, c.err)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("\xff\xfea\x00"))
	f.Add([]byte("\xef\xbb\xbf{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := io.ReadAll(Reader(bytes.NewReader(text)))
		if err == nil && IsPlain(text) && !bytes.Equal(got, text) {
			t.Errorf("%q became %q", text, got)
		}
		if !IsPlain(text) && !bytes.HasPrefix(text, markUTF8) && !utf8.Valid(got) {
			t.Errorf("%q became %q", text, got)
		}
	})
}
