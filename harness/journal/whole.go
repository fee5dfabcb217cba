package journal

import "fmt"

// Whole is what all of a corpus comes to in the blocks and through the codec of some
// cells: it is known from compressing every item once, and holds for each of them
// whatever part of the corpus it works on. Where all would take too long it is of the
// subset that the cells should work on, also where they cannot afford that.
type Whole struct {
	Cells    []int `json:"cells"` // indices into the header's cells
	Items    int   `json:"items"`
	BytesIn  int64 `json:"bytes_in"` // those of the corpus where it is of all
	BytesOut int64 `json:"bytes_out"`
	// Sums over the items, as in worker.Ready.
	SumInIn   int64 `json:"sum_in_in,omitempty"`
	SumInOut  int64 `json:"sum_in_out,omitempty"`
	SumOutOut int64 `json:"sum_out_out,omitempty"`
	// Remembered is set where an earlier run has computed it.
	Remembered bool `json:"remembered,omitempty"`
	// Error is why it is not known, where it was tried; "" where it is.
	Error string `json:"error,omitempty"`
}

// check reports whether w can be of a run of so many cells.
func (w Whole) check(cells int) error {
	for _, i := range w.Cells {
		if i < 0 || i >= cells {
			return fmt.Errorf("cell %d: there are %d", i, cells)
		}
	}
	if w.Error == "" && (w.Items < 1 || w.BytesIn < 0 || w.BytesOut < 1) {
		return fmt.Errorf("%d items, %d bytes in, %d out", w.Items, w.BytesIn, w.BytesOut)
	}
	return nil
}
