package snappy

import (
	"io"

	"github.com/golang/snappy"

	"zstdshop/codecs"
)

// Streams are in Snappy's framing format: blocks of 64 KiB, which do not refer to
// each other. Each has a checksum, and nothing marks the last one.
func (codec) Streams() codecs.StreamInfo {
	return codecs.StreamInfo{
		Format:     "snappy framing",
		Checksum:   true,
		LossUnseen: "the format has no end and skips chunks it does not know: a cut between blocks, or one flipped bit, can lose blocks",
	}
}

func (codec) StreamWindow(int) (int, error) { return 64 << 10, nil }

// NewWriter makes the library's buffered writer. The other one, which writes a
// block for each Write, its authors advise against.
func (codec) NewWriter(w io.Writer, _ int) (codecs.StreamWriter, error) {
	return codecs.AdaptWriter("snappy", snappy.NewBufferedWriter(w)), nil
}

func (codec) NewReader(r io.Reader) (codecs.StreamReader, error) {
	content := snappy.NewReader(nil)
	return codecs.AdaptReader(codecs.LibraryReader{
		Name: "snappy", Content: content, EmptyIsWhole: true,
		Reset: func(r io.Reader) error { content.Reset(r); return nil },
	}, r), nil
}
