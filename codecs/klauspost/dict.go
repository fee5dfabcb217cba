package klauspost

import (
	"fmt"
	"hash/fnv"

	"github.com/klauspost/compress/dict"
	"github.com/klauspost/compress/zstd"

	"zstdshop/codecs"
)

// Dicts: the trainer is marked experimental. It walks maps, so that what it
// makes of the same samples differs.
func (codec) Dicts() codecs.DictInfo {
	return codecs.DictInfo{
		Format: "zstd", Trainer: "github.com/klauspost/compress/dict BuildZstdDict", Varies: true, Named: true, Raw: true,
	}
}

func (c codec) NewDictContext(level int, dict codecs.Dict) (codecs.Context, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	if dict.Raw {
		return newRawContext(level, dict.Content)
	}
	if _, err := c.DictID(dict.Content); err != nil {
		return nil, err
	}
	return newContext(zstd.EncoderLevelFromZstd(level), &withDict{zstd.WithEncoderDict(dict.Content), zstd.WithDecoderDicts(dict.Content)})
}

// newRawContext gives content the ID 0, which is that of frames that name none.
func newRawContext(level int, content []byte) (codecs.Context, error) {
	if len(content) == 0 {
		return nil, fmt.Errorf("klauspost: %w: no content", codecs.ErrDictionary)
	}
	return newContext(zstd.EncoderLevelFromZstd(level), &withDict{zstd.WithEncoderDictRaw(0, content), zstd.WithDecoderDictRaw(0, content)})
}

func (codec) DictID(dict []byte) (uint32, error) {
	if err := codecs.BeginsAsZstdDict(dict); err != nil {
		return 0, fmt.Errorf("klauspost: %w", err)
	}
	d, err := zstd.InspectDictionary(dict)
	if err != nil {
		return 0, fmt.Errorf("klauspost: %w", codecs.DamagedZstdDict())
	}
	return d.ID(), nil
}

// Train names dictionaries by a hash of the samples, in the range that the format
// leaves free, and keeps to what libzstd reads since long: a later version takes
// more.
//
// Its tables are made for the default level. The library's choice, best, clears
// tens of megabytes for every sample: minutes for a thousand of them.
func (codec) Train(samples [][]byte, size int) ([]byte, error) {
	hash := fnv.New32a()
	for _, sample := range samples {
		hash.Write(sample)
	}
	const first, end = 1 << 15, 1 << 31 // RFC 8878, 3.1.1.1.3
	options := dict.Options{
		MaxDictSize:    size,
		HashBytes:      6,
		ZstdDictID:     first + hash.Sum32()%(end-first),
		ZstdDictCompat: true,
		ZstdLevel:      zstd.SpeedDefault,
	}
	// MaxDictSize is of the content. The tables before it take some hundred
	// bytes, which are known once they are made.
	for range 4 {
		trained, err := dict.BuildZstdDict(samples, options)
		if err != nil {
			return nil, fmt.Errorf("klauspost: train on %d samples: %w: %w", len(samples), codecs.ErrDictionary, err)
		}
		over := len(trained) - size
		if over <= 0 {
			return trained, nil
		}
		if options.MaxDictSize -= over + 32; options.MaxDictSize < 8 {
			break
		}
	}
	return nil, fmt.Errorf("klauspost: train on %d samples for %d bytes: %w: too small for its tables", len(samples), size, codecs.ErrDictionary)
}
