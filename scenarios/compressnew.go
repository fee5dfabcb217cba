package scenarios

import (
	"context"

	"zstdshop/codecs"
)

// CompressNew returns Compress with a new output buffer for every task, left to
// the garbage collector, as in code that calls EncodeAll(src, nil). It shows
// what garbage costs.
func CompressNew() Scenario { return compressNew{} }

type compressNew struct{}

func (compressNew) Info() Info {
	return Info{
		Summary: "compress each item into a new buffer, left to the collector",
		Codec:   true,
		Corpus:  true,
		Dict:    true,
	}
}

func (compressNew) Prepare(ctx context.Context, in Input) (Job, error) {
	c, err := newCoded(ctx, in, buffers{packed: true}, nil)
	if err != nil {
		return nil, err
	}
	return compressNewJob{c, in.Codec}, nil
}

type compressNewJob struct {
	*coded
	codec codecs.Codec
}

func (j compressNewJob) Do(worker, item int) error {
	w := &j.workers[worker]
	src := j.items[item]
	// Only Prepare uses the context's buffer; a task has its own.
	own := coder{codec: w.codec, packed: make([]byte, 0, j.codec.CompressBound(len(src)))}
	_, err := own.compress(item, src)
	return err
}
