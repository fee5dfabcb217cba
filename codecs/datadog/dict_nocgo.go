//go:build !cgo

package datadog

import (
	"fmt"

	"zstdshop/codecs"
)

func (codec) NewDictContext(int, codecs.Dict) (codecs.Context, error) {
	return nil, fmt.Errorf("datadog: %w: %s", codecs.ErrUnavailable, unavailable)
}

func (codec) DictID([]byte) (uint32, error) {
	return 0, fmt.Errorf("datadog: %w: %s", codecs.ErrUnavailable, unavailable)
}

func (codec) Train([][]byte, int) ([]byte, error) {
	return nil, fmt.Errorf("datadog: %w: %s", codecs.ErrUnavailable, unavailable)
}
