package worker

import (
	"errors"
	"fmt"
)

// Version is the protocol version this build speaks best; Versions are all it
// understands, best first. docs/protocol.md is the specification.
const Version = 1

// Versions lists every protocol version this build understands, best first.
var Versions = []int{1}

// MaxLine bounds one message in bytes, newline included. A longer line is
// taken for nonsense.
const MaxLine = 16 << 20

// Message types. The controller sends prepare, slice and bye; the worker sends
// hello, progress, ready, sample, idle, bye and error.
const (
	TypeHello    = "hello"
	TypePrepare  = "prepare"
	TypeProgress = "progress"
	TypeReady    = "ready"
	TypeSlice    = "slice"
	TypeSample   = "sample"
	TypeIdle     = "idle"
	TypeBye      = "bye"
	TypeError    = "error"
)

// Modes of a slice.
const (
	// ModeThroughput times the slice as a whole and nothing inside it.
	ModeThroughput = "throughput"
	// ModeLatency also times every task and counts allocations; its wall time
	// is never used for a speed.
	ModeLatency = "latency"
)

// Message is one line of the protocol. Type says which of the parts is set;
// the parts' fields are inlined, so a message is one flat JSON object.
type Message struct {
	Type string `json:"type"`
	*Hello
	*Prepare
	*Progress
	*Ready
	*Slice
	*Sample
	*Idle
	*Bye
	*Failure
}

// Hello is the worker's first line.
type Hello struct {
	Versions       []int  `json:"versions"`       // protocol versions it speaks, any order
	Implementation string `json:"implementation"` // for people, e.g. "zstdshop go1.26.8"
	// GILEnabled is set where the interpreter runs one thread at a time:
	// CPython's own answer, or GOMAXPROCS=1 in Go.
	GILEnabled bool `json:"gil_enabled"`
}

// Prepare asks the worker to make one cell ready. It is sent once.
type Prepare struct {
	Version int      `json:"version"` // the one chosen from Hello.Versions
	Cell    CellSpec `json:"cell"`
	Data    *Data    `json:"data,omitempty"`
	// Dict is the dictionary of the cell's codec contexts; nil none.
	Dict         *Dict  `json:"dict,omitempty"`
	Seed         uint64 `json:"seed"`
	Verify       bool   `json:"verify"`        // full round trip of every item
	RedoPermille int    `json:"redo_permille"` // share of tasks to follow with another one, 0..1000
	// FactsOnly is set where no slice follows: what Ready says of the items is all that
	// is asked for.
	FactsOnly bool `json:"facts_only,omitempty"`
	// SharedCounter is the file of memory that several workers share which do each slice
	// together; "" where this one does it alone.
	SharedCounter string `json:"board,omitempty"`
}

// CellSpec is the part of a cell that the worker itself must know. The rest
// (GOMAXPROCS, affinity, environment) is in force before it starts.
type CellSpec struct {
	Scenario string `json:"scenario"`
	Codec    string `json:"codec,omitempty"`
	Level    int    `json:"level,omitempty"`
	Runner   string `json:"runner"`
	Workers  int    `json:"workers"`
	Tasks    int    `json:"tasks,omitempty"`
	Iters    int    `json:"iters,omitempty"`
	Write    int64  `json:"write,omitempty"` // bytes of one write or read, where items are streams
	Endpoint string `json:"endpoint,omitempty"`
	// Rate is how many tasks a second are planned; 0 where each follows the one
	// before.
	Rate int `json:"rate,omitempty"`
}

// Data is where the items are. The data file is the raw bytes of all items;
// the index has one line per item, "offset length\n" in decimal, in the order
// in which they are items 0, 1, 2 ...
type Data struct {
	Path  string `json:"path"`
	Index string `json:"index"`
}

// Dict is where a dictionary is.
type Dict struct {
	Path   string `json:"path"`
	Digest string `json:"sha256"` // of the file, hex
}

