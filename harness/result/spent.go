package result

// RunSpent is where the wall time of a run went, in ns. Its parts add up to the time
// that the run took.
type RunSpent struct {
	Slices  int64 `json:"slices_ns"` // on the clock
	Warm    int64 `json:"warm_ns"`   // warm-ups before them, and slices that run a fork in
	Start   int64 `json:"start_ns"`  // starting worker processes, and ending them
	Prepare int64 `json:"prepare_ns"`
	Latency int64 `json:"latency_ns"` // slices in which tasks are timed one by one
	Wait    int64 `json:"wait_ns"`    // gathering workers, and waiting until they are quiet
	Other   int64 `json:"other_ns"`   // the pilot run, writing the journal, looking at figures
}

// SpentPart is one part of a RunSpent, in plain words.
type SpentPart struct {
	NS   int64
	What string
}

// Parts lists what a RunSpent is made of, the time on the clock first.
func (s RunSpent) Parts() []SpentPart {
	return []SpentPart{{s.Slices, "on the clock"}, {s.Warm, "warming up"}, {s.Start, "starting and ending workers"}, {s.Prepare, "preparing them"},
		{s.Latency, "timing single tasks"}, {s.Wait, "waiting for quiet"}, {s.Other, "planning and writing down"}}
}

// SpentBy adds up where the time of a run's forks went, of elapsed ns in all; nil where
// they do not tell.
func SpentBy(elapsed int64, forks func(yield func(*Fork) bool)) *RunSpent {
	var s *RunSpent
	for f := range forks {
		if f.Spent == nil {
			continue
		}
		if s == nil {
			s = &RunSpent{Other: elapsed}
		}
		slices := int64(0)
		for _, ns := range f.WallNS {
			slices += ns
		}
		s.Slices += slices
		s.Warm += f.Spent.Warm + f.Spent.RunIn
		s.Start += f.Spent.Start + f.Spent.End
		s.Prepare += f.Spent.Prepare
		s.Latency += f.Spent.Latency
		s.Wait += f.Spent.Turns - f.Spent.Warm - slices
		s.Other -= f.Spent.Fixed() + f.Spent.Turns
	}
	return s
}
