package machine

import (
	"maps"
	"math"
	"slices"
	"sort"
)

// Noise is how quiet the machine was while Probe watched it. Figures that
// could not be taken are 0; Loops is 0 where there was no probe.
type Noise struct {
	Loops  int   `json:"loops"`   // sentinels timed
	BusyNS int64 `json:"busy_ns"` // their time, over all CPUs
	CPUs   int   `json:"cpus"`    // watched
	Bound  bool  `json:"bound"`   // each by a thread bound to it; false: wherever the system put the threads

	// SentinelNS is the 10th percentile of the sentinel on a CPU that works
	// alone; the median over the CPUs.
	SentinelNS float64 `json:"sentinel_ns"`
	// Disturbed is the share of sentinels more than 3 % above the 10th
	// percentile of their own CPU, 0..1.
	Disturbed float64 `json:"disturbed"`
	// Spread is the 95th percentile over the 5th; the median over the CPUs.
	Spread float64 `json:"spread"`
	// Crowding is how much longer the sentinel takes while all CPUs work than
	// alone: 1 for cores of their own, up to 2 for hyperthreads of one core.
	Crowding float64 `json:"crowding"`
	// Uneven is the slowest CPU's sentinel over the fastest one's, each alone.
	Uneven float64 `json:"uneven"`

	// A gap is a sentinel that took over 100 us longer than usual: the thread
	// was taken off its CPU, or the CPU off the machine.
	GapsPerSecond float64 `json:"gaps_per_second"` // of one busy CPU
	LongestGapNS  int64   `json:"longest_gap_ns"`

	ClockNS     float64 `json:"clock_ns"`      // cost of reading the clock once
	ClockStepNS int64   `json:"clock_step_ns"` // smallest step it makes

	CopyMBPerS float64 `json:"copy_mb_per_s"` // 10^6 bytes copied per second by one CPU, the median
	CopySpread float64 `json:"copy_spread"`   // 95th percentile over the 5th of the time of one copy
}

const (
	// disturbedAbove is the worker's own bound for a clean slice, so that the
	// share shown here is the share of slices a run will leave out.
	disturbedAbove = 1.03
	gapNS          = 100_000
)

// series is the sentinels of one CPU, timed back to back.
type series struct {
	cpu     int
	crowded bool     // all CPUs worked at the same time
	ns      []uint32 // time of each sentinel, in order; saturates at 4.3 s
}

// recording is what a probe saw.
type recording struct {
	series    []series
	bound     bool
	copies    []uint32 // ns of each copy of copyBytes
	copyBytes int
	clockNS   float64
	stepNS    int64
}

// noise derives the figures. CPUs are judged each by its own sentinel, alone
// and crowded apart, so that cores of two kinds or shared ones do not look
// like a restless machine.
func (r recording) noise() Noise {
	n := Noise{Bound: r.bound, ClockNS: r.clockNS, ClockStepNS: r.stepNS}
	alone, crowded := map[int]float64{}, map[int]float64{}
	var spreads []float64
	disturbed, gaps := 0, 0
	for _, s := range r.series {
		if len(s.ns) == 0 {
			continue
		}
		sorted := slices.Sorted(slices.Values(s.ns))
		usual := quantile(sorted, 0.10)
		if s.crowded {
			crowded[s.cpu] = usual
		} else {
			alone[s.cpu] = usual
		}
		spreads = append(spreads, ratio(quantile(sorted, 0.95), quantile(sorted, 0.05)))
		n.Loops += len(sorted)
		disturbed += countAbove(sorted, usual*disturbedAbove)
		gaps += countAbove(sorted, usual+gapNS)
		if over := float64(sorted[len(sorted)-1]) - usual; over > gapNS {
			n.LongestGapNS = max(n.LongestGapNS, int64(over))
		}
		for _, ns := range sorted {
			n.BusyNS += int64(ns)
		}
	}
	n.CPUs = len(alone)
	if usual := slices.Sorted(maps.Values(alone)); len(usual) > 0 {
		n.SentinelNS, n.Uneven = quantile(usual, 0.5), ratio(usual[len(usual)-1], usual[0])
	}
	n.Disturbed = ratio(float64(disturbed), float64(n.Loops))
	n.Spread = median(spreads)
	n.Crowding = crowding(alone, crowded)
	n.GapsPerSecond = ratio(float64(gaps), float64(n.BusyNS)/1e9)

	copies := slices.Sorted(slices.Values(r.copies))
	n.CopyMBPerS = ratio(float64(r.copyBytes)*1e3, quantile(copies, 0.5)) // bytes/ns = 10^3 MB/s
	n.CopySpread = ratio(quantile(copies, 0.95), quantile(copies, 0.05))
	return n
}

// crowding is the median over the CPUs that were watched both ways; 0 none.
func crowding(alone, crowded map[int]float64) float64 {
	var ratios []float64
	for cpu, together := range crowded {
		if by, ok := alone[cpu]; ok {
			ratios = append(ratios, ratio(together, by))
		}
	}
	return median(ratios)
}

func countAbove(sorted []uint32, bound float64) int {
	return len(sorted) - sort.Search(len(sorted), func(i int) bool { return float64(sorted[i]) > bound })
}

// quantile is the smallest value that a share of at least q of them does not
// exceed (type 1 of Hyndman and Fan, 1996): always a time that was seen. 0 for
// no values.
func quantile[T uint32 | float64](sorted []T, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	i := int(math.Ceil(q*float64(len(sorted)))) - 1
	return float64(sorted[min(max(i, 0), len(sorted)-1)])
}

func median(v []float64) float64 { return quantile(slices.Sorted(slices.Values(v)), 0.5) }

// ratio is 0 where there is nothing to divide by, as on a clock too coarse to
// see a sentinel.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
