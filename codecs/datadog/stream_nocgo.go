//go:build !cgo

package datadog

import (
	"fmt"
	"io"

	"zstdshop/codecs"
)

func (c codec) StreamWindow(level int) (int, error) {
	_, err := c.EffectiveLevel(level)
	return 0, err
}

func (codec) NewWriter(io.Writer, int) (codecs.StreamWriter, error) {
	return nil, fmt.Errorf("datadog: %w: %s", codecs.ErrUnavailable, unavailable)
}

func (codec) NewReader(io.Reader) (codecs.StreamReader, error) {
	return nil, fmt.Errorf("datadog: %w: %s", codecs.ErrUnavailable, unavailable)
}
