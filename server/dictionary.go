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

// Dict is a dictionary that requests may name: one of zstd's format, as `zstd --train`
// and `zstdshop dict train` make them. Raw content is none, since its frames would not
// say what they need.
type Dict struct {
	Name    string
	Content []byte // must stay as it is
}

// MaxDict is the most bytes of a dictionary. Each idle context may hold tables of one,
// and making a context takes as long as compressing it.
const MaxDict = 1 << 20

// maxDictName is the longest name in bytes.
const maxDictName = 64

// ParseDictName returns name where a dictionary can be called so.
func ParseDictName(name string) (string, error) {
	if name == "" || len(name) > maxDictName || name[0] == '.' || name[0] == '-' || strings.Trim(name, dictNameBytes) != "" {
		return "", fmt.Errorf("want a name of letters, digits and - . _, %d at most, that begins with none of - and .", maxDictName)
	}
	return name, nil
}

// dictNameBytes are those that need no quotes in a path, a query or a metric's label.
const dictNameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._"

// dictionary is a Dict that the server has. A nil one is none.
type dictionary struct {
	Dict
	id     uint32 // by which frames name it
	digest [sha256.Size]byte
	// codings counts what has been done with it.
	codings [ops]atomic.Uint64
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

// loadDicts checks dictionaries with each codec that takes any. Afterwards none can
// fail because of one.
func loadDicts(dicts []Dict, usable []*backend) ([]*dictionary, error) {
	var out []*dictionary
	for _, d := range dicts {
		loaded, err := loadDict(d, usable)
		if err != nil {
			return nil, fmt.Errorf("%w: dictionary %q: %w", ErrOptions, d.Name, err)
		}
		for _, other := range out {
			switch {
			case other.Name == d.Name:
				return nil, fmt.Errorf("%w: dictionary %q is given twice", ErrOptions, d.Name)
			case other.id == loaded.id:
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
		return nil, fmt.Errorf("%d bytes where %d are the most: train a smaller one", len(d.Content), MaxDict)
	}
	out := &dictionary{Dict: d, digest: sha256.Sum256(d.Content)}
	for _, b := range usable {
		if b.dicts == nil {
			continue
		}
		id, err := b.dicts.DictID(d.Content)
		if err == nil && out.id != 0 && out.id != id {
			err = fmt.Errorf("ID %d to one codec and %d to another", out.id, id)
		}
		if err != nil {
			return nil, fmt.Errorf("codec %s: %w; `zstdshop dict train` or `zstd --train` makes one", b.name, err)
		}
		out.id = id
		ctx, err := b.dicts.NewDictContext(defaultLevel, d.Content)
		if err != nil {
			return nil, fmt.Errorf("codec %s: %w", b.name, err)
		}
		_ = ctx.Close() // it has done nothing yet that could be lost
	}
	if out.id == 0 {
		return nil, errors.New("no codec here takes dictionaries")
	}
	return out, nil
}

// dictsOf are the dictionaries of a codec of zstd's; nil where it has none.
func dictsOf(c codecs.Codec) codecs.DictCodec {
	if d, ok := c.(codecs.DictCodec); ok && d.Dicts().Format == ZstdFormat && d.Dicts().Named {
		return d
	}
	return nil
}

// dictOf is the dictionary that the query of a request names; nil where it names none.
func (s *Server) dictOf(query []byte) (*dictionary, *problem) {
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
	if d := s.dictNamed(name); d != nil {
		return d, nil
	}
	if len(s.dicts) == 0 {
		return nil, parameterProblem(dictKey, "dict", "this server has no dictionaries: serve --dict NAME=FILE gives it one")
	}
	return nil, parameterProblem(dictKey, "dict", "unknown dictionary; known: "+strings.Join(dictNames(s.dicts), ", "))
}

// dictNamed is the dictionary of a name; nil where there is none.
func (s *Server) dictNamed(name string) *dictionary {
	if i := slices.IndexFunc(s.dicts, func(d *dictionary) bool { return d.Name == name }); i >= 0 {
		return s.dicts[i]
	}
	return nil
}

// dictKey is the parameter that names a dictionary.
const dictKey = "dict"

func dictNames(dicts []*dictionary) []string {
	out := make([]string, len(dicts))
	for i, d := range dicts {
		out[i] = d.Name
	}
	return out
}

// choose returns the codec that c has for size bytes, or one that takes d.
func (s *Server) choose(c chooser, size int, d *dictionary) *backend {
	b := c.choose(size)
	if d == nil || b.dicts != nil {
		return b
	}
	at := slices.IndexFunc(s.backends, func(o *backend) bool { return o.dicts != nil && o.foreign })
	if at < 0 {
		at = slices.IndexFunc(s.backends, func(o *backend) bool { return o.dicts != nil })
	}
	return s.backends[at] // loadDict has seen one
}
