package main

import (
	"fmt"
	"slices"
	"time"
)

// latencies of requests, from when they were due.
type latencies []time.Duration

// at returns the quantile q; the values get sorted.
func (l latencies) at(q float64) time.Duration {
	slices.Sort(l)
	return l[min(int(q*float64(len(l))), len(l)-1)]
}

func (l latencies) String() string {
	return fmt.Sprintf("p50 %v, p99 %v, most %v of %d", l.at(0.5).Round(time.Microsecond), l.at(0.99).Round(time.Microsecond), l.at(1).Round(time.Microsecond), len(l))
}
