package datadog

import "zstdshop/codecs"

// maxWindow is the largest window that libzstd's streams read unless asked for
// more, ZSTD_WINDOWLOG_LIMIT_DEFAULT.
const maxWindow = 128 << 20

// Streams: the library's Writer and reader are for one stream each, so all the C
// memory of a level is made for every stream. What the reader returns at the end
// of its input does not depend on whether libzstd has come to the end of a frame.
func (codec) Streams() codecs.StreamInfo {
	return codecs.StreamInfo{
		Format:       "zstd",
		ReadWindow:   maxWindow,
		RenewsWriter: true,
		RenewsReader: true,
		LossUnseen:   "the library's reader takes nearly every stream cut short for a whole one",
	}
}
