package analyze

import (
	"testing"

	"zstdshop/codecs"
	"zstdshop/harness/internal/standin"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// What others are held against is the fastest of those that do not make the data larger,
// or of all where all do.
func TestRelativeToBestLeavesOutLarger(t *testing.T) {
	for _, c := range []struct {
		name string
		out  []int64 // of 1000 bytes, by cells of which each takes longer than the one before
		best int
	}{
		{"none is larger", []int64{900, 500, 400}, 0},
		{"visibly larger", []int64{1010, 500, 400}, 1},
		{"larger by less than is seen", []int64{1004, 500, 400}, 0},
		{"all but one", []int64{1010, 1020, 400}, 2},
		{"all", []int64{1010, 1020, 1030}, 0},
		{"without an output", []int64{0, 0, 0}, 0},
	} {
		log := staircase(len(c.out))
		for i, out := range c.out {
			log.Cells[i].Facts.BytesOut = out
		}
		for i, got := range RelativeToBest(log, AllFigures(log), standin.Registry(t)) {
			if want := float64(i+1) / float64(c.best+1); got.Against != c.best || !near(got.Ratio.Est, want) {
				t.Errorf("%s: cell %d is held against %d and takes %v times as long, want %d and %v", c.name, i, got.Against, got.Ratio.Est, c.best, want)
			}
		}
	}
}

// What only copies leads nothing, and is held against its like.
func TestRelativeToBestLeavesOutCeilings(t *testing.T) {
	reg := standin.Registry(t)
	reg.AddCodec("copies", standin.Codec{About: codecs.Info{Library: "copies", Version: "v1", Ceiling: true}})
	log := staircase(4)
	for i, codec := range []string{"copies", "copies", "raw", "raw"} {
		log.Cells[i].Cell.Codec = codec
	}
	for i, want := range []int{0, 0, 2, 2} {
		if got := RelativeToBest(log, AllFigures(log), reg)[i]; got.Against != want {
			t.Errorf("cell %d is held against %d, want %d", i, got.Against, want)
		}
	}
}

// staircase is a log of so many cells of one group, the first of which takes 1 us, the next
// 2 and so on.
func staircase(cells int) *journal.Log {
	log := &journal.Log{Cells: make([]journal.CellLog, cells)}
	for i := range log.Cells {
		c := &log.Cells[i]
		c.Cell = result.Cell{Scenario: "s", Runner: "r", Workers: i + 1}
		c.Facts = &worker.Ready{PassNS: 1, BytesIn: 1000}
		for n := range 3 {
			f := forkOf(n, []int64{int64(1000 * (i + 1))}, nil)
			copy(f.CPUNS, f.WallNS)
			c.Forks = append(c.Forks, f)
		}
	}
	return log
}
