package klauspost

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"

	"github.com/klauspost/compress/zstd"

	"zstdshop/codecs"
)

// NewMT makes the codec that uses the library's streams, which run goroutines
// of their own: the encoder with WithConcurrentBlocks, which cuts an item into
// jobs of four windows and compresses threads of them at once, each with the
// end of the job before it as history; the decoder with up to threads blocks
// under way in three stages. 0 threads is GOMAXPROCS when the context is made.
//
// A job is 16 MiB at fastest and 32 MiB at the other levels: an item no larger
// than that is one job, and no faster than with New. An item of one block is
// compressed in the caller's goroutine. Decoding hands every block from stage to
// stage and copies it once more than New does; docs/models.md has what that was
// worth on two CPUs: less than nothing.
func NewMT(threads int) codecs.Codec { return mtCodec{threads: threads} }

// mtCodec has the levels and the bound of base. A stream's frame needs less
// room than that: jobs and blocks are larger than what the bound counts with,
// and the library works in buffers of its own.
type mtCodec struct {
	base
	threads int
	window  int // bytes; 0 is the library's for the level
}

func (c mtCodec) Info() codecs.Info {
	info := c.base.Info()
	info.Summary = "zstd in pure Go, one item in several goroutines; for items over 16 MiB"
	info.Threads = true
	return info
}

func (c mtCodec) NewContext(level int) (codecs.Context, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	return c.open(zstd.EncoderLevelFromZstd(level))
}

// mtContext is an encoder and a decoder used as streams. Neither has a
// goroutine running between calls. Both are nil once it is closed.
type mtContext struct {
	enc    *zstd.Encoder
	dec    *zstd.Decoder
	job    int         // bytes
	window int         // bytes
	out    codecs.Sink // written to by one goroutine at a time
	in     bytes.Reader
	fill   codecs.Filler
}

// open makes both. A context holds threads+1 encoders (see newContext) and at
// least two buffers of a job's size.
func (c mtCodec) open(level zstd.EncoderLevel) (*mtContext, error) {
	threads := c.threads
	if threads < 1 {
		threads = runtime.GOMAXPROCS(0)
	}
	// With one thread the library makes no jobs, and so another frame: a frame
	// must not depend on the number of CPUs.
	threads = max(threads, 2)
	m := &mtContext{window: c.window}
	options := []zstd.EOption{
		zstd.WithEncoderLevel(level),
		zstd.WithEncoderConcurrency(threads),
		zstd.WithConcurrentBlocks(true),
		zstd.WithEncoderCRC(false),
	}
	if m.window > 0 {
		options = append(options, zstd.WithWindowSize(m.window))
	} else {
		m.window = window(level)
	}
	m.job = max(4*m.window, 512<<10)
	var err error
	if m.enc, err = zstd.NewWriter(nil, options...); err != nil {
		return nil, fmt.Errorf("klauspost-mt: make encoder: %w", err)
	}
	if m.dec, err = zstd.NewReader(nil,
		zstd.WithDecoderConcurrency(threads),
		zstd.WithDecodeAllCapLimit(true),
		zstd.WithDecoderLowmem(false),
	); err != nil {
		return nil, fmt.Errorf("klauspost-mt: make decoder: %w", err)
	}
	if err := m.firstUse(threads); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// firstUse has every encoder, the buffers of a first job and the decoder's
// stages allocate what they keep.
func (m *mtContext) firstUse(threads int) error {
	var digits []byte
	for i := 0; len(digits) <= block; i++ {
		digits = strconv.AppendInt(digits, int64(i*i), 10)
	}
	out := make([]byte, 0, codec{}.CompressBound(len(digits)))
	for range threads { // encoders queue for work, so each has its turn
		m.enc.EncodeAll(digits, out)
	}
	back := make([]byte, 0, len(digits))
	for range 2 { // the second frame fills the buffer that the first one swapped in
		frame, err := m.Compress(out, digits)
		if err != nil {
			return err
		}
		if _, err := m.Decompress(back, frame); err != nil {
			return err
		}
	}
	return nil
}

// FrameAllocs: a job hands its buffer on and takes another from a pool that
// collections empty, and its output grows from half its size. The rest is
// channels and goroutines, made anew for every frame.
func (m *mtContext) FrameAllocs(n int) int {
	const rest = 64 << 10
	jobs := n/m.job + 1
	return jobs*(m.job+m.window/2) + 3*(codec{}).CompressBound(n) + rest
}

func (m *mtContext) Compress(dst, src []byte) ([]byte, error) {
	if m.enc == nil {
		return nil, codecs.ErrClosed
	}
	if err := codecs.Room(dst, codec{}.CompressBound(len(src))); err != nil {
		return nil, fmt.Errorf("klauspost-mt: compress %d bytes: %w", len(src), err)
	}
	m.out.Bytes = dst[:0]
	m.enc.ResetContentSize(&m.out, int64(len(src)))
	_, err := m.enc.Write(src)
	// Close ends the goroutines, also after an error.
	if closed := m.enc.Close(); err == nil {
		err = closed
	}
	frame := m.out.Bytes
	m.out.Bytes = nil
	if err != nil {
		return nil, fmt.Errorf("klauspost-mt: compress %d bytes: %w", len(src), err)
	}
	return frame, nil
}

func (m *mtContext) Decompress(dst, src []byte) ([]byte, error) {
	if m.dec == nil {
		return nil, codecs.ErrClosed
	}
	if len(src) == 0 {
		return nil, fmt.Errorf("klauspost-mt: decompress: %w: no frame in empty input", io.ErrUnexpectedEOF)
	}
	decode := m.decodeAll
	if streams(src, cap(dst)) {
		decode = m.decodeStream
	}
	text, err := decode(dst, src)
	if errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		err = fmt.Errorf("%w: capacity %d", codecs.ErrShortBuffer, cap(dst))
	}
	if err != nil {
		return nil, fmt.Errorf("klauspost-mt: decompress %d bytes: %w", len(src), err)
	}
	return text, nil
}

const block = 128 << 10 // the most that a zstd block holds

// streams reports whether the first frame of src is for the stream: of one block
// there is nothing to share out, and a stream allocates the window that a frame
// claims to need, which a damaged one may have made up. Encoders that know the
// size claim less than twice of it.
func streams(src []byte, capacity int) bool {
	var h zstd.Header
	if h.Decode(src) != nil || h.Skippable {
		return false
	}
	content := uint64(capacity)
	if h.HasFCS {
		content = h.FrameContentSize
	}
	return content > block && content <= uint64(capacity) && h.WindowSize <= 2*content
}

func (m *mtContext) decodeAll(dst, src []byte) ([]byte, error) {
	return m.dec.DecodeAll(src, dst[:0])
}

func (m *mtContext) decodeStream(dst, src []byte) ([]byte, error) {
	m.in.Reset(src)
	err := m.dec.Reset(&m.in)
	if err == nil {
		dst, err = m.fill.Fill(dst, m.dec)
	}
	// Ends the goroutines, and only then is src not read any more.
	if ended := m.dec.Reset(nil); err == nil {
		err = ended
	}
	m.in.Reset(nil)
	return dst, err
}

func (m *mtContext) Close() error {
	if m.dec != nil {
		m.dec.Close()
	}
	m.enc, m.dec = nil, nil // the encoder's goroutines end with each frame
	return nil
}
