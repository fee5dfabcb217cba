package plan

import (
	"context"
	"fmt"
	"io"
	"slices"

	"zstdshop/scenarios/corpus"
)

// corpora are those loaded so far.
type corpora struct {
	stdin io.Reader
	all   []*corpus.Corpus
	names map[string]string // by what was asked for, all of it (corpus.Names)
	size  int64
}

// load reads the corpus that spec names, once, and returns the name that cells
// have it by.
func (l *corpora) load(ctx context.Context, spec string) (string, error) {
	name := l.names[spec]
	if slices.ContainsFunc(l.all, func(c *corpus.Corpus) bool { return c.Name == name }) {
		return name, nil
	}
	c, err := corpus.Load(ctx, spec, l.stdin)
	if err != nil {
		return "", err
	}
	if l.size += c.Size(); l.size > corpus.MaxBytes {
		return "", fmt.Errorf("the corpora add up to more than %d bytes: name fewer or smaller ones", corpus.MaxBytes)
	}
	c.Name = name
	l.all = append(l.all, c)
	return name, nil
}
