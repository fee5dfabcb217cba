package codecs

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestSink(t *testing.T) {
	buffer := make([]byte, 8)
	s := Sink{Bytes: buffer[:0:5]}
	if n, err := s.Write([]byte("abc")); n != 3 || err != nil {
		t.Errorf("3 bytes into 5: %d, %v", n, err)
	}
	if n, err := s.Write([]byte("def")); n != 0 || !errors.Is(err, ErrShortBuffer) {
		t.Errorf("3 bytes into 2: %d, %v; want 0 and ErrShortBuffer wrapped", n, err)
	}
	if n, err := s.Write([]byte("de")); n != 2 || err != nil {
		t.Errorf("2 bytes into 2: %d, %v", n, err)
	}
	if string(s.Bytes) != "abcde" || &s.Bytes[0] != &buffer[0] || string(buffer[5:]) != "\x00\x00\x00" {
		t.Errorf("holds %q, the buffer %q; want abcde at its start", s.Bytes, buffer)
	}
}

func TestFill(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		name     string
		r        io.Reader
		capacity int
		want     string
		err      error
	}{
		{"nothing into nothing", strings.NewReader(""), 0, "", nil},
		{"room to spare", strings.NewReader("abc"), 5, "abc", nil},
		{"just enough", strings.NewReader("abc"), 3, "abc", nil},
		{"too little", strings.NewReader("abc"), 2, "", ErrShortBuffer},
		{"too little by all", strings.NewReader("abc"), 0, "", ErrShortBuffer},
		{"byte by byte", iotest.OneByteReader(strings.NewReader("abc")), 3, "abc", nil},
		{"io.EOF with the last byte", iotest.DataErrReader(strings.NewReader("abc")), 3, "abc", nil},
		{"error", iotest.ErrReader(broken), 3, "", broken},
		{"error at the end", io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(broken)), 3, "", broken},
	} {
		var f Filler
		dst := make([]byte, 0, c.capacity)
		got, err := f.Fill(dst, c.r)
		if string(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v; want %q, %v", c.name, got, err, c.want, c.err)
		}
		if len(got) > 0 && &got[0] != &dst[:1][0] {
			t.Errorf("%s: not in dst", c.name)
		}
	}
}
