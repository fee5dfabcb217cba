package journal

import (
	"fmt"
	"os"
	"slices"

	"zstdshop/harness/worker"
)

// Layout is how the run cuts its work, fixed after the survey so that every
// slice of a group, in every fork and after a resume, is the same work.
type Layout struct {
	Samples []SampleLayout `json:"samples"`
	Groups  []GroupLayout  `json:"groups"`
}

// SampleLayout is the part of a corpus that is worked on, in one block size.
type SampleLayout struct {
	Corpus string      `json:"corpus"`
	Block  int64       `json:"block"`
	Data   worker.Data `json:"data"`
	Items  int         `json:"items"`
	Bytes  int64       `json:"bytes"`
}

// HasData tells whether the spooled data is still there.
func (l *Layout) HasData() bool {
	return !slices.ContainsFunc(l.Samples, func(s SampleLayout) bool {
		_, err := os.Stat(s.Data.Path)
		return err != nil
	})
}

// GroupLayout is the cells that take turns and the windows of items they walk
// through. A window is one slice's work.
type GroupLayout struct {
	Cells   []int    `json:"cells"`   // indices into the header's cells
	Warm    []int    `json:"warm"`    // tasks before each slice of each of them, off the clock
	Windows []Window `json:"windows"` // a pass over the items, or several in one window
	Passes  int      `json:"passes"`  // walks through all windows in one fork
}

// Window is the work of one slice.
type Window struct {
	First int `json:"first"`
	Count int `json:"count"`
}

// check tells whether a run of so many cells can be cut like this.
func (l *Layout) check(cells int) error {
	for n, g := range l.Groups {
		if len(g.Warm) != len(g.Cells) || len(g.Windows) == 0 {
			return fmt.Errorf("group %d: %d warm-ups of %d cells, %d windows", n, len(g.Warm), len(g.Cells), len(g.Windows))
		}
		for _, i := range g.Cells {
			if i < 0 || i >= cells {
				return fmt.Errorf("group %d: cell %d: there are %d", n, i, cells)
			}
		}
	}
	return nil
}
