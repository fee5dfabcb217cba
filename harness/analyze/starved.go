package analyze

import (
	"math"

	"zstdshop/harness/result"
)

// Others on the machine take CPU time from a cell. A worker alone lost what it waited for
// a CPU, as far as its own CPU time is short of the clock; slices in which it lost much do
// not count. Several workers may wait for each other, so a slice says little, and all
// count: how much CPU time they can have is what they have had in their best slice. A cell
// that lost more than starvedCell of it has a time that says more of the others than of
// itself, and its interval reaches to where it would be had it lost nothing.

const (
	// starvedShare is the share of a slice that its worker may be kept from running
	// for it to count as undisturbed.
	starvedShare = 0.05
	// starvedCell is the share of its CPU time that a cell may lose. The cells of docs/runs,
	// on a machine with what a machine has, lost at most 0.15; pools of two on two CPUs
	// with 7 to 12 threads of other programs 0.28 to 0.85, but for one with 0.16.
	starvedCell = 0.25
)

// starved reports whether the only worker was kept from running in slice i: by
// the time threads waited for a CPU, as far as it was missing from the worker's
// own. The rest of the waiting was that of idle threads of the runtime, which
// cost nothing (docs/method.md).
func starved(f result.Fork, i int) bool {
	return lost(f, i, 1) > starvedShare*float64(f.WallNS[i])
}

// lost is the CPU time that slice i lost to others of what so many CPUs have.
func lost(f result.Fork, i int, cpus float64) float64 {
	return max(0, min(float64(f.WaitNS[i]), cpus*float64(f.WallNS[i])-float64(f.CPUNS[i])))
}

// lostShare is the share of the CPU time that a cell lost in the slices of those forks that
// its time is from, of as much as its lanes have; 0 where that is no more than starvedCell
// of what it has been seen to have, and where tasks come at a rate.
func lostShare(c result.Cell, forks []result.Fork, lanes int) float64 {
	if c.Rate > 0 {
		return 0
	}
	all, most := true, 1.0
	for _, f := range forks {
		for i, wall := range f.WallNS {
			all = all && starved(f, i)
			most = max(most, float64(f.CPUNS[i])/float64(wall))
		}
	}
	if c.Workers == 1 && !all {
		return 0 // those do not count
	}
	lanes = max(lanes, 1)
	most = min(most, float64(lanes))
	seen, could, wall := 0.0, 0.0, 0.0
	for _, f := range forks {
		for i := range f.WallNS {
			seen, could, wall = seen+lost(f, i, most), could+lost(f, i, float64(lanes)), wall+float64(f.WallNS[i])
		}
	}
	if wall == 0 || seen <= starvedCell*most*wall {
		return 0
	}
	return could / (float64(lanes) * wall)
}

// asIfAlone is the log of the time of a cell that lost such a share of its CPU time over
// what it would be had it lost none.
func asIfAlone(share float64) float64 { return -math.Log1p(-share) }
