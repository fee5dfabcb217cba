//go:build cgo

package main

import (
	"fmt"
	"time"
)

// row is the outcome for a codec at a block size, a line of the file.
type row struct {
	Codec    string    `json:"codec"` // with its level
	Data     string    `json:"data"`  // the digest's beginning
	Block    int64     `json:"block"` // 0: whole files
	Items    int       `json:"items"`
	Harness  float64   `json:"harness_mb_s"`
	Bare     float64   `json:"bare_mb_s"`
	Quotient float64   `json:"quotient"` // of the two
	Kept     float64   `json:"kept"`     // part of the slices whose sentinels were quick
	Ended    time.Time `json:"ended"`
}

// same reports whether both are of the same work.
func (r row) same(other row) bool {
	return r.Codec == other.Codec && r.Data == other.Data && r.Block == other.Block
}

func (r row) String() string {
	what := fmt.Sprintf("%d KiB", r.Block>>10)
	if r.Block == 0 {
		what = fmt.Sprintf("%d files", r.Items)
	}
	return fmt.Sprintf("%-12s %9s  harness %6.1f MB/s  bare loop %6.1f MB/s  quotient %.3f  kept %3.0f %%", r.Codec, what, r.Harness, r.Bare, r.Quotient, 100*r.Kept)
}
