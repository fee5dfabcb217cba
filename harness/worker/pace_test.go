package worker

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"zstdshop/runners"
)

// A task's time counts from when it was due: 10 ms apart, of which the third takes
// 25 ms, so that those after it begin late and catch up.
func TestPace(t *testing.T) {
	begin := time.Unix(1000, 0)
	now := begin
	var waits []time.Duration
	takes := []time.Duration{time.Millisecond, time.Millisecond, 25 * time.Millisecond, time.Millisecond, time.Millisecond, time.Millisecond}
	c := &cell{pace: pace{rate: 100, begin: begin, now: func() time.Time { return now }, sleep: func(_ int, d time.Duration) error {
		waits = append(waits, d)
		now = now.Add(d)
		return nil
	}}}
	var late []time.Duration
	task := c.pace.planned(func(_, i int) error {
		late = append(late, now.Sub(c.pace.due(i)))
		now = now.Add(takes[i])
		return nil
	})
	if err := runners.Single().Run(t.Context(), len(takes), 1, task); err != nil {
		t.Fatal(err)
	}
	ms := func(values ...int) (out []time.Duration) {
		for _, v := range values {
			out = append(out, time.Duration(v)*time.Millisecond)
		}
		return out
	}
	if want := ms(0, 0, 0, 15, 6, 0); !slices.Equal(late, want) {
		t.Errorf("tasks begin late by %v, want %v", late, want)
	}
	if want := ms(10, 9, 9, 3); !slices.Equal(waits, want) {
		t.Errorf("waits %v, want %v", waits, want)
	}
	// A wait that fails ends the slice.
	broken := errors.New("no timer")
	now, c.pace.sleep = begin, func(int, time.Duration) error { return broken }
	if err := runners.Single().Run(t.Context(), 1, 1, task); !errors.Is(err, broken) {
		t.Errorf("a timer that fails: %v", err)
	}
}

// The latency of a slice has what its tasks were late by, its end is no sooner than
// the last task was due.
func TestBurstsComeAtOnce(t *testing.T) {
	begin := time.Unix(1000, 0)
	for _, test := range []struct{ burst, task, want int }{ // milliseconds
		{0, 0, 10}, {1, 3, 40}, {4, 0, 40}, {4, 3, 40}, {4, 4, 80}, {4, 7, 80},
	} {
		p := pace{rate: 100, burst: test.burst, begin: begin}
		if got := p.due(test.task).Sub(begin); got != time.Duration(test.want)*time.Millisecond {
			t.Errorf("%+v: due after %v", test, got)
		}
	}
}

func TestTurnAtARate(t *testing.T) {
	s := &steps{Runner: runners.Pool()}
	c := mustCell(t, s, s, Prepare{Cell: CellSpec{Workers: 2, Rate: 1000}})
	defer c.close()
	const tasks = 20
	slow := make(chan bool)
	var begun, rest atomic.Int32
	s.do = func(int) error {
		if begun.Add(1) == 1 {
			<-slow // until the other worker has done all the rest
		} else if rest.Add(1) == tasks-1 {
			close(slow)
		}
		return nil
	}
	sample, _, err := c.turn(t.Context(), Slice{Count: tasks, Mode: ModeLatency})
	if err != nil {
		t.Fatal(err)
	}
	if planned := int64(tasks * time.Millisecond); sample.WallNS < planned {
		t.Errorf("%d tasks at 1000 a second took %v", tasks, time.Duration(sample.WallNS))
	}
	// Which of the first two begins first is the scheduler's to say.
	if waited, most := int64((tasks-2)*time.Millisecond), max(sample.TaskNS[0], sample.TaskNS[1]); most < waited {
		t.Errorf("the first task took %v, and waited for the last", time.Duration(most))
	}
}

// What a task is late by is part of its time.
func TestTimedFromWhenItWasDue(t *testing.T) {
	c := &cell{pace: pace{rate: 1000, begin: time.Now().Add(-time.Hour)}}
	task := c.timed(func(int, int) error { return nil }, 1)
	if err := task(0, 0); err != nil {
		t.Fatal(err)
	}
	if late := time.Hour - time.Second; c.taskNS[0] < int64(late) {
		t.Errorf("a task that begins an hour late took %v", time.Duration(c.taskNS[0]))
	}
}

func TestAlarm(t *testing.T) {
	all, err := newAlarms(2)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		begin := time.Now()
		if err := all.sleep(1, time.Millisecond); err != nil || time.Since(begin) < time.Millisecond {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
	}
	all.close()
}

func TestPrepareRefusesEndpoint(t *testing.T) {
	for _, c := range []CellSpec{
		{Scenario: "counting", Runner: "single", Workers: 1, Endpoint: "nowhere"},
		{Scenario: "counting", Runner: "single", Workers: 1, Rate: -1},
	} {
		if _, _, err := prepare(t.Context(), nil, world{&counting{}}, Prepare{Version: Version, Cell: c}); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}
