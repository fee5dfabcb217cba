package scenarios

import "context"

// Compress returns the scenario in which a task compresses one item into a
// buffer that its worker uses again for the next.
func Compress() Scenario { return compress{} }

type compress struct{}

func (compress) Info() Info {
	return Info{
		Summary:    "compress each item",
		Doing:      "compressing",
		Advised:    true,
		Compresses: true,
		Codec:      true,
		Corpus:     true,
		Dict:       true,
	}
}

func (compress) Prepare(ctx context.Context, in Input) (Job, error) {
	c, err := newCoded(ctx, in, buffers{packed: true}, nil)
	if err != nil {
		return nil, err
	}
	return compressJob{c}, nil
}

type compressJob struct{ *coded }

func (j compressJob) Do(worker, item int) error {
	_, err := j.workers[worker].compress(item, j.items[item])
	return err
}
