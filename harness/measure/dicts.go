package measure

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/scenarios/corpus"
)

// makeDicts writes the dictionaries that cells name into dir, once each, so that every
// worker process of a cell has the same one: some trainers make another of the same
// samples each time. Cells whose dictionary cannot be made are left out of q, with a
// warning.
func (q *Request) makeDicts(dir string) (dicts journal.Dicts, lost []result.Warning, err error) {
	var made journal.Dicts
	var cells []result.Cell
	for _, c := range q.Cells {
		if c.Dict == "" || made.Of(c) != nil {
			cells = append(cells, c)
			continue
		}
		if dir == "" {
			return nil, nil, fmt.Errorf("%w: a run that is not kept has no place for dictionaries", result.ErrPlan)
		}
		d, content, err := q.dictOf(c)
		if err != nil {
			w := result.Warning{Code: "dict", Text: fmt.Sprintf("left out: dict=%s with %s of %s: %v", c.Dict, c.Codec, c.Corpus, err)}
			if !slices.Contains(lost, w) {
				lost = append(lost, w)
			}
			continue
		}
		d.Path = filepath.Join(dir, fmt.Sprintf("%d.dict", len(made)+1))
		if err := os.WriteFile(d.Path, content, 0o600); err != nil {
			return nil, nil, fmt.Errorf("keep dictionary %s: %w", c.Dict, err)
		}
		made = append(made, d)
		cells = append(cells, c)
	}
	if len(cells) == 0 && len(lost) > 0 {
		return nil, nil, fmt.Errorf("%w: %s", result.ErrPlan, lost[0].Text)
	}
	q.Cells = cells
	return made, lost, nil
}

// dictOf makes the dictionary of a cell.
func (q *Request) dictOf(c result.Cell) (d journal.Dict, content []byte, err error) {
	codec, err := q.Registry.DictCodec(c.Codec)
	if err != nil {
		return d, nil, err
	}
	d = journal.Dict{Name: c.Dict, Codec: c.Codec}
	if size, trained := result.TrainSize(c.Dict); trained {
		d.Corpus, d.Trainer = c.Corpus, codec.Dicts().Trainer
		samples := q.samples(&d, size)
		begin := time.Now()
		content, err = codec.Train(samples, size)
		d.TrainNS = time.Since(begin).Nanoseconds()
	} else if content = q.Dicts[c.Dict]; content == nil {
		err = errors.New("no such dictionary")
	}
	if err != nil {
		return d, nil, err
	}
	id, err := codec.DictID(content)
	if err != nil {
		return d, nil, err
	}
	sum := sha256.Sum256(content)
	d.Bytes, d.Digest, d.ID = len(content), hex.EncodeToString(sum[:]), int64(id)
	return d, content, nil
}

// samples are records of the half of a corpus that is not measured, for a dictionary of
// that size to learn from.
func (q *Request) samples(d *journal.Dict, size int) (samples [][]byte) {
	for _, c := range q.Corpora {
		if c.Name == d.Corpus {
			samples = corpus.Samples(c.Training, size)
		}
	}
	d.Samples = len(samples)
	for _, s := range samples {
		d.SampleBytes += int64(len(s))
	}
	return samples
}
