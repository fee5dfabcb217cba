package datadog

import "zstdshop/codecs"

func (base) Info() codecs.Info {
	levels := levels // the caller's
	return codecs.Info{
		Summary:     "zstd by libzstd, in C through cgo",
		Library:     module,
		Version:     version(),
		Format:      "zstd",
		Levels:      &levels,
		Foreign:     true,
		Unavailable: unavailable,
	}
}
