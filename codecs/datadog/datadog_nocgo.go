//go:build !cgo

package datadog

import (
	"fmt"

	"zstdshop/codecs"
)

const unavailable = "built without cgo; build with CGO_ENABLED=1 and a C compiler"

// version is "unknown", because a build without cgo links no libzstd.
func version() string { return codecs.ModuleVersion(module) }

func (codec) NewContext(int) (codecs.Context, error) {
	return nil, fmt.Errorf("datadog: %w: %s", codecs.ErrUnavailable, unavailable)
}
