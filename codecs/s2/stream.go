package s2

import (
	"io"

	"github.com/klauspost/compress/s2"

	"zstdshop/codecs"
)

// Streams are in Snappy's framing with larger blocks, which do not refer to each
// other. Each has a checksum, and nothing marks the last one.
func (codec) Streams() codecs.StreamInfo {
	return codecs.StreamInfo{
		Format:     "s2 stream",
		Checksum:   true,
		ReadWindow: 2 * maxBlock,
		LossUnseen: "the format has no end and skips chunks it does not know: a cut between blocks, or one flipped bit, can lose blocks",
	}
}

// blockSize is the writer's default, maxBlock the most that a reader takes.
const blockSize, maxBlock = 1 << 20, 4 << 20

func (c codec) StreamWindow(level int) (int, error) {
	_, err := c.EffectiveLevel(level)
	return blockSize, err
}

func (c codec) NewWriter(w io.Writer, level int) (codecs.StreamWriter, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	options := []s2.WriterOption{s2.WriterConcurrency(1), s2.WriterBlockSize(blockSize)}
	switch level {
	case better:
		options = append(options, s2.WriterBetterCompression())
	case best:
		options = append(options, s2.WriterBestCompression())
	}
	return codecs.AdaptWriter("s2", s2.NewWriter(w, options...)), nil
}

func (codec) NewReader(r io.Reader) (codecs.StreamReader, error) {
	content := s2.NewReader(nil, s2.ReaderMaxBlockSize(maxBlock))
	return codecs.AdaptReader(codecs.LibraryReader{
		Name: "s2", Content: content, EmptyIsWhole: true,
		Reset: func(r io.Reader) error { content.Reset(r); return nil },
	}, r), nil
}
