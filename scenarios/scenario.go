// Package scenarios defines the contract of a scenario, a kind of work, and
// holds the built-in ones, one file each. Worker processes of the harness
// prepare and run them; data comes from package corpus, compression from
// codecs.
//
// A Scenario turns a codec and the items of a corpus into a Job: a fixed list
// of tasks that a runner can call in any order from several workers. Everything
// that is not the work itself (contexts, buffers, compressed inputs, the check
// of every byte) happens in Prepare, off the clock.
package scenarios

import (
	"context"
	"slices"
	"time"

	"zstdshop/codecs"
)

// A Scenario is one kind of work. It has no state that work changes.
type Scenario interface {
	Info() Info

	// Prepare returns the job of one cell. It checks ctx between items and
	// calls in.Progress after each, so that a slow level is not taken for a
	// hang. With in.Verify set every item makes the full round trip and is
	// compared byte by byte with the original; where it differs the error wraps
	// ErrCorrupt. Without it only the digest is computed.
	Prepare(ctx context.Context, in Input) (Job, error)
}

// Info describes a scenario.
type Info struct {
	// Summary is one line for lists: the work, without its name.
	Summary string
	// Doing is what a cell does in a sentence, such as "compressing"; "" is "running"
	// with the name.
	Doing string
	// Advised is set for the scenario that advice is about where nobody says which.
	Advised bool
	// Compresses and Decompresses are set where a task is one call of the codec's method
	// of that name and nothing else: the choice of a codec for it goes by such cells.
	Compresses, Decompresses bool
	// Codec and Corpus say which matrix keys apply. A scenario without a codec
	// has cells without codec, level, corpus and block.
	Codec, Corpus bool
	// Dict is set where cells may have a dictionary.
	Dict bool
	// TaskPerWorker is set where the number of tasks in one pass is the number
	// of workers asked for (cpuburn, randmul), also under a runner that has
	// only one worker.
	TaskPerWorker bool
	// Iters is the default of --iters; 0 where the scenario has none.
	Iters int
	// Rate is the default of --rate; 0 where each task follows the one before.
	Rate int
	// Burst is how many tasks come at once where there is a rate; 0 is one.
	Burst int
	// Endpoints lists where requests of the scenario can go, each in a cell of
	// its own; nil where the scenario sends none.
	Endpoints []Endpoint
	// Stream is the default of --stream, the bytes of an item, where that is the content
	// of a stream and a block is one write or read: the codec is a codecs.Streamer then.
	// 0 where items are blocks.
	Stream int64
	// TimedSlice is set where a slice runs for a fixed time, not a fixed
	// amount of work. Such cells report cores kept busy and never a speed.
	TimedSlice bool
}

// An Endpoint is one route that requests go to.
type Endpoint struct {
	Name string
	// NoData is set where the endpoint takes no data: its cells have no codec,
	// level, corpus and block.
	NoData bool
}

// Of returns the Info of the cells with that endpoint, and reports whether it is
// among Endpoints. Where there are none, "" is the only one.
func (i Info) Of(endpoint string) (Info, bool) {
	at := slices.IndexFunc(i.Endpoints, func(e Endpoint) bool { return e.Name == endpoint })
	if at < 0 {
		return i, endpoint == "" && len(i.Endpoints) == 0
	}
	if i.Endpoints[at].NoData {
		i.Codec, i.Corpus = false, false
	}
	return i, true
}

// Input is what Prepare gets of a cell. The slices belong to the caller; a
// scenario only reads them.
type Input struct {
	Codec codecs.Codec // nil where Info().Codec is false
	Level int          // as asked for; 0 where the codec has no levels
	// Dict is the dictionary of all contexts; nil none. The codec is a
	// codecs.DictCodec then.
	Dict []byte
	// Endpoint is one of Info().Endpoints; "" where there are none.
	Endpoint string
	Items    [][]byte // the blocks to work on; nil where Info().Corpus is false
	// Workers is the number of workers that will call the job at once; >= 1.
	Workers int
	// Tasks is the number of tasks that a TaskPerWorker scenario makes; >= 1.
	Tasks  int
	Iters  int    // repetitions inside a task, where the scenario has them
	Write  int    // bytes of one write or read, where items are streams; 0 all at once
	Seed   uint64 // for scenarios that draw random numbers
	Verify bool
	// Resident returns how much memory of its own the process has now, which no file
	// backs; 0 where the system does not tell, and nil is the same.
	Resident func() int64
	// Progress is nil, or is called with the number of items done so far and
	// the total, from one goroutine and with growing done.
	Progress func(done, total int)
}

// A Job is the prepared work of one cell.
type Job interface {
	// Facts returns how much work one pass over all items is. It does not
	// change.
	Facts() Facts

	// Begin is called before every slice, from the goroutine that then calls
	// the runner.
	Begin()

	// Do does the task of item as worker; see runners.Task for the rules. It
	// allocates nothing of its own, except in a scenario that measures garbage.
	Do(worker, item int) error

	// Checksum returns the checksum of the last pass, or 0 where the scenario
	// has none. It must not be called while tasks run.
	Checksum() uint64

	// Close frees contexts and buffers. It must not be called while tasks run.
	Close() error
}

// Facts is the size and identity of one pass over a job's items.
type Facts struct {
	Items    int   // tasks in one pass; >= 1
	BytesIn  int64 // uncompressed bytes of one pass; 0 without a corpus
	BytesOut int64 // compressed bytes of one pass; 0 without a corpus
	// ItemBytes is the uncompressed size of each item; nil without a corpus. It
	// belongs to the job; callers only read it.
	ItemBytes []int
	// ItemOut is the compressed size of each item, in the same order; nil without a
	// corpus. It belongs to the job, too.
	ItemOut []int
	// ContextNS is how long it took to make a codec context with its dictionary, in ns,
	// the mean over workers; 0 without a dictionary.
	ContextNS int64
	// Digest identifies the output of one pass: equal digests, equal bytes, in
	// order. Empty where there is no output to compare.
	Digest string
	// Stream is nil where items are no streams.
	Stream *StreamFacts
}

// StreamFacts is what one stream takes beside its content. Memory and Setup are known
// with Input.Verify only.
type StreamFacts struct {
	Window  int           // bytes that it refers back at most
	Memory  int64         // of the writer, or reader, that has the largest item inside; 0 unknown
	Setup   time.Duration // wall time of a stream of one byte
	Flushes int           // in one pass; 0 where there are none
}
