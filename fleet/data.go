package fleet

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zstdshop/harness/plan"
	"zstdshop/scenarios/corpus"
)

// Data is what a unit works on.
type Data struct {
	Corpora []*corpus.Corpus
	Dicts   map[string][]byte
}

// cache keeps the data of runs that are going on in files, so that it travels once.
type cache struct {
	hub *Hub
	dir string
}

// of returns the data of a unit, of which it checks size and digest.
func (c cache) of(ctx context.Context, u *Unit) (*Data, error) {
	d := &Data{Dicts: map[string][]byte{}}
	for _, p := range u.Corpora {
		var data *corpus.Corpus
		var err error
		if p.Object == "" {
			data, err = builtIn(ctx, p)
		} else {
			data, err = c.corpus(ctx, u.Run, p)
		}
		if err != nil {
			return nil, err
		}
		if data.Name != p.Name || data.Digest() != p.Digest {
			return nil, refused("corpus %s is other data than the unit says", p.Name)
		}
		d.Corpora = append(d.Corpora, data)
	}
	for _, p := range u.Dicts {
		content, err := get(ctx, c.hub.data, u.Run, p.Object, p.Bytes, plan.MaxDict)
		if err != nil {
			return nil, err
		}
		d.Dicts[p.Name] = content
	}
	return d, nil
}

// builtIn returns data that every program has.
func builtIn(ctx context.Context, p Parcel) (*corpus.Corpus, error) {
	if !slices.ContainsFunc(corpus.List(), func(i corpus.Info) bool { return i.Name == p.Name }) {
		return nil, refused("this program has no corpus %s built in", p.Name)
	}
	return corpus.Load(ctx, p.Name, nil)
}

// corpus returns data that travels, from its file where that is there.
func (c cache) corpus(ctx context.Context, run string, p Parcel) (*corpus.Corpus, error) {
	path := filepath.Join(c.dir, objectName(run, p.Object))
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = c.fetch(ctx, run, p, path); err == nil {
			f, err = os.Open(path)
		}
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return unpackCorpus(f)
}

// fetch writes an object to path, whole or not at all.
func (c cache) fetch(ctx context.Context, run string, p Parcel, path string) error {
	info, err := c.size(ctx, run, p)
	if err != nil {
		return err
	}
	return transfer(ctx, info, patient(p.Object, func(ctx context.Context) error {
		f, err := os.CreateTemp(c.dir, "coming-*")
		if err != nil {
			return err
		}
		defer os.Remove(f.Name())
		err = errors.Join(copyTo(ctx, f, c.hub.data, run, p.Object, info, maxPacked), f.Close())
		if err != nil {
			return err
		}
		return os.Rename(f.Name(), path)
	}))
}

// size asks for the size of an object, which is that of a manifest and the data.
func (c cache) size(ctx context.Context, run string, p Parcel) (size int64, err error) {
	err = persist(ctx, patient(p.Object, func(ctx context.Context) error {
		info, err := c.hub.data.GetInfo(ctx, objectName(run, p.Object))
		if err == nil && (info.Size > maxPacked || int64(info.Size) < p.Bytes) {
			return refused("corpus %s: an object of %d bytes", p.Name, info.Size)
		}
		if err == nil {
			size = int64(info.Size)
		}
		return err
	}))
	return size, err
}

// drop removes the data of a run, or of all with "".
func (c cache) drop(run string) error {
	entries, err := os.ReadDir(c.dir)
	for _, e := range entries {
		if run == "" || strings.HasPrefix(e.Name(), run+".") {
			err = errors.Join(err, os.RemoveAll(filepath.Join(c.dir, e.Name())))
		}
	}
	return err
}
