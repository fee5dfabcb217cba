package codecs

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// TestAdaptReader has libraries that return the error of what they read.
func TestAdaptReader(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		name         string
		from         io.Reader
		resetReads   bool // a byte
		emptyIsWhole bool
		want         string
		err          error // io.EOF: as it is
	}{
		{"content", strings.NewReader("abc"), false, false, "abc", io.EOF},
		{"content after a header", strings.NewReader("abc"), true, false, "bc", io.EOF},
		{"no bytes", strings.NewReader(""), false, false, "", io.ErrUnexpectedEOF},
		{"no bytes, and none needed", strings.NewReader(""), false, true, "", io.EOF},
		{"no header", strings.NewReader(""), true, false, "", io.ErrUnexpectedEOF},
		{"error", iotest.ErrReader(broken), false, true, "", broken},
		{"error in the header", iotest.ErrReader(broken), true, true, "", broken},
	} {
		var below io.Reader
		r := AdaptReader(LibraryReader{
			Name:         "lib",
			Content:      readerFunc(func(p []byte) (int, error) { return below.Read(p) }),
			EmptyIsWhole: c.emptyIsWhole,
			Reset: func(r io.Reader) error {
				below = r
				if !c.resetReads {
					return nil
				}
				_, err := r.Read(make([]byte, 1))
				return err
			},
		}, c.from)
		for range 2 { // the same error again
			got := make([]byte, 8)
			n, err := io.ReadFull(r, got[:len(c.want)])
			if err == nil {
				_, err = r.Read(got[n:])
			}
			if n != 0 && string(got[:n]) != c.want || !errors.Is(err, c.err) || (err == io.EOF) != (c.err == io.EOF) {
				t.Errorf("%s: %q, %v; want %q, %v", c.name, got[:n], err, c.want, c.err)
			}
			if c.err == io.EOF {
				break
			}
		}
		if err := errors.Join(r.Close(), r.Close()); err != nil {
			t.Errorf("%s: close: %v", c.name, err)
		}
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestAdaptReaderIsLazy: nothing is read before the first Read, and Close frees
// once.
func TestAdaptReaderIsLazy(t *testing.T) {
	resets, closes := 0, 0
	r := AdaptReader(LibraryReader{
		Content: strings.NewReader(""),
		Reset:   func(io.Reader) error { resets++; return nil },
		Close:   func() { closes++ },
	}, strings.NewReader("x"))
	if err := r.Reset(strings.NewReader("y")); err != nil || resets > 0 {
		t.Errorf("%d resets before the first Read, %v", resets, err)
	}
	r.Close()
	r.Close()
	if _, err := r.Read(nil); !errors.Is(err, ErrClosed) || closes != 1 {
		t.Errorf("closed %d times, then error %v; want once and ErrClosed", closes, err)
	}
}
