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
	names map[string]string // by what was asked for
	size  int64
}

// load reads the corpus that spec names, once, and returns the name that cells
// have it by. Two of the same name are told apart by a number.
func (l *corpora) load(ctx context.Context, spec string) (string, error) {
	if name, ok := l.names[spec]; ok {
		return name, nil
	}
	c, err := corpus.Load(ctx, spec, l.stdin)
	if err != nil {
		return "", err
	}
	if l.size += c.Size(); l.size > corpus.MaxBytes {
		return "", fmt.Errorf("the corpora add up to more than %d bytes: name fewer or smaller ones", corpus.MaxBytes)
	}
	base := c.Name
	for n := 2; slices.ContainsFunc(l.all, func(other *corpus.Corpus) bool { return other.Name == c.Name }); n++ {
		c.Name = fmt.Sprintf("%s-%d", base, n)
	}
	l.names[spec] = c.Name
	l.all = append(l.all, c)
	return c.Name, nil
}
