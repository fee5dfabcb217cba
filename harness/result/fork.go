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
