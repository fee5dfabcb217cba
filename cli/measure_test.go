package cli

import (
	"testing"

	"zstdshop/harness/result"
)

// A failed cell is exit status 1, and so is a run that measured nothing of what it could
// have. What is not to be had here, or was left for --resume beside others, is none.
func TestFailedCells(t *testing.T) {
	ok, failed := result.StatusOK, result.StatusFailed
	unavailable, unmeasured := result.StatusUnavailable, result.StatusUnmeasured
	for _, c := range []struct {
		cells []string
		fails bool
	}{
		{nil, false},
		{[]string{ok, unavailable}, false},
		{[]string{ok, failed}, true},
		{[]string{ok, unmeasured}, false},
		{[]string{unavailable}, false},
		{[]string{unmeasured, unmeasured}, true},
		{[]string{unavailable, unmeasured}, true},
	} {
		r := &result.Result{}
		for _, status := range c.cells {
			r.Cells = append(r.Cells, result.CellResult{Status: status})
		}
		if err := failedCells(r); (err != nil) != c.fails {
			t.Errorf("%v: %v", c.cells, err)
		}
	}
}
