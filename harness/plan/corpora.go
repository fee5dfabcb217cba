package plan

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"zstdshop/harness"
	"zstdshop/scenarios/corpus"
)

// recordsMark stands between a corpus and how it is cut into records. No name of a file
// has it.
const recordsMark = "\x00"

// corporaInRecords returns each corpus with each way to cut it into records.
func corporaInRecords(_ *harness.Registry, m map[string][]string) ([]string, error) {
	var out []string
	for _, spec := range m["corpus"] {
		if len(m["records"]) == 0 {
			out = append(out, spec)
		}
		for _, how := range m["records"] {
			out = append(out, spec+recordsMark+how)
		}
	}
	return out, nil
}

// records parses a way to cut a corpus into records into the form of names.
func records(_ *harness.Registry, text string) ([]string, error) {
	r, err := corpus.ParseRecords(text)
	return []string{r.String()}, err
}

// suggestRecords returns the ways to cut a corpus into records.
func suggestRecords(*harness.Registry, string) []Suggestion {
	return described(corpus.ListRecords())
}

// corpora are those loaded so far.
type corpora struct {
	stdin io.Reader
	files []*corpus.Corpus  // as they are
	all   []*corpus.Corpus  // as cells have them
	names map[string]string // by what was asked for, all of it (corpus.Names)
	size  int64
}

// load reads the corpus that a value of corporaInRecords names, once, and returns the
// name that cells have it by.
func (l *corpora) load(ctx context.Context, value string) (string, error) {
	spec, how, _ := strings.Cut(value, recordsMark)
	files, err := l.read(ctx, spec)
	if err != nil || how == "" {
		return l.add(files, err)
	}
	records, err := corpus.ParseRecords(how)
	if err != nil {
		return "", err
	}
	return l.add(records.Of(files))
}

// read returns the files that a spec names.
func (l *corpora) read(ctx context.Context, spec string) (*corpus.Corpus, error) {
	name := l.names[spec]
	if i := slices.IndexFunc(l.files, func(c *corpus.Corpus) bool { return c.Name == name }); i >= 0 {
		return l.files[i], nil
	}
	c, err := corpus.Load(ctx, spec, l.stdin)
	if err != nil {
		return nil, err
	}
	c.Name = name
	l.files = append(l.files, c)
	return c, nil
}

// add puts a corpus to those of the run, where it is not one of them.
func (l *corpora) add(c *corpus.Corpus, err error) (string, error) {
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(l.all, func(have *corpus.Corpus) bool { return have.Name == c.Name }); i >= 0 {
		if c.Digest() != l.all[i].Digest() {
			return "", fmt.Errorf("two corpora would be called %s: rename one of the files", c.Name)
		}
		return c.Name, nil
	}
	if l.size += c.Size(); l.size > corpus.MaxBytes {
		return "", fmt.Errorf("the corpora add up to more than %d bytes: name fewer or smaller ones", corpus.MaxBytes)
	}
	l.all = append(l.all, c)
	return c.Name, nil
}
