package journal

import (
	"fmt"
	"os"
	"slices"

	"zstdshop/harness/worker"
)

// Schedule is how the run cuts its work, fixed after the pilot run so that every
// slice of a group, in every fork and after a resume, is the same work. How many turns a
// round has and how long warm-ups are follows from it and the rounds so far.
type Schedule struct {
	Subsets []Subset        `json:"samples"`
	Groups  []GroupSchedule `json:"groups"`
}

// Subset is the part of a corpus that is worked on, in one block size.
type Subset struct {
	Corpus string      `json:"corpus"`
	Block  int64       `json:"block"` // most bytes of an item
	Data   worker.Data `json:"data"`
	Items  int         `json:"items"`
	Bytes  int64       `json:"bytes"`
	Digest string      `json:"digest,omitempty"` // corpus.DigestItems; "" in old journals
	// WholeItems is how many items the whole corpus has in these blocks; 0 in old
	// journals.
	WholeItems int `json:"whole_items,omitempty"`
}

// Subset is the data of cells of one corpus and size of items; the zero Subset where
// there is none.
func (l *Schedule) Subset(corpus string, block int64) Subset {
	if l != nil {
		for _, s := range l.Subsets {
			if s.Corpus == corpus && s.Block == block {
				return s
			}
		}
	}
	return Subset{}
}

// HasData reports whether the spooled data is still there.
func (l *Schedule) HasData() bool {
	return !slices.ContainsFunc(l.Subsets, func(s Subset) bool {
		_, err := os.Stat(s.Data.Path)
		return err != nil
	})
}

// GroupSchedule is the cells that take turns and the windows of items they walk
// through. A window is one slice's work.
type GroupSchedule struct {
	Cells   []int    `json:"cells"`   // indices into the header's cells
	Warm    []int    `json:"warm"`    // tasks before each slice of each of them to begin with, off the clock
	Windows []Window `json:"windows"` // a pass over the items, or several in one window
	// What the pilot run expects of a round of all cells: one turn of each, and all
	// else. In ns; 0 in old journals.
	TurnNS  int64 `json:"turn_ns,omitempty"`
	FixedNS int64 `json:"fixed_ns,omitempty"`
}

// Window is the work of one slice.
type Window struct {
	First int `json:"first"`
	Count int `json:"count"`
}

// check reports whether a run of so many cells can be cut like this.
func (l *Schedule) check(cells int) error {
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
