//go:build cgo

package datadog

// The library does not export libzstd's version, but links the function that
// returns it.

// extern const char *ZSTD_versionString(void);
import "C"

import (
	"fmt"
	"io"
	"runtime"

	"github.com/DataDog/zstd"

	"zstdshop/codecs"
)

const unavailable = ""

// version names the module and the libzstd in the process, which need not be
// the module's own.
func version() string {
	return fmt.Sprintf("%s (libzstd %s)", codecs.ModuleVersion(module), C.GoString(C.ZSTD_versionString()))
}

// context holds a compression and a decompression context of libzstd. Their C
// memory is beyond our reach: the library frees it in a finalizer of ctx and
// offers no other way, so Close can only drop ctx, and the memory goes with the
// garbage collection after that.
type context struct {
	ctx   zstd.Ctx // nil once closed
	level int
	// spare stands in for a dst without capacity, to which the library
	// would take a pointer and panic.
	spare [1]byte
}

func (c codec) NewContext(level int) (codecs.Context, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	return &context{ctx: zstd.NewCtx(), level: level}, nil
}

func (c *context) Compress(dst, src []byte) ([]byte, error) {
	if c.ctx == nil {
		return nil, codecs.ErrClosed
	}
	// With less than its bound the library allocates instead of failing.
	if err := codecs.Room(dst, codec{}.CompressBound(len(src))); err != nil {
		return nil, fmt.Errorf("datadog: compress %d bytes: %w", len(src), err)
	}
	frame, err := c.ctx.CompressLevel(dst, src, c.level)
	// The library does not hold on to its own object during the C call, so
	// without this the finalizer could free the memory that call works in.
	runtime.KeepAlive(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("datadog: compress %d bytes: %w", len(src), err)
	}
	return frame, nil
}

func (c *context) Decompress(dst, src []byte) ([]byte, error) {
	if c.ctx == nil {
		return nil, codecs.ErrClosed
	}
	if len(src) == 0 { // the library would panic
		return nil, fmt.Errorf("datadog: decompress: %w: no frame in empty input", io.ErrUnexpectedEOF)
	}
	room := dst[:cap(dst)]
	if len(room) == 0 {
		room = c.spare[:]
	}
	n, err := c.ctx.DecompressInto(room, src)
	runtime.KeepAlive(c.ctx) // as in Compress
	if err == nil && n > cap(dst) || zstd.IsDstSizeTooSmallError(err) {
		return nil, fmt.Errorf("datadog: decompress %d bytes: %w: capacity %d", len(src), codecs.ErrShortBuffer, cap(dst))
	}
	if err != nil {
		return nil, fmt.Errorf("datadog: decompress %d bytes: %w", len(src), err)
	}
	return dst[:n], nil
}

func (c *context) Close() error {
	c.ctx = nil
	return nil
}
