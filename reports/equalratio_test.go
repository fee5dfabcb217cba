package reports

import (
	"slices"
	"testing"

	"zstdshop/codecs"
)

// The recorded run of levels says for the default of each codec what gets to its ratio
// fastest.
func TestEqualRatioLines(t *testing.T) {
	const on = "On a sample of 524.3 kB of source in 64 KiB blocks, compressing: runner single, workers 1, at equal ratio: "
	want := []string{
		on + "3.07x, which klauspost has at its default, 3, is reached fastest by datadog at level 3, 3.09x at 195 MB/s against 118 MB/s",
		on + "3.09x, which datadog has at its default, 3, is reached fastest by itself, at 195 MB/s",
	}
	r := readRun(t, "levels.json.zst")
	for i := range r.Cells {
		r.Cells[i].About.Codec.Levels = &codecs.Levels{Default: 3}
	}
	if got := equalRatioLines(r); !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
