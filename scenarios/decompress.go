package scenarios

import "context"

// Decompress returns the scenario in which a task decompresses one item,
// compressed in Prepare, into a buffer that its worker uses again for the next.
//
// The digest is of the compressed items, which the tasks read. What they write
// is the corpus.
func Decompress() Scenario { return decompress{} }

type decompress struct{}

func (decompress) Info() Info {
	return Info{
		Summary:      "decompress each item into a buffer of known size",
		Doing:        "decompressing",
		Decompresses: true,
		Codec:        true,
		Corpus:       true,
		Dict:         true,
	}
}

func (decompress) Prepare(ctx context.Context, in Input) (Job, error) {
	frames := make([][]byte, 0, len(in.Items))
	c, err := newCoded(ctx, in, buffers{plain: true}, func(packed []byte) {
		frame := make([]byte, len(packed)) // exact, because a grown slice would waste up to a quarter
		copy(frame, packed)
		frames = append(frames, frame)
	})
	if err != nil {
		return nil, err
	}
	return &decompressJob{coded: c, frames: frames}, nil
}

type decompressJob struct {
	*coded
	frames [][]byte // by item; read by all workers
}

func (j *decompressJob) Do(worker, item int) error {
	return j.workers[worker].decompress(item, j.facts.ItemBytes[item], j.frames[item])
}

func (j *decompressJob) Close() error {
	clear(j.frames)
	return j.coded.Close()
}
