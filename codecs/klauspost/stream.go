package klauspost

import (
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"

	"zstdshop/codecs"
)

// maxWindow is the largest window that the reader takes, as that of libzstd and
// its command line: level 22 asks for just that.
const maxWindow = 128 << 20

func (codec) Streams() codecs.StreamInfo {
	return codecs.StreamInfo{Format: "zstd", ReadWindow: maxWindow}
}

func (c codec) StreamWindow(level int) (int, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return 0, err
	}
	return window(zstd.EncoderLevelFromZstd(level)), nil
}

// window is the library's, in bytes, for inputs whose size it is not told.
func window(level zstd.EncoderLevel) int {
	if level == zstd.SpeedFastest {
		return 4 << 20
	}
	return 8 << 20
}

func (c codec) NewWriter(w io.Writer, level int) (codecs.StreamWriter, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	enc, err := zstd.NewWriter(w,
		zstd.WithEncoderLevel(zstd.EncoderLevelFromZstd(level)),
		zstd.WithEncoderConcurrency(1), // else it compresses in a goroutine of its own
		zstd.WithEncoderCRC(false),
	)
	if err != nil {
		return nil, fmt.Errorf("klauspost: make stream writer: %w", err)
	}
	return codecs.AdaptWriter("klauspost", enc), nil
}

func (codec) NewReader(r io.Reader) (codecs.StreamReader, error) {
	dec, err := zstd.NewReader(nil,
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderMaxWindow(maxWindow),
	)
	if err != nil {
		return nil, fmt.Errorf("klauspost: make stream reader: %w", err)
	}
	return codecs.AdaptReader(codecs.LibraryReader{
		Name: "klauspost", Content: dec, Reset: dec.Reset, Close: dec.Close,
	}, r), nil
}
