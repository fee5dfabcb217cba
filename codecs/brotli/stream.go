package brotli

import (
	"io"

	"github.com/andybalholm/brotli"

	"zstdshop/codecs"
)

// Streams are in the format of frames.
func (codec) Streams() codecs.StreamInfo {
	return codecs.StreamInfo{Format: "brotli", ReadWindow: readWindow}
}

func (c codec) StreamWindow(level int) (int, error) {
	_, err := c.EffectiveLevel(level)
	return 1<<22 - 16, err // RFC 7932, 9.1, with the library's default of 22 bits
}

func (c codec) NewWriter(w io.Writer, level int) (codecs.StreamWriter, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	return codecs.AdaptWriter("brotli", brotli.NewWriterLevel(w, level)), nil
}

func (codec) NewReader(r io.Reader) (codecs.StreamReader, error) {
	content := brotli.NewReader(nil)
	return codecs.AdaptReader(codecs.LibraryReader{
		Name: "brotli", Content: content, Reset: content.Reset,
	}, r), nil
}
