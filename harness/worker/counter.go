package worker

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"
	"unsafe"
)

// SharedCounterBytes is the size of a shared counter's file, which holds zeros at first.
const SharedCounterBytes = 128

// A shared counter is memory that the workers of a multi-process worker share, one process each: in it they
// meet before a slice, and from it they take their tasks. Both counts only grow, and
// every member knows what they were when a slice began, so nobody has to reset them.
// One goroutine of each process uses it.
type sharedCounter struct {
	words *counterWords
	unmap func() error
	met   int64 // arrivals before this slice
	taken int64 // tickets taken before this slice
}

// counterWords is the shared counter in memory. Members meet and take on different cache lines.
type counterWords struct {
	met   atomic.Int64
	_     [56]byte
	taken atomic.Int64
	_     [56]byte
}

var errNoTask = errors.New("all tasks are taken")

// errAlone is returned where the other members of a multi-process worker do not come.
var errAlone = errors.New("the other processes of the slice did not come")

// meetTimeout is how long a member waits for the others: far longer than any
// warm-up, which is a fraction of a second.
const meetTimeout = 10 * time.Second

// openSharedCounter maps the file at path.
func openSharedCounter(path string) (*sharedCounter, error) {
	memory, unmap, err := mapShared(path, SharedCounterBytes)
	if err != nil {
		return nil, fmt.Errorf("open the shared counter: %w", err)
	}
	return &sharedCounter{words: (*counterWords)(unsafe.Pointer(unsafe.SliceData(memory))), unmap: unmap}, nil
}

// meet waits until all members have come, awake, so that they go on within less
// than a microsecond of each other.
func (b *sharedCounter) meet(members int) error {
	b.met += int64(members)
	b.words.met.Add(1)
	for begin := time.Now(); b.words.met.Load() < b.met; {
		if time.Since(begin) > meetTimeout {
			return errAlone
		}
	}
	return nil
}

// take is the next task of a slice of count, or errNoTask.
func (b *sharedCounter) take(count int) (int, error) {
	if task := b.words.taken.Add(1) - 1 - b.taken; task < int64(count) {
		return int(task), nil
	}
	return 0, errNoTask
}

// end closes a slice, in which every member was told once that there is no task.
func (b *sharedCounter) end(count, members int) { b.taken += int64(count + members) }

func (b *sharedCounter) close() error {
	if b == nil {
		return nil
	}
	return b.unmap()
}
