//go:build cgo

package datadog

import (
	"fmt"
	"runtime"

	"github.com/DataDog/zstd"

	"zstdshop/codecs"
)

// mtContext decompresses as a context does. To compress it holds nothing, only
// where the frame goes.
type mtContext struct {
	context
	threads int
	out     codecs.Sink
}

func (c mtCodec) NewContext(level int) (codecs.Context, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	m := &mtContext{context: context{ctx: zstd.NewCtx(), level: level}, threads: c.threads}
	if m.threads < 1 {
		m.threads = runtime.GOMAXPROCS(0)
	}
	// A libzstd of the system may have been built without threads.
	if _, err := m.Compress(make([]byte, 0, c.CompressBound(0)), nil); err != nil {
		return nil, err
	}
	return m, nil
}

// piece is how much of the input one call of Write takes. The Writer allocates
// a buffer of about that size for every frame; with the whole input at once it
// would be as large as that.
const piece = 128 << 10

// FrameAllocs: a Writer's buffer, which at the end grows to what is left of the
// last job, compressed.
func (m *mtContext) FrameAllocs(n int) int {
	const rest = 16 << 10
	return (codec{}).CompressBound(min(n, piece)) + (codec{}).CompressBound(n) + rest
}

func (m *mtContext) Compress(dst, src []byte) ([]byte, error) {
	if m.ctx == nil {
		return nil, codecs.ErrClosed
	}
	if err := codecs.Room(dst, codec{}.CompressBound(len(src))); err != nil {
		return nil, fmt.Errorf("datadog-mt: compress %d bytes: %w", len(src), err)
	}
	m.out.Bytes = dst[:0]
	err := m.write(src)
	frame := m.out.Bytes
	m.out.Bytes = nil
	if err != nil {
		return nil, fmt.Errorf("datadog-mt: compress %d bytes: %w", len(src), err)
	}
	return frame, nil
}

// write makes one frame. Whatever happens the Writer is closed, or its C memory
// and threads would stay; after an error of libzstd itself the library does not
// free them even so.
func (m *mtContext) write(src []byte) error {
	w := zstd.NewWriterLevel(&m.out, m.level)
	err := w.SetNbWorkers(m.threads)
	for len(src) > 0 && err == nil {
		n := min(len(src), piece)
		_, err = w.Write(src[:n])
		src = src[n:]
	}
	if closed := w.Close(); err == nil {
		err = closed
	}
	return err
}
