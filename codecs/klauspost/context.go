package klauspost

import (
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/klauspost/compress/zstd"

	"zstdshop/codecs"
)

// context is an encoder and a decoder that work in the caller's goroutine.
// Both are nil once it is closed.
type context struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

func (c codec) NewContext(level int) (codecs.Context, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	return newContext(zstd.EncoderLevelFromZstd(level), nil)
}

// newContext makes both and has them allocate what they keep.
//
// Window and encoder memory stay at the library's defaults, as its users have
// them. The window (4 MiB for fastest, else 8 MiB) is part of the ratio, and
// the size of the inputs, to which libzstd fits its tables, is not known here.
// So a context holds the tables of its level (34 MiB for best) and a history
// of twice the window: fastest and default get it with their first input of
// more than a block, better and best at once. Small inputs touch little of it.
// WithLowerEncoderMem would halve the history for more moving of memory.
//
// Frame by frame the encoder counts positions up by the window, and clears its
// tables before they overflow 31 bits: every 253rd frame (506th at fastest) is
// an outlier in latencies.
//
// dict is nil, or how both get theirs.
func newContext(level zstd.EncoderLevel, dict *withDict) (*context, error) {
	forEncoder := []zstd.EOption{
		zstd.WithEncoderLevel(level),
		zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderCRC(false), // libzstd writes none unless asked
	}
	forDecoder := []zstd.DOption{
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecodeAllCapLimit(true), // a frame larger than dst is an error
		// Scratch for the largest block at once, 0.3 MiB, where the default
		// grows with the blocks that come, on the clock.
		zstd.WithDecoderLowmem(false),
	}
	if dict != nil {
		forEncoder = append(forEncoder, dict.encoder)
		forDecoder = append(forDecoder, dict.decoder)
	}
	enc, err := zstd.NewWriter(nil, forEncoder...)
	if err != nil {
		return nil, fmt.Errorf("klauspost: make encoder: %w", err)
	}
	dec, err := zstd.NewReader(nil, forDecoder...)
	if err != nil {
		return nil, fmt.Errorf("klauspost: make decoder: %w", err)
	}
	c := &context{enc: enc, dec: dec}
	if err := c.firstUse(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// withDict is a dictionary, as the library's options for the two directions.
type withDict struct {
	encoder zstd.EOption
	decoder zstd.DOption
}

// firstUse makes one small round trip, because the library allocates tables
// and scratch on first use and that belongs off the clock. Digits give a
// block with both literals and sequences.
func (c *context) firstUse() error {
	var digits []byte
	for i := range 512 {
		digits = strconv.AppendInt(digits, int64(i*i), 10)
	}
	frame, err := c.Compress(make([]byte, 0, codec{}.CompressBound(len(digits))), digits)
	if err != nil {
		return err
	}
	_, err = c.Decompress(make([]byte, 0, len(digits)), frame)
	return err
}

func (c *context) Compress(dst, src []byte) ([]byte, error) {
	if c.enc == nil {
		return nil, codecs.ErrClosed
	}
	if err := codecs.Room(dst, codec{}.CompressBound(len(src))); err != nil {
		return nil, fmt.Errorf("klauspost: compress %d bytes: %w", len(src), err)
	}
	return moveBack(dst, c.enc.EncodeAll(src, dst[:0])), nil
}

// moveBack copies frame to dst[:0] if append left dst for a buffer of its own,
// which CompressBound makes unlikely but cannot rule out. The frame itself is
// never larger than the bound. frame is not empty.
func moveBack(dst, frame []byte) []byte {
	dst = dst[:len(frame)]
	if &dst[0] != &frame[0] {
		copy(dst, frame)
	}
	return dst
}

// Decompress takes, unlike the library, no input for an error: it is a frame
// cut short.
func (c *context) Decompress(dst, src []byte) ([]byte, error) {
	if c.dec == nil {
		return nil, codecs.ErrClosed
	}
	if len(src) == 0 {
		return nil, fmt.Errorf("klauspost: decompress: %w: no frame in empty input", io.ErrUnexpectedEOF)
	}
	text, err := c.dec.DecodeAll(src, dst[:0])
	if errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return nil, fmt.Errorf("klauspost: decompress %d bytes: %w: capacity %d", len(src), codecs.ErrShortBuffer, cap(dst))
	}
	if errors.Is(err, zstd.ErrUnknownDictionary) {
		err = fmt.Errorf("%w: the frame needs another one", codecs.ErrDictionary)
	}
	if err != nil {
		return nil, fmt.Errorf("klauspost: decompress %d bytes: %w", len(src), err)
	}
	return text, nil
}

func (c *context) Close() error {
	if c.dec != nil {
		c.dec.Close()
	}
	c.enc, c.dec = nil, nil // the encoder has nothing to close without a stream
	return nil
}
