package result

import (
	"github.com/HdrHistogram/hdrhistogram-go"

	"zstdshop/harness/worker"
)

// NewFork makes an empty record whose columns are [] in JSON, not null.
func NewFork(round int) Fork {
	return Fork{Fork: round, Turn: []int{}, First: []int{}, Tasks: []int{}, WallNS: []int64{}, CPUNS: []int64{},
		IdleNS: []int64{}, WaitNS: []int64{}, Before: []int64{}, After: []int64{}, Collect: []int{}, CollectBefore: []int{}, TaskNS: [][2]int64{}}
}

// Add keeps one throughput slice.
func (f *Fork) Add(turn, first int, s worker.Sample, idle worker.Idle) {
	f.Turn = append(f.Turn, turn)
	f.First = append(f.First, first)
	f.Tasks = append(f.Tasks, s.Tasks)
	f.WallNS = append(f.WallNS, s.WallNS)
	f.CPUNS = append(f.CPUNS, s.CPUNS)
	f.IdleNS = append(f.IdleNS, idle.IdleCPUNS)
	f.WaitNS = append(f.WaitNS, s.WaitNS)
	f.Collect = append(f.Collect, s.Collected)
	f.CollectBefore = append(f.CollectBefore, s.CollectedBefore)
	if len(s.SentinelNS) == 2 {
		f.Before = append(f.Before, s.SentinelNS[0])
		f.After = append(f.After, s.SentinelNS[1])
	}
}

// AddLatency keeps one latency slice as counts of values of three significant
// digits.
func (f *Fork) AddLatency(s worker.Sample) {
	h := newHistogram()
	record(h, f.TaskNS)
	for _, ns := range s.TaskNS {
		h.RecordValue(clampTask(ns))
	}
	f.TaskNS = f.TaskNS[:0]
	for _, bar := range h.Distribution() {
		if bar.Count > 0 {
			f.TaskNS = append(f.TaskNS, [2]int64{bar.To, bar.Count})
		}
	}
	f.TimedTasks += int64(s.Tasks)
	f.Mallocs += s.Mallocs
	f.AllocBytes += s.AllocBytes
}

// TaskTimes is the distribution of the times of single tasks in ns over forks.
func TaskTimes(forks []Fork) *hdrhistogram.Histogram {
	h := newHistogram()
	for _, f := range forks {
		record(h, f.TaskNS)
	}
	return h
}

// A task takes from 1 ns to an hour; what lies outside is counted at the edge.
const longestTask = 3600 * 1e9

func newHistogram() *hdrhistogram.Histogram { return hdrhistogram.New(1, longestTask, 3) }

func clampTask(ns int64) int64 { return min(max(ns, 1), longestTask) }

func record(h *hdrhistogram.Histogram, counts [][2]int64) {
	for _, c := range counts {
		h.RecordValues(clampTask(c[0]), c[1])
	}
}

// NSPerTask is the wall time of one task over the fork's slices; 0 without any.
func (f *Fork) NSPerTask() float64 {
	wall, tasks := int64(0), 0
	for i := range f.WallNS {
		wall += f.WallNS[i]
		tasks += f.Tasks[i]
	}
	if tasks == 0 {
		return 0
	}
	return float64(wall) / float64(tasks)
}

// forkTime and the others are metrics of one fork.
func forkTime(c *CellResult, f *Fork) (float64, bool) {
	ns := f.NSPerTask()
	return ns, ns > 0 && c.NSPerOp != nil
}

func forkMBPerS(c *CellResult, f *Fork) (float64, bool) {
	ns, ok := forkTime(c, f)
	if !ok || c.BytesIn <= 0 || c.Items <= 0 {
		return 0, false
	}
	bytesPerTask := float64(c.BytesIn) / float64(c.Items)
	return bytesPerTask / ns * 1e3, true
}

// forkCores counts what a slice left running behind it, as the cell's own figure does.
func forkCores(_ *CellResult, f *Fork) (float64, bool) {
	var wall, cpu int64
	for i := range f.WallNS {
		wall += f.WallNS[i]
		cpu += f.CPUNS[i] + f.IdleNS[i]
	}
	return float64(cpu) / float64(wall), wall > 0
}

// forkP99 is the smallest value that at least 99 of 100 tasks do not exceed (nearest
// rank).
func forkP99(_ *CellResult, f *Fork) (float64, bool) {
	var n int64
	for _, t := range f.TaskNS {
		n += t[1]
	}
	if n <= 0 {
		return 0, false
	}
	var seen int64
	for _, t := range f.TaskNS {
		if seen += t[1]; float64(seen) >= 0.99*float64(n) {
			return float64(t[0]), true
		}
	}
	return float64(f.TaskNS[len(f.TaskNS)-1][0]), true
}

func perTimed(f *Fork, n uint64) (float64, bool) {
	return float64(n) / float64(f.TimedTasks), f.TimedTasks > 0
}
