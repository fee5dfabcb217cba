package scenarios

import "context"

// StreamFlush returns the scenario in which a task writes one whole stream and flushes it
// after every block, as logs and answers are sent record by record. How long each flush
// takes is timed, too.
func StreamFlush() Scenario { return streamFlush{} }

type streamFlush struct{}

func (streamFlush) Info() Info {
	return Info{
		Summary: "write a stream for each item and flush it after each block",
		Doing:   "writing flushed streams",
		Codec:   true,
		Corpus:  true,
		Stream:  defaultStream,
	}
}

func (streamFlush) Prepare(ctx context.Context, in Input) (Job, error) {
	s, err := newStreamed(ctx, in, streamWork{flush: true})
	if err != nil {
		return nil, err
	}
	return &streamFlushJob{streamWriteJob{s}}, nil
}

type streamFlushJob struct{ streamWriteJob }

func (j *streamFlushJob) TimeSteps(tasks int) []int64 {
	var took []int64
	most := 0
	for _, size := range j.facts.ItemBytes {
		most = max(most, (size+j.piece-1)/j.piece)
	}
	room := min(tasks*most, stepsTimed)
	for i := range j.workers {
		clock := &j.workers[i].steps
		took = append(took, clock.took...)
		clock.took = make([]int64, 0, room)
	}
	return took
}
