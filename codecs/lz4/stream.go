package lz4

import (
	"fmt"
	"io"

	"github.com/pierrec/lz4/v4"

	"zstdshop/codecs"
)

// Streams are LZ4 frames, as the command lz4 writes them by default but for the
// checksum: blocks of up to 4 MiB that do not refer to each other.
func (codec) Streams() codecs.StreamInfo {
	return codecs.StreamInfo{Format: "lz4 frame", ReadWindow: 2 * blockSize}
}

const blockSize = 4 << 20

// StreamWindow is what LZ4 looks back at most, by its 16-bit offsets. A reader
// holds a block.
func (c codec) StreamWindow(level int) (int, error) {
	_, err := c.EffectiveLevel(level)
	return 64 << 10, err
}

func (c codec) NewWriter(w io.Writer, level int) (codecs.StreamWriter, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	lib := lz4.NewWriter(w)
	if err := lib.Apply(
		lz4.CompressionLevelOption(depth(level)),
		lz4.BlockSizeOption(lz4.BlockSize(blockSize)),
		lz4.ConcurrencyOption(1),
		lz4.ChecksumOption(false),
	); err != nil {
		return nil, fmt.Errorf("lz4: make stream writer: %w", err)
	}
	return codecs.AdaptWriter("lz4", lib), nil
}

func (codec) NewReader(r io.Reader) (codecs.StreamReader, error) {
	content := lz4.NewReader(nil)
	if err := content.Apply(lz4.ConcurrencyOption(1)); err != nil {
		return nil, fmt.Errorf("lz4: make stream reader: %w", err)
	}
	return codecs.AdaptReader(codecs.LibraryReader{
		Name: "lz4", Content: content,
		Reset: func(r io.Reader) error { content.Reset(r); return nil },
	}, r), nil
}
