//go:build !cgo

package datadog

import (
	"fmt"

	"zstdshop/codecs"
)

func (mtCodec) NewContext(int) (codecs.Context, error) {
	return nil, fmt.Errorf("datadog-mt: %w: %s", codecs.ErrUnavailable, unavailable)
}
