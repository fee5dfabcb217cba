package server

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/codecs"
)

// MaxDict is the most bytes of a dictionary. Each idle context may hold tables of one,
// and making a context takes as long as compressing it.
const MaxDict = 1 << 20

// maxDictName is the longest name in bytes.
const maxDictName = 64

// ParseDictName returns name where a dictionary can be called so.
func ParseDictName(name string) (string, error) {
	if name == "" || len(name) > maxDictName || name[0] == '.' || name[0] == '-' || strings.Trim(name, dictNameBytes) != "" {
		return "", fmt.Errorf("want a name of letters, digits and - . _, %d at most, beginning with a letter, a digit or _", maxDictName)
	}
	return name, nil
}

// dictNameBytes are those that need no quotes in a path, a query or a metric's label.
const dictNameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"

// dictionary is a Dict that the server has. A nil one is none.
type dictionary struct {
	Dict
	id     uint32 // by which frames name it; 0 of raw content
	digest [sha256.Size]byte
	// codings counts what has been done with it, as content or otherwise.
	codings *[ops]atomic.Uint64
	// content is its bytes as raw content, for dcz; itself where it is no more.
	content *dictionary
}

// asContent returns d as the raw content that its bytes are.
func (d *dictionary) asContent() *dictionary {
	out := *d
	out.Raw, out.id = true, 0
	out.content = &out
	return &out
}

// number is the ID that frames may name; 0 for none.
func (d *dictionary) number() uint32 {
	if d == nil {
		return 0
	}
	return d.id
}

// size is what it has of content.
func (d *dictionary) size() int {
	if d == nil {
		return 0
	}
	return len(d.Content)
}

// cost is what preparing it takes, for whoever decompresses with it first.
func (d *dictionary) cost() time.Duration { return priceOf(d.size(), defaultLevel) }

// used counts a coding.
func (d *dictionary) used(op int) {
	if d != nil {
		d.codings[op].Add(1)
	}
}

// dictionaries are those that a server has.
type dictionaries []*dictionary

// A DictError says which of the options' dictionaries a server cannot have. It wraps
// ErrOptions.
type DictError struct {
	Name string
	Why  error
}

func (e DictError) Error() string {
	return fmt.Sprintf("%v: dictionary %q: %v", ErrOptions, e.Name, e.Why)
}

func (e DictError) Unwrap() []error { return []error{ErrOptions, e.Why} }

// loadDicts checks dictionaries with each codec that takes any. Afterwards none can
// fail because of one.
func loadDicts(dicts []Dict, usable []*backend) (dictionaries, error) {
	var out dictionaries
	for _, d := range dicts {
		loaded, err := loadDict(d, usable)
		if err != nil {
			return nil, DictError{Name: d.Name, Why: err}
		}
		for _, other := range out {
			switch {
			case other.Name == d.Name:
				return nil, fmt.Errorf("%w: dictionary %q is given twice: give one of them another name", ErrOptions, d.Name)
			case other.id == loaded.id && loaded.id != 0:
				return nil, fmt.Errorf("%w: dictionaries %q and %q have the same ID %d, so that frames could not tell them apart: train one of them again",
					ErrOptions, other.Name, d.Name, loaded.id)
			}
		}
		out = append(out, loaded)
	}
	return out, nil
}

func loadDict(d Dict, usable []*backend) (*dictionary, error) {
	if _, err := ParseDictName(d.Name); err != nil {
		return nil, err
	}
	if len(d.Content) > MaxDict {
		return nil, fmt.Errorf("more than %d bytes: give a part of it, or train a smaller one", MaxDict)
	}
	out := &dictionary{Dict: d, digest: sha256.Sum256(d.Content), codings: new([ops]atomic.Uint64)}
	taken := false
	for _, b := range usable {
		if b.dicts == nil {
			continue
		}
		taken = true
		if !d.Raw {
			if err := out.identify(b); err != nil {
				return nil, fmt.Errorf("%w; `zstdshop dict train` or `zstd --train` makes one, and --raw-dict takes any content", err)
			}
		}
	}
	if !taken {
		return nil, errors.New("no codec here takes dictionaries")
	}
	out.content = out.asContent()
	if d.Raw {
		out = out.content
	}
	for _, b := range usable {
		if err := out.tryWith(b); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// identify asks b for the ID, which no other codec may see in another way.
func (d *dictionary) identify(b *backend) error {
	id, err := b.dicts.DictID(d.Content)
	if err == nil && d.id != 0 && d.id != id {
		err = fmt.Errorf("%s: ID %d, and %d to another codec", b.name, id, d.id)
	}
	d.id = id
	return err
}

// tryWith makes b a context with each form of d.
func (d *dictionary) tryWith(b *backend) error {
	for _, form := range []*dictionary{d, d.content} {
		if b.dicts == nil {
			continue
		}
		ctx, err := newContext(b, form, defaultLevel)
		if err != nil {
			return err
		}
		_ = ctx.Close() // it has done nothing yet that could be lost
	}
	return nil
}

// newContext makes a context of b that begins frames with d; nil is without.
func newContext(b *backend, d *dictionary, level int) (codecs.Context, error) {
	if d == nil {
		return b.codec.NewContext(level)
	}
	return b.dicts.NewDictContext(level, d.Dict.Dict)
}

// of is the dictionary that the query of a request names; nil where it names none.
func (ds dictionaries) of(query []byte) (*dictionary, *problem) {
	if !bytes.Contains(query, []byte(dictKey)) && bytes.IndexByte(query, '%') < 0 {
		return nil, nil // most have none
	}
	args := fasthttp.AcquireArgs()
	defer fasthttp.ReleaseArgs(args)
	args.ParseBytes(query)
	q, p := parseQuery(args, dictKey)
	if p != nil {
		return nil, p
	}
	name, ok := q.get(dictKey)
	if !ok {
		return nil, nil
	}
	switch d := ds.named(name); {
	case len(ds.names()) == 0:
		return nil, parameterProblem(dictKey, "dict", "this server has no dictionaries that frames name: serve --dict NAME=FILE gives it one")
	case d == nil:
		return nil, parameterProblem(dictKey, "dict", "unknown dictionary; known: "+strings.Join(ds.names(), ", "))
	case d.Raw:
		return nil, parameterProblem(dictKey, "dict", "this is raw content, which frames do not name: send and accept it as dcz")
	default:
		return d, nil
	}
}

// named is the dictionary of a name; nil where there is none.
func (ds dictionaries) named(name string) *dictionary {
	if i := slices.IndexFunc(ds, func(d *dictionary) bool { return d.Name == name }); i >= 0 {
		return ds[i]
	}
	return nil
}

// names are those of dictionaries that frames name.
func (ds dictionaries) names() (out []string) {
	for _, d := range ds {
		if !d.Raw {
			out = append(out, d.Name)
		}
	}
	return out
}
