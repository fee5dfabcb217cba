package datadog

import (
	"fmt"

	"zstdshop/codecs"
)

// NewMT makes the codec that compresses with the library's Writer and
// SetNbWorkers: libzstd cuts an item into jobs and compresses up to threads of
// them at once, in threads that are not Go's and that GOMAXPROCS does not hold.
// 0 threads is GOMAXPROCS when the context is made. Decompression is that of
// New: libzstd has no threads for it.
//
// A job is four windows of the level, 2 MiB at level 1 and 8 MiB at 3, for items
// of any size, because a Writer does not know the size.
// An item of one job is no faster than with New, but slower: a Writer is for
// one frame, so its context, tables and threads are made and freed for each, on
// the clock. For the same reason frames do not tell their content's size.
//
// Levels end at 19. Above, a Writer that does not know the size clears up to
// 640 MiB of tables for every frame, and makes room for jobs of 512 MiB.
func NewMT(threads int) codecs.Codec { return mtCodec{threads: threads} }

const maxLevelMT = 19

type mtCodec struct {
	base
	threads int
}

func (c mtCodec) Info() codecs.Info {
	info := c.base.Info()
	info.Summary = "zstd by libzstd, one item in several threads of C; for items over 2 MiB"
	info.Levels.Max = maxLevelMT
	info.Threads = true
	return info
}

func (c mtCodec) EffectiveLevel(level int) (int, error) {
	if err := c.Info().Levels.Check(level); err != nil {
		return 0, fmt.Errorf("datadog-mt: %w", err)
	}
	return level, nil
}
