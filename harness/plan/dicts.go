package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"zstdshop/codecs"
	"zstdshop/harness"
	"zstdshop/harness/result"
	"zstdshop/scenarios/corpus"
)

// dicts are the dictionaries of files, by the names that cells have them by.
type dicts struct {
	content map[string][]byte
	path    map[string]string
}

// load reads the file of a dictionary, once, and returns its name.
func (d *dicts) load(path string) (string, error) {
	if d.content == nil {
		d.content, d.path = map[string][]byte{}, map[string]string{}
	}
	name := filepath.Base(path)
	if first, ok := d.path[name]; ok {
		if first != filepath.Clean(path) {
			return "", fmt.Errorf("%s and %s would both be called %s: rename one of them", first, path, name)
		}
		return name, nil
	}
	if _, trained := result.TrainSize(name); trained {
		return "", fmt.Errorf("%s: a file of this name would pass for a trained dictionary: rename it", path)
	}
	content, err := DictFile(path, MaxDict)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%s: no such file: write none, train, train:16KiB or the name of a dictionary", path)
	case err != nil:
		return "", fmt.Errorf("%s: %w", path, err)
	}
	d.content[name], d.path[name] = content, filepath.Clean(path)
	return name, nil
}

// dictsOf reads the dictionaries that cells name, and leaves out the cells that cannot
// have theirs, with a warning for each codec and worker.
func dictsOf(cells []result.Cell, reg *harness.Registry, loaded *dicts) (kept []result.Cell, left []result.Warning, err error) {
	for _, c := range cells {
		if c.Dict == "" {
			kept = append(kept, c)
			continue
		}
		if _, trained := result.TrainSize(c.Dict); !trained {
			if c.Dict, err = loaded.load(c.Dict); err != nil {
				return nil, nil, err
			}
		}
		why := takesDict(c, reg, loaded)
		if why == nil {
			kept = append(kept, c)
			continue
		}
		left = append(left, result.Warning{Code: "dict", Text: "left out: " + why.Error()})
		err = why
	}
	if len(kept) > 0 {
		err = nil
	}
	return kept, left, err
}

// takesDict returns why a cell cannot have its dictionary; nil where it can.
func takesDict(c result.Cell, reg *harness.Registry, loaded *dicts) error {
	codec, err := reg.DictCodec(c.Codec)
	if err != nil {
		return err
	}
	content, ok := loaded.content[c.Dict]
	if info, _, _ := reg.Infos(c.Codec, "", ""); !ok || info.Unavailable != "" {
		return nil // one that is still to be made, or a cell that says itself what is missing
	}
	takers, _, err := DictTakers(reg, content)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Dict, err)
	}
	if _, err := codec.DictID(content); err != nil {
		if not, ok := errors.AsType[codecs.NotDictionary](err); ok {
			err = not // without the codec, which is named here
		}
		return fmt.Errorf("dictionary %s with %s: %w", c.Dict, c.Codec, err)
	}
	if !slices.Contains(takers, c.Codec) {
		return fmt.Errorf("dictionary %s with %s: it is one of %s", c.Dict, c.Codec, strings.Join(takers, " and "))
	}
	return nil
}

// halve takes the half that dictionaries learn from away from the corpora of the
// cells that train one. All cells of such a corpus then measure the other half.
func halve(corpora []*corpus.Corpus, cells []result.Cell, seed *uint64) error {
	for _, c := range corpora {
		trains := func(cell result.Cell) bool {
			_, trained := result.TrainSize(cell.Dict)
			return trained && cell.Corpus == c.Name
		}
		if !slices.ContainsFunc(cells, trains) {
			continue
		}
		if err := c.Halve(seed); err != nil {
			return fmt.Errorf("--dict: %w", err)
		}
	}
	return nil
}
