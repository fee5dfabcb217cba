package worker

import (
	"time"

	"zstdshop/runners"
)

// pace is the plan of an open loop, in which tasks come when they come and not
// when the one before is done: task i of a slice is due (i+1)/rate seconds after
// its begin; where they come in bursts, all of a burst when its last would be. A worker that is early waits; one that is late goes on at once, and
// what it is late by counts as the task's time, because it is what a client would
// have waited (to leave that out is Tene's coordinated omission).
type pace struct {
	rate  int       // tasks a second; 0: there is no plan
	burst int       // tasks that come at once; 0 as 1
	begin time.Time // of the slice
	now   func() time.Time
	sleep func(worker int, d time.Duration) error
}

// due is when task i of the slice is to start.
func (p *pace) due(i int) time.Time {
	if p.burst > 1 {
		i += p.burst - 1 - i%p.burst
	}
	return p.begin.Add(time.Duration(int64(i+1) * int64(time.Second) / int64(p.rate)))
}

// planned makes a task wait until it is due.
func (p *pace) planned(task runners.Task) runners.Task {
	if p.rate == 0 {
		return task
	}
	return func(worker, i int) error {
		if early := p.due(i).Sub(p.now()); early > 0 {
			if err := p.sleep(worker, early); err != nil {
				return err
			}
		}
		return task(worker, i)
	}
}

// alarms is one for each worker.
type alarms []*alarm

func newAlarms(workers int) (alarms, error) {
	var all alarms
	for range workers {
		a, err := newAlarm()
		if err != nil {
			all.close()
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func (all alarms) sleep(worker int, d time.Duration) error { return all[worker].sleep(d) }

func (all alarms) close() {
	for _, a := range all {
		a.close()
	}
}
