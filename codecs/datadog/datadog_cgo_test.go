//go:build cgo

package datadog_test

import (
	"errors"
	"regexp"
	"runtime"
	"testing"

	"github.com/DataDog/zstd"

	"zstdshop/codecs"
	"zstdshop/codecs/datadog"
)

// One zstd frame each: a single raw block of that content.
const (
	emptyFrame = "\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00"
	oneFrame   = "\x28\xb5\x2f\xfd\x20\x01\x09\x00\x00a"
	fiveFrame  = "\x28\xb5\x2f\xfd\x20\x05\x29\x00\x00hello"
)

func TestAvailable(t *testing.T) {
	info := datadog.New().Info()
	if info.Unavailable != "" {
		t.Errorf("with cgo, unavailable: %s", info.Unavailable)
	}
	if want := regexp.MustCompile(`^\S+ \(libzstd [0-9]+\.[0-9]+\.[0-9]+\)$`); !want.MatchString(info.Version) {
		t.Errorf("Version is %q; want the module's and libzstd's", info.Version)
	}
}

// TestBoundIsTheLibrarys: with less CompressLevel allocates, with more we would
// refuse what it takes.
func TestBoundIsTheLibrarys(t *testing.T) {
	for _, n := range []int{0, 1, 255, 256, 2047, 2048, 64 << 10, 128<<10 - 1, 128 << 10, 128<<10 + 1, 1 << 20, 1 << 30} {
		if got, want := datadog.New().CompressBound(n), zstd.CompressBound(n); got != want {
			t.Errorf("CompressBound(%d) = %d, the library's is %d", n, got, want)
		}
	}
}

func TestDecompress(t *testing.T) {
	for _, c := range []struct {
		name, frame string
		capacity    int
		want        string
		err         error // wrapped; nil: whatever
		fails       bool
	}{
		{"nothing", "", 5, "", nil, true},
		{"nothing into nothing", "", 0, "", nil, true},
		{"empty frame into nothing", emptyFrame, 0, "", nil, false},
		{"empty frame", emptyFrame, 5, "", nil, false},
		{"one byte into nothing", oneFrame, 0, "", codecs.ErrShortBuffer, true},
		{"one byte", oneFrame, 1, "a", nil, false},
		{"five bytes into nothing", fiveFrame, 0, "", codecs.ErrShortBuffer, true},
		{"five bytes into four", fiveFrame, 4, "", codecs.ErrShortBuffer, true},
		{"five bytes", fiveFrame, 5, "hello", nil, false},
		{"two frames", oneFrame + fiveFrame, 6, "ahello", nil, false},
		{"two frames into five", oneFrame + fiveFrame, 5, "", codecs.ErrShortBuffer, true},
		{"frame and more", oneFrame + "x", 5, "", nil, true},
		{"frame cut", fiveFrame[:len(fiveFrame)-1], 5, "", nil, true},
	} {
		got, err := newContext(t, 3).Decompress(make([]byte, 0, c.capacity), []byte(c.frame))
		if string(got) != c.want || (err != nil) != c.fails || !errors.Is(err, c.err) && c.err != nil {
			t.Errorf("%s: %q, %v; want %q, fails %v with %v", c.name, got, err, c.want, c.fails, c.err)
		}
	}
}

// TestNoChecksum: Content_Checksum_flag is bit 2 of the byte after the magic
// number (RFC 8878, 3.1.1.1.1).
func TestNoChecksum(t *testing.T) {
	for _, size := range []int{0, 1, 300, 200 << 10} {
		if descriptor := frame(t, 3, make([]byte, size))[4]; descriptor&(1<<2) != 0 {
			t.Errorf("%d bytes: frame header descriptor %#02x has the checksum flag", size, descriptor)
		}
	}
}

// TestLevelIsUsed: levels reach libzstd, negative ones included. On text with
// long repetitions in it each of these finds more than the one before.
func TestLevelIsUsed(t *testing.T) {
	text := words(100 << 10)
	last := len(text)
	for _, level := range []int{-100, -5, 1, 3, 9, 19} {
		size := len(frame(t, level, text))
		if size >= last {
			t.Errorf("level %d makes %d bytes, the one below %d", level, size, last)
		}
		last = size
	}
}

// TestContextOutlivesItsLastCall: nobody uses the context after Compress, so
// the collector may take it during the call, and with it the C memory the call
// works in. A fault here is a crash. Decompress is the same case, but what it
// frees is so small that the C heap keeps it readable.
func TestContextOutlivesItsLastCall(t *testing.T) {
	stop, stopped := make(chan bool), make(chan bool)
	defer func() { close(stop); <-stopped }()
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	text := words(800 << 10)
	out := make([]byte, 0, datadog.New().CompressBound(len(text)))
	for range 20 {
		ctx, err := datadog.New().NewContext(6)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ctx.Compress(out, text); err != nil {
			t.Fatal(err)
		}
	}
}

func newContext(t *testing.T, level int) codecs.Context {
	t.Helper()
	ctx, err := datadog.New().NewContext(level)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ctx.Close() })
	return ctx
}

func frame(t *testing.T, level int, text []byte) []byte {
	t.Helper()
	b, err := newContext(t, level).Compress(make([]byte, 0, datadog.New().CompressBound(len(text))), text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// words is n bytes of words in no order.
func words(n int) []byte {
	list := [][]byte{
		[]byte("compress "), []byte("decompress "), []byte("context "), []byte("level "),
		[]byte("frame "), []byte("block "), []byte("window "), []byte("literal "),
	}
	var b []byte
	state := uint32(1)
	for len(b) < n {
		state = state*1664525 + 1013904223
		b = append(b, list[state>>29]...)
		b = append(b, byte(state>>20))
	}
	return b[:n]
}