// Progress may be sent while preparing. A worker whose Done does not grow for
// the controller's timeout is taken for hung.
type Progress struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// Ready is the reply to Prepare.
type Ready struct {
	Items    int   `json:"items"`     // tasks in one pass
	BytesIn  int64 `json:"bytes_in"`  // uncompressed bytes of one pass
	BytesOut int64 `json:"bytes_out"` // compressed bytes of one pass
	// Sums over the items of squares and products of their sizes, from which follows how
	// much the ratio depends on which items they are; all 0 where the worker does not tell.
	SumInIn        int64  `json:"sum_in_in,omitempty"`   // uncompressed size squared
	SumInOut       int64  `json:"sum_in_out,omitempty"`  // uncompressed times compressed size
	SumOutOut      int64  `json:"sum_out_out,omitempty"` // compressed size squared
	Digest         string `json:"digest,omitempty"`
	Dict           string `json:"dict_digest,omitempty"` // Dict.Digest of the dictionary that is in use
	ContextNS      int64  `json:"context_ns,omitempty"`  // wall time of making a codec context with it, the mean over workers
	EffectiveLevel int    `json:"effective_level,omitempty"`
	Library        string `json:"library,omitempty"`
	LibraryVersion string `json:"library_version,omitempty"`
	GOMAXPROCS     int    `json:"gomaxprocs,omitempty"` // in force; 0 where there is no such thing
	CPUs           int    `json:"cpus,omitempty"`       // the process may run on; 0 unknown
	RSSBytes       int64  `json:"rss_bytes,omitempty"`  // now; 0 unknown
	Lanes          int    `json:"lanes,omitempty"`      // tasks that can run at once; 0 as many as workers
	PassNS         int64  `json:"pass_ns"`              // rough wall time of one pass by one worker
	Shares         bool   `json:"shares,omitempty"`     // slices with others, through the shared counter it was given
	// Of scenarios in which items are streams: how far back one refers, the memory of one,
	// the time of one of a byte, and the flushes in a pass. 0 unknown, or none.
	StreamWindow int64 `json:"stream_window_bytes,omitempty"`
	StreamMemory int64 `json:"stream_memory_bytes,omitempty"`
	StreamSetup  int64 `json:"stream_setup_ns,omitempty"`
	Flushes      int   `json:"flushes,omitempty"`
}

// Slice asks for one turn: a warm-up, then Count tasks on the clock. Task i of
// the slice is item (First+i) mod Ready.Items; task i of the warm-up is task
// i mod Count of the slice.
type Slice struct {
	ID     int `json:"id"`
	First  int `json:"first"`
	Count  int `json:"count"`  // tasks on the clock; >= 1
	Warmup int `json:"warmup"` // tasks before it, off the clock; >= 0
	// Place is where the turn should start: the first worker on CPU Place of
	// those allowed, counted round from 0, the second on the next one ... A
	// worker that cannot choose leaves it.
	Place int    `json:"place"`
	Mode  string `json:"mode"`
	// Members is how many workers do the slice together: they wait for each other
	// after the warm-up, and each takes tasks from the shared counter until none is left.
	// Absent or 0: this one does all of it.
	Members int `json:"members,omitempty"`
}

// Sample is the reply to Slice. All times are nanoseconds of this slice only.
type Sample struct {
	SliceID int   `json:"slice_id"`
	Tasks   int   `json:"tasks"` // done on the clock; Slice.Count, of all members together
	WallNS  int64 `json:"wall_ns"`
	CPUNS   int64 `json:"cpu_ns"` // of the whole process
	// SentinelNS is the time of the sentinel loop right before and right
	// after the slice, the slowest thread of each; empty where the worker has
	// no sentinel.
	SentinelNS []int64 `json:"sentinel_ns,omitempty"`
	// WaitNS is how long threads of the worker were ready to run during the
	// slice but had no CPU, summed over threads; absent where the system does
	// not tell.
	WaitNS int64 `json:"wait_ns,omitempty"`
	// WarmNS is how long the warm-up took; absent where there was none.
	WarmNS int64 `json:"warm_ns,omitempty"`
	// Collected is how many garbage collections ended in the slice,
	// CollectedBefore between the last slice's end and this one's start.
	Collected       int    `json:"collected,omitempty"`
	CollectedBefore int    `json:"collected_before,omitempty"`
	Checksum        uint64 `json:"checksum,omitempty"`
	// The rest is for ModeLatency only.
	TaskNS     []int64 `json:"task_ns,omitempty"` // per task, in item order
	Mallocs    uint64  `json:"mallocs,omitempty"`
	AllocBytes uint64  `json:"alloc_bytes,omitempty"`
	FlushNS    []int64 `json:"flush_ns,omitempty"` // per flush, in any order; where tasks flush
}

// Idle follows every Sample once the worker is quiet: no collection running,
// all threads asleep or about to read.
type Idle struct {
	// IdleCPUNS is the CPU time spent between the end of the slice and now
	// that the slice caused (a collection finishing, say).
	IdleCPUNS int64 `json:"idle_cpu_ns"`
}

// Bye is the controller's last word (without fields) and the worker's answer.
type Bye struct {
	PeakRSSBytes int64 `json:"peak_rss_bytes,omitempty"` // VmHWM; 0 unknown
	// MemoryBytes is what the cell added to the process: the most memory of its own,
	// that no file backs, less the same before it was prepared; 0 unknown.
	MemoryBytes int64 `json:"memory_bytes,omitempty"`
	Threads     int   `json:"threads,omitempty"` // OS threads now; 0 unknown
}

// Failure may be sent instead of any answer; the worker then exits.
type Failure struct {
	Error string `json:"error"`
	// Lacks is set where nothing went wrong: this worker, or what runs it, has not
	// what the cell asks for.
	Lacks bool `json:"lacks,omitempty"`
}

// ErrLacks is wrapped where a worker has not what a cell asks for.
var ErrLacks = errors.New("not offered")

// Err is the failure as an error.
func (f *Failure) Err() error {
	if f.Lacks {
		return fmt.Errorf("%w: %s", ErrLacks, f.Error)
	}
	return errors.New(f.Error)
}
