package scenarios

import "time"

// A Stepped is a Job whose tasks are made of steps that people wait for one by one, such
// as the flushes of a stream.
type Stepped interface {
	Job

	// TimeSteps has the steps of at most so many tasks timed from here on, for each
	// worker, or none where that is 0. It returns how long those took that were timed
	// since the last call, in ns, and must not be called while tasks run.
	TimeSteps(tasks int) []int64
}

// stepsTimed is the most steps that one worker remembers.
const stepsTimed = 1 << 16

// stepClock times the steps of one worker where it has room to remember them, and costs
// next to nothing where it has none.
type stepClock struct{ took []int64 }

func (c *stepClock) begin() time.Time {
	if len(c.took) == cap(c.took) {
		return time.Time{}
	}
	return time.Now()
}

func (c *stepClock) end(begun time.Time) {
	if len(c.took) < cap(c.took) {
		c.took = append(c.took, max(time.Since(begun).Nanoseconds(), 1)) // a coarse clock may see none
	}
}
