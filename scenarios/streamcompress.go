package scenarios

import "context"

// StreamCompress returns the scenario in which a task writes one whole stream, a block at
// a time, as a file or an answer of unknown size is sent. The writer is used again where
// the library can; where it cannot, making one is part of the task.
func StreamCompress() Scenario { return streamCompress{} }

type streamCompress struct{}

func (streamCompress) Info() Info {
	return Info{
		Summary: "write a stream for each item, a block at a time",
		Doing:   "writing streams",
		Codec:   true,
		Corpus:  true,
		Stream:  defaultStream,
	}
}

func (streamCompress) Prepare(ctx context.Context, in Input) (Job, error) {
	s, err := newStreamed(ctx, in, streamWork{})
	if err != nil {
		return nil, err
	}
	return streamWriteJob{s}, nil
}

type streamWriteJob struct{ *streamed }

func (j streamWriteJob) Do(worker, item int) error { return j.write(&j.workers[worker], item) }
