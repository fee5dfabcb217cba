package s2

import (
	"encoding/binary"
	"fmt"

	"github.com/klauspost/compress/dict"
	"github.com/klauspost/compress/s2"

	"zstdshop/codecs"
)

// Dicts: blocks do not say that they need a dictionary, let alone which. The
// trainer walks maps, so that what it makes of the same samples differs.
func (codec) Dicts() codecs.DictInfo {
	return codecs.DictInfo{
		Format: "s2", Max: s2.MaxDictSize + binary.MaxVarintLen16,
		Trainer: "github.com/klauspost/compress/dict BuildS2Dict", Varies: true,
	}
}

func (c codec) NewDictContext(level int, dict codecs.Dict) (codecs.Context, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	if dict.Raw {
		return nil, fmt.Errorf("s2: %w: no raw content", codecs.ErrDictionary)
	}
	d, err := open(dict.Content)
	if err != nil {
		return nil, err
	}
	switch level {
	case fast: // with a dictionary, this encoder has its table on the stack
		return &context{encode: d.Encode, decode: d.Decode}, nil
	case better:
		return &context{encode: wide(d.EncodeBetter), decode: d.Decode}, nil
	}
	return pooled{&context{encode: wide(d.EncodeBest), decode: d.Decode}, tables[best-fast]}, nil
}

// wide hands an encoder dst in its full length: these two do not look at the
// capacity.
func wide(encode func(dst, src []byte) []byte) func(dst, src []byte) []byte {
	return func(dst, src []byte) []byte { return encode(dst[:cap(dst)], src) }
}

// DictID returns 0 for every dictionary, because blocks name none.
func (codec) DictID(dict []byte) (uint32, error) {
	_, err := open(dict)
	return 0, err
}

func open(dict []byte) (*s2.Dict, error) {
	if d := s2.NewDict(dict); d != nil {
		return d, nil
	}
	why := "it does not begin as an S2 dictionary does"
	_, n := binary.Uvarint(dict) // where the content begins; it has no magic number
	if content := len(dict) - max(n, 0); content < s2.MinDictSize || content > s2.MaxDictSize {
		why = fmt.Sprintf("it has %d bytes of content, and S2 takes %d to %d", content, s2.MinDictSize, s2.MaxDictSize)
	}
	return nil, fmt.Errorf("s2: %w", codecs.NotDictionary{Why: why})
}

func (codec) Train(samples [][]byte, size int) ([]byte, error) {
	trained, err := dict.BuildS2Dict(samples, dict.Options{
		MaxDictSize: min(size-binary.MaxVarintLen16, s2.MaxDictSize),
		HashBytes:   6,
	})
	if err != nil {
		return nil, fmt.Errorf("s2: train on %d samples: %w: %w", len(samples), codecs.ErrDictionary, err)
	}
	return trained, nil
}
