package scenarios

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"zstdshop/codecs"
)

// coded is the part that compress, decompress and roundtrip share: a codec
// context and buffers for every worker, and the facts from one pass of
// compression. Each of them has its own Do.
type coded struct {
	items   [][]byte // the caller's
	facts   Facts
	workers []coder
}

// coder belongs to one worker. Do only reads these fields, so workers share no
// cache line that anybody writes.
type coder struct {
	codec  codecs.Context
	packed []byte // empty, room for the largest item compressed; nil where unused
	plain  []byte // empty, room for the largest item; nil where unused
}

// buffers says which buffers Do needs.
type buffers struct{ packed, plain bool }

// newCoded makes contexts and buffers and compresses every item once, with the
// first worker's context. keep is nil, or is called with each item's compressed
// form, which is valid only until keep returns. On an error everything is
// closed.
func newCoded(ctx context.Context, in Input, need buffers, keep func(packed []byte)) (*coded, error) {
	switch {
	case in.Codec == nil:
		return nil, errors.New("prepare: the scenario needs a codec, none is set")
	case len(in.Items) == 0:
		return nil, errors.New("prepare: the corpus has no items")
	case in.Workers < 1:
		return nil, fmt.Errorf("prepare: workers must be at least 1, is %d", in.Workers)
	}
	c := &coded{items: in.Items, facts: itemFacts(in.Items)}
	if err := c.open(in, need); err != nil {
		_ = c.Close() // the first error is more useful
		return nil, err
	}
	if err := c.pass(ctx, in, keep); err != nil {
		_ = c.Close()
		return nil, err
	}
	return c, nil
}

func itemFacts(items [][]byte) Facts {
	facts := Facts{Items: len(items), ItemBytes: make([]int, len(items))}
	for i, item := range items {
		facts.ItemBytes[i] = len(item)
		facts.BytesIn += int64(len(item))
	}
	return facts
}

func (c *coded) open(in Input, need buffers) error {
	largest := 0
	for _, item := range c.items {
		largest = max(largest, len(item))
	}
	for worker := range in.Workers {
		begin := time.Now()
		codec, err := in.newContext()
		if err != nil {
			return fmt.Errorf("make codec context of worker %d: %w", worker, err)
		}
		if in.Dict != nil {
			c.facts.ContextNS += time.Since(begin).Nanoseconds() / int64(in.Workers)
		}
		w := coder{codec: codec}
		first := worker == 0 // does the pass
		if need.packed || first {
			w.packed = make([]byte, 0, in.Codec.CompressBound(largest))
		}
		if need.plain || first && in.Verify {
			w.plain = make([]byte, 0, largest)
		}
		c.workers = append(c.workers, w)
	}
	return nil
}

// newContext makes the context of a worker.
func (in Input) newContext() (codecs.Context, error) {
	if in.Dict == nil {
		return in.Codec.NewContext(in.Level)
	}
	with, ok := in.Codec.(codecs.DictCodec)
	if !ok {
		return nil, errors.New("the codec takes no dictionary: leave --dict out")
	}
	return with.NewDictContext(in.Level, codecs.Dict{Content: in.Dict})
}

// pass computes BytesOut and Digest, the SHA-256 of all compressed items one
// after the other, and checks every byte where that is asked for.
func (c *coded) pass(ctx context.Context, in Input, keep func(packed []byte)) error {
	digest := sha256.New()
	for i, item := range c.items {
		if ctx.Err() != nil {
			return fmt.Errorf("prepare item %d of %d: %w", i, len(c.items), context.Cause(ctx))
		}
		packed, err := c.workers[0].compress(i, item)
		if err != nil {
			return err
		}
		c.facts.BytesOut += int64(len(packed))
		c.facts.ItemOut = append(c.facts.ItemOut, len(packed))
		digest.Write(packed)
		if keep != nil {
			keep(packed)
		}
		if in.Verify {
			if err := c.workers[0].verify(i, item, packed); err != nil {
				return err
			}
		}
		if in.Progress != nil {
			in.Progress(i+1, len(c.items))
		}
	}
	c.facts.Digest = hex.EncodeToString(digest.Sum(nil))
	return nil
}

func (w *coder) compress(i int, item []byte) ([]byte, error) {
	packed, err := w.codec.Compress(w.packed, item)
	if err != nil {
		return nil, fmt.Errorf("compress item %d: %w", i, err)
	}
	return packed, nil
}

// decompress is on the clock, so it compares only sizes; verify compares bytes.
func (w *coder) decompress(i, size int, packed []byte) error {
	plain, err := w.unpack(i, packed)
	if err == nil && len(plain) != size {
		err = fmt.Errorf("decompress item %d: %w: %d bytes came back of %d", i, ErrCorrupt, len(plain), size)
	}
	return err
}

func (w *coder) verify(i int, item, packed []byte) error {
	plain, err := w.unpack(i, packed)
	if err == nil && !bytes.Equal(plain, item) {
		err = fmt.Errorf("verify item %d: %w: first difference at byte %d, %d bytes came back of %d",
			i, ErrCorrupt, firstDifference(plain, item), len(plain), len(item))
	}
	return err
}

// unpack decompresses what the same codec has compressed. An error of the codec
// is therefore ErrCorrupt.
func (w *coder) unpack(i int, packed []byte) ([]byte, error) {
	plain, err := w.codec.Decompress(w.plain, packed)
	if err != nil {
		return nil, fmt.Errorf("decompress item %d: %w: %w", i, ErrCorrupt, err)
	}
	return plain, nil
}

// firstDifference returns the first offset at which a and b differ, or the
// length of the shorter one where only their lengths do. They must not be
// equal.
func firstDifference(a, b []byte) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

func (c *coded) Facts() Facts     { return c.facts }
func (c *coded) Begin()           {}
func (c *coded) Checksum() uint64 { return 0 }

// Close closes every context, even if one of them fails to close. Do returns
// codecs.ErrClosed afterwards.
func (c *coded) Close() error {
	var errs []error
	for i := range c.workers {
		w := &c.workers[i]
		w.packed, w.plain = nil, nil
		if err := w.codec.Close(); err != nil {
			errs = append(errs, fmt.Errorf("close codec context of worker %d: %w", i, err))
		}
	}
	return errors.Join(errs...)
}
