package scenarios

import "context"

// RoundTrip returns the scenario in which a task compresses one item and
// decompresses the result, as a cache that writes and reads once does.
func RoundTrip() Scenario { return roundTrip{} }

type roundTrip struct{}

func (roundTrip) Info() Info {
	return Info{
		Summary: "compress each item and decompress the result",
		Doing:   "compressing and decompressing",
		Codec:   true,
		Corpus:  true,
		Dict:    true,
	}
}

func (roundTrip) Prepare(ctx context.Context, in Input) (Job, error) {
	c, err := newCoded(ctx, in, buffers{packed: true, plain: true}, nil)
	if err != nil {
		return nil, err
	}
	return roundTripJob{c}, nil
}

type roundTripJob struct{ *coded }

func (j roundTripJob) Do(worker, item int) error {
	w := &j.workers[worker]
	packed, err := w.compress(item, j.items[item])
	if err != nil {
		return err
	}
	return w.decompress(item, j.facts.ItemBytes[item], packed)
}
