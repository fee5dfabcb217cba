package datadog

import "zstdshop/codecs"

// Dicts: the library offers dictionaries in BulkProcessor, which makes a context
// for each call, and no trainer. dict_cgo.go calls libzstd instead;
// docs/decisions/0017 has what that is worth.
func (codec) Dicts() codecs.DictInfo {
	return codecs.DictInfo{Format: "zstd", Trainer: "libzstd ZDICT_trainFromBuffer", Named: true, Raw: true}
}
