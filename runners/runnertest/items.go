package runnertest

import (
	"context"
	"fmt"
	"sync/atomic"

	"zstdshop/runners"
)

func everyItemOnce(r runners.Runner) error {
	for _, s := range shapes(r, 0, 1, 2, many) {
		calls := newCalls(s.items)
		err := r.Run(context.Background(), s.items, s.workers, func(_, item int) error {
			calls.add(item)
			return nil
		})
		if err != nil {
			return fmt.Errorf("%v: Run returned %w although no task failed", s, err)
		}
		if err := calls.check(1, 1); err != nil {
			return fmt.Errorf("%v: %w", s, err)
		}
	}
	return nil
}

// calls counts how often each item was called.
type calls struct {
	items   []atomic.Int32
	strange fault
}

func newCalls(items int) *calls {
	return &calls{items: make([]atomic.Int32, items), strange: newFault()}
}

func (c *calls) add(item int) {
	if item < 0 || item >= len(c.items) {
		c.strange.set("task was called for item %d, there is none", item)
		return
	}
	c.items[item].Add(1)
}

// check returns an error for the first item that was called less or more often.
func (c *calls) check(least, most int32) error {
	for item := range c.items {
		if n := c.items[item].Load(); n < least || n > most {
			return fmt.Errorf("task was called %d times for item %d", n, item)
		}
	}
	return c.strange.err()
}

func (c *calls) total() int {
	total := 0
	for item := range c.items {
		total += int(c.items[item].Load())
	}
	return total
}
