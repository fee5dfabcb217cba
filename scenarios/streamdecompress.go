package scenarios

import "context"

// StreamDecompress returns the scenario in which a task reads one whole stream, written
// in Prepare, with reads of a block, and counts the bytes that come out.
//
// The digest is of the streams, as that of Decompress is of the frames.
func StreamDecompress() Scenario { return streamDecompress{} }

type streamDecompress struct{}

func (streamDecompress) Info() Info {
	return Info{
		Summary: "read a stream for each item, a block at a time",
		Doing:   "reading streams",
		Codec:   true,
		Corpus:  true,
		Stream:  defaultStream,
	}
}

func (streamDecompress) Prepare(ctx context.Context, in Input) (Job, error) {
	s, err := newStreamed(ctx, in, streamWork{reads: true})
	if err != nil {
		return nil, err
	}
	return streamReadJob{s}, nil
}

type streamReadJob struct{ *streamed }

func (j streamReadJob) Do(worker, item int) error {
	return j.workers[worker].read(item, j.facts.ItemBytes[item], j.streams[item], nil)
}
