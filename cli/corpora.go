package cli

import (
	"context"
	"fmt"
	"io"
	"slices"

	"zstdshop/harness/journal"
	"zstdshop/harness/measure"
	"zstdshop/scenarios/corpus"
)

// loaded is a corpus under the name its cells have.
type loaded struct {
	name   string
	corpus *corpus.Corpus
}

// load reads every corpus that the specs name. Two of the same name are told
// apart by a number.
func (a *app) load(ctx context.Context, specs []string) ([]loaded, error) {
	if slices.Contains(specs, "-") && isTerminal(a.stdin) {
		fmt.Fprintln(a.stderr, "zstdshop: reading the corpus from the terminal until its end (Ctrl-D); name a file to measure one")
	}
	return load(ctx, specs, a.stdin)
}

func load(ctx context.Context, specs []string, stdin io.Reader) ([]loaded, error) {
	var out []loaded
	total := int64(0)
	for _, spec := range specs {
		c, err := corpus.Load(ctx, spec, stdin)
		if err != nil {
			return nil, err
		}
		if total += c.Size(); total > corpus.MaxBytes {
			return nil, fmt.Errorf("the corpora add up to more than %d bytes: name fewer or smaller ones", corpus.MaxBytes)
		}
		base := c.Name
		for n := 2; slices.ContainsFunc(out, func(l loaded) bool { return l.name == c.Name }); n++ {
			c.Name = fmt.Sprintf("%s-%d", base, n)
		}
		out = append(out, loaded{c.Name, c})
	}
	return out, nil
}

// spool writes the corpora into dir, cut into blocks of the sizes given.
func spool(ctx context.Context, corpora []loaded, blocks []int64, dir string) (map[string]measure.Data, []journal.CorpusInfo, error) {
	data, infos := map[string]measure.Data{}, []journal.CorpusInfo{}
	for _, l := range corpora {
		s, err := measure.SpoolCorpus(ctx, l.corpus, dir, blocks)
		if err != nil {
			return nil, nil, err
		}
		data[l.name] = s
		infos = append(infos, s.Info())
	}
	return data, infos, nil
}
