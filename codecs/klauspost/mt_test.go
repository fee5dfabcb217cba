package klauspost

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"zstdshop/codecs"
	"zstdshop/codecs/codectest"
)

// manyJobs has jobs of 512 KiB, so that inputs of a test are more than one.
func manyJobs(threads int) codecs.Codec { return mtCodec{threads: threads, window: 128 << 10} }

func TestMT(t *testing.T) { codectest.Run(t, NewMT(0)) }

func TestMTOfManyJobs(t *testing.T) { codectest.Run(t, manyJobs(2)) }

func TestMTPair(t *testing.T) { codectest.RunPair(t, NewMT(0), New()) }

func TestMTSaysItHasThreads(t *testing.T) {
	if mt, one := NewMT(0).Info().Threads, New().Info().Threads; !mt || one {
		t.Errorf("Info().Threads is %v, of New %v; want true, false", mt, one)
	}
}

// TestMTFrame: a frame is the same for any number of threads and CPUs, tells
// its size, has no checksum, and is cut into jobs.
func TestMTFrame(t *testing.T) {
	// Three jobs, of repetitions that are further apart than a job looks back.
	text := bytes.Repeat(sparse(rand.New(rand.NewPCG(6, 0)), 100<<10), 12)
	was := runtime.GOMAXPROCS(1)
	want := mtFrame(t, manyJobs(0), text)
	runtime.GOMAXPROCS(was)
	for _, threads := range []int{1, 2, 3, 8} {
		if !bytes.Equal(mtFrame(t, manyJobs(threads), text), want) {
			t.Errorf("%d threads make another frame than the default on one CPU", threads)
		}
	}
	var h zstd.Header
	if err := h.Decode(want); err != nil || h.HasCheckSum || h.FrameContentSize != uint64(len(text)) {
		t.Errorf("header has checksum %v and size %d, %v; want none and %d", h.HasCheckSum, h.FrameContentSize, err, len(text))
	}
	var whole bytes.Buffer
	enc, err := zstd.NewWriter(nil, zstd.WithWindowSize(128<<10), zstd.WithEncoderConcurrency(1), zstd.WithEncoderCRC(false))
	if err != nil {
		t.Fatal(err)
	}
	enc.ResetContentSize(&whole, int64(len(text)))
	if _, err := enc.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(whole.Bytes(), want) {
		t.Error("a stream without jobs makes the same frame: there are none")
	}
}

// TestMTStream: a stream's result is that of the decoder in one goroutine,
// whatever it is given.
func TestMTStream(t *testing.T) {
	text := sparse(rand.New(rand.NewPCG(7, 0)), 300<<10)
	frame := mtFrame(t, NewMT(2), text)
	two := append(bytes.Clone(frame), frame...)
	ctx, err := NewMT(2).NewContext(3)
	if err != nil {
		t.Fatal(err)
	}
	defer ctx.Close()
	plain := newTestContext(t, 3)
	if !streams(frame, len(text)) {
		t.Fatal("the frame is not for the stream")
	}
	same := func(what string, frame []byte, capacity int) {
		got, err := ctx.Decompress(make([]byte, 0, capacity), frame)
		want, wanted := plain.Decompress(make([]byte, 0, capacity), frame)
		if !bytes.Equal(got, want) || (err != nil) != (wanted != nil) {
			t.Errorf("%s, capacity %d: %d bytes, %v; want %d, %v", what, capacity, len(got), err, len(want), wanted)
		}
		if errors.Is(wanted, codecs.ErrShortBuffer) && !errors.Is(err, codecs.ErrShortBuffer) {
			t.Errorf("%s, capacity %d: error is %v; want ErrShortBuffer wrapped", what, capacity, err)
		}
	}
	for _, capacity := range []int{len(text) - 1, len(text), len(text) + 1, 2*len(text) - 1, 2 * len(text), 2*len(text) + 1} {
		same("frame", frame, capacity)
		same("two frames", two, capacity)
		same("frame and a byte", append(bytes.Clone(frame), 'x'), capacity)
		same("frame and noise", append(bytes.Clone(frame), "noise"...), capacity)
	}
	rnd := rand.New(rand.NewPCG(8, 0))
	for range 60 {
		at := rnd.IntN(len(frame))
		same("frame cut", frame[:at], len(text))
		broken := bytes.Clone(frame)
		broken[at] ^= 1 << rnd.IntN(8)
		same("bit flipped", broken, len(text))
	}
}

func TestStreams(t *testing.T) {
	header := func(window, size byte) []byte { // RFC 8878, 3.1.1.1; 2^(10+window) and size * 64 KiB
		return []byte{0x28, 0xb5, 0x2f, 0xfd, 0x80, window << 3, 0, 0, size, 0}
	}
	sizeless := []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 10 << 3, 0, 0, 0}
	for _, c := range []struct {
		name     string
		frame    []byte
		capacity int
		want     bool
	}{
		{"nothing", nil, 1 << 20, false},
		{"one block", header(8, 2), 1 << 20, false},
		{"more than a block", header(8, 3), 1 << 20, true},
		{"dst too small", header(8, 3), 3<<16 - 1, false},
		{"twice the window it needs", header(9, 4), 1 << 20, true},
		{"four times the window it needs", header(10, 4), 1 << 20, false},
		{"size not told", sizeless, 1 << 20, true},
		{"size not told, dst of a block", sizeless, 128 << 10, false},
		{"skippable", []byte("\x50\x2a\x4d\x18\x03\x00\x00\x00abc"), 1 << 20, false},
	} {
		if got := streams(c.frame, c.capacity); got != c.want {
			t.Errorf("%s: streams is %v", c.name, got)
		}
	}
}

// TestMTLeavesNoGoroutine: a context has none between calls, errors included.
func TestMTLeavesNoGoroutine(t *testing.T) {
	text := sparse(rand.New(rand.NewPCG(9, 0)), 1200<<10)
	ctx, err := manyJobs(3).NewContext(3)
	if err != nil {
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	out, back := make([]byte, 0, New().CompressBound(len(text))), make([]byte, 0, len(text))
	frame, err := ctx.Compress(out, text)
	if err != nil {
		t.Fatal(err)
	}
	for _, src := range [][]byte{frame, frame[:len(frame)/2], append(bytes.Clone(frame), frame...)} {
		ctx.Decompress(back, src)
	}
	if n := settled(before); n > before {
		t.Errorf("%d goroutines more than before the calls", n-before)
	}
	if err := ctx.Close(); err != nil {
		t.Error(err)
	}
}

// settled is the number of goroutines once it is down to want: one that has
// done its work may still be on its way out.
func settled(want int) int {
	for begin := time.Now(); time.Since(begin) < 10*time.Second; runtime.Gosched() {
		if runtime.NumGoroutine() <= want {
			break
		}
	}
	return runtime.NumGoroutine()
}

func mtFrame(t *testing.T, codec codecs.Codec, text []byte) []byte {
	t.Helper()
	ctx, err := codec.NewContext(3)
	if err != nil {
		t.Fatal(err)
	}
	defer ctx.Close()
	frame, err := ctx.Compress(make([]byte, 0, codec.CompressBound(len(text))), text)
	if err != nil {
		t.Fatal(err)
	}
	return frame
}
