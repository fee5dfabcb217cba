package result

import (
	"github.com/HdrHistogram/hdrhistogram-go"

	"zstdshop/harness/worker"
)

// Fork is the raw record of one worker process: columns of equal length, one
// entry a throughput slice, in the order they ran.
type Fork struct {
	Fork    int     `json:"fork"`               // number of the round; cells of a group with the same number ran interleaved
	Turn    []int   `json:"turn"`               // number of the turn inside the round
	First   []int   `json:"first"`              // first item
	Tasks   []int   `json:"tasks"`              // tasks done
	WallNS  []int64 `json:"wall_ns"`            // on the clock
	CPUNS   []int64 `json:"cpu_ns"`             // of the process, on the clock
	IdleNS  []int64 `json:"idle_cpu_ns"`        // CPU after the slice that it caused
	Before  []int64 `json:"sentinel_before_ns"` // empty where there is no sentinel
	After   []int64 `json:"sentinel_after_ns"`
	WaitNS  []int64 `json:"wait_ns"`   // threads ready to run without a CPU, summed
	Collect []int   `json:"collected"` // garbage collections that ended in the slice
	// CollectBefore is how many ended between the last slice's end and this
	// one's start, most of them in the Warmup tasks before it.
	CollectBefore []int `json:"collected_before"`
	Warmup        int   `json:"warmup"` // tasks before each slice, off the clock
	// RunIn is the wall times in ns of the slices before the first that counts, one right
	// after the other, each the work of the first. Absent in old results.
	RunIn []int64 `json:"run_in_ns,omitempty"`
	Spent *Spent  `json:"spent,omitempty"` // nil in old results

	// From latency slices: value in ns and how often, ascending.
	TaskNS     [][2]int64 `json:"task_ns"`
	TimedTasks int64      `json:"timed_tasks"`
	FlushNS    [][2]int64 `json:"flush_ns,omitempty"` // of the flushes in those tasks
	Mallocs    uint64     `json:"mallocs"`
	AllocBytes uint64     `json:"alloc_bytes"`

	PreparedRSSBytes int64 `json:"prepared_rss_bytes"`
	PeakRSSBytes     int64 `json:"peak_rss_bytes"`
	MemoryBytes      int64 `json:"memory_bytes,omitzero"` // that the cell added; 0 unknown
	Threads          int   `json:"threads"`
	PassNS           int64 `json:"pass_ns"` // one pass by one worker, as prepare saw it
}

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
	f.TaskNS = counted(f.TaskNS, s.TaskNS)
	if len(s.FlushNS) > 0 {
		f.FlushNS = counted(f.FlushNS, s.FlushNS)
	}
	f.TimedTasks += int64(s.Tasks)
	f.Mallocs += s.Mallocs
	f.AllocBytes += s.AllocBytes
}

// counted adds times to counts of values.
func counted(counts [][2]int64, times []int64) [][2]int64 {
	h := newHistogram()
	record(h, counts)
	for _, ns := range times {
		h.RecordValue(clampTask(ns))
	}
	counts = counts[:0]
	for _, bar := range h.Distribution() {
		if bar.Count > 0 {
			counts = append(counts, [2]int64{bar.To, bar.Count})
		}
	}
	return counts
}

// FlushTimes is the distribution of the times of single flushes in ns over forks.
func FlushTimes(forks []Fork) *hdrhistogram.Histogram {
	h := newHistogram()
	for _, f := range forks {
		record(h, f.FlushNS)
	}
	return h
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

// Spent is where the wall time of a fork went, in ns as the controller saw it.
type Spent struct {
	Start   int64 `json:"start_ns"`   // from spawning the process to its hello
	Prepare int64 `json:"prepare_ns"` // from its hello until it was ready
	RunIn   int64 `json:"run_in_ns"`  // slices before the first that counts
	Turns   int64 `json:"turns_ns"`   // turns that count: warm-ups, slices and waiting until quiet
	Warm    int64 `json:"warm_ns"`    // the warm-ups of those, as the worker tells
	Latency int64 `json:"latency_ns"` // the latency slice
	End     int64 `json:"end_ns"`     // from bye to the end of the process
}

// Fixed is the part that does not grow with the number of turns.
func (s Spent) Fixed() int64 { return s.Start + s.Prepare + s.RunIn + s.Latency + s.End }
