package kgzip

import (
	"bufio"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"

	"zstdshop/codecs"
)

// Streams are in the format of frames.
func (codec) Streams() codecs.StreamInfo {
	return codecs.StreamInfo{Format: "gzip", Checksum: true}
}

func (c codec) StreamWindow(level int) (int, error) {
	_, err := c.EffectiveLevel(level)
	return 32 << 10, err // RFC 1951, 2
}

func (c codec) NewWriter(w io.Writer, level int) (codecs.StreamWriter, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	lib, err := gzip.NewWriterLevel(w, level)
	if err != nil {
		return nil, fmt.Errorf("kgzip: make stream writer: %w", err)
	}
	return codecs.AdaptWriter("kgzip", lib), nil
}

// NewReader gives the library a buffer, which it would else make for each stream.
func (codec) NewReader(r io.Reader) (codecs.StreamReader, error) {
	content, buffer := new(gzip.Reader), bufio.NewReader(nil)
	return codecs.AdaptReader(codecs.LibraryReader{
		Name: "kgzip", Content: content,
		Reset: func(r io.Reader) error { buffer.Reset(r); return content.Reset(buffer) },
	}, r), nil
}
