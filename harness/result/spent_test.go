package result

import (
	"slices"
	"testing"
)

// The parts of a run's time add up to it, and slices stand for what was on the clock.
func TestSpentBy(t *testing.T) {
	of := func(forks ...Fork) *RunSpent {
		pointers := []*Fork{}
		for i := range forks {
			pointers = append(pointers, &forks[i])
		}
		return SpentBy(1000, slices.Values(pointers))
	}
	f := Fork{WallNS: []int64{50, 70}, Spent: &Spent{Start: 10, Prepare: 20, RunIn: 30, Turns: 300, Warm: 100, Latency: 40, End: 5}}
	s := of(f, f)
	if want := (RunSpent{Slices: 240, Warm: 260, Start: 30, Prepare: 40, Latency: 80, Wait: 160, Other: 190}); *s != want {
		t.Errorf("%+v, want %+v", *s, want)
	}
	if sum := s.Slices + s.Warm + s.Start + s.Prepare + s.Latency + s.Wait + s.Other; sum != 1000 {
		t.Errorf("the parts add up to %d of 1000", sum)
	}
	if got := of(Fork{WallNS: []int64{50}}); got != nil {
		t.Errorf("forks of an earlier program: %+v, want nothing said", got)
	}
}
