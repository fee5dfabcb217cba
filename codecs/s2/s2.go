// Package s2 is S2's block format, github.com/klauspost/compress/s2, as a codec.
//
// S2 extends Snappy: this reads Snappy's blocks, Snappy's libraries do not read
// these. A block holds the size of its content and no checksum.
package s2

import (
	"fmt"

	"github.com/klauspost/compress/s2"

	"zstdshop/codecs"
)

const module = "github.com/klauspost/compress"

// The library has three encoders, by names. These are the numbers that its
// command and its stream writer's options put them in the order of.
const (
	fast = iota + 1
	better
	best
)

// levels has the library's default, s2.Encode, as its fastest: it is.
var levels = codecs.Levels{Min: fast, Max: best, Own: true, Fastest: fast, Default: fast, Best: best}

// New makes the codec.
func New() codecs.Codec { return codec{} }

type codec struct{}

func (codec) Info() codecs.Info {
	levels := levels // the caller's
	return codecs.Info{
		Summary: "S2, a faster Snappy that compresses more; levels fast, better, best",
		Library: module,
		Version: codecs.ModuleVersion(module),
		Format:  "s2",
		Levels:  &levels,
	}
}

func (codec) EffectiveLevel(level int) (int, error) {
	if err := levels.Check(level); err != nil {
		return 0, fmt.Errorf("s2: %w", err)
	}
	return level, nil
}

// CompressBound is the library's. Above 4 GiB, where it has none, Compress
// returns an error whatever the capacity.
func (codec) CompressBound(n int) int {
	if bound := s2.MaxEncodedLen(n); bound >= 0 {
		return bound
	}
	return n + n/6 + 32
}

func (c codec) NewContext(level int) (codecs.Context, error) {
	if _, err := c.EffectiveLevel(level); err != nil {
		return nil, err
	}
	return pooled{&context{encode: encoders[level-fast], decode: s2.Decode}, tables[level-fast]}, nil
}

var encoders = [...]func(dst, src []byte) []byte{s2.Encode, s2.EncodeBetter, s2.EncodeBest}

// tables is how many bytes the tables of an encoder take at most, and a little.
var tables = [...]int{68 << 10, 600 << 10, 4<<20 + 600<<10}

// pooled is a context whose encoder takes its tables from a pool, which all
// contexts share and collections empty.
type pooled struct {
	*context
	tables int
}

// FrameAllocs is the encoder's tables, where the pool has none.
func (p pooled) FrameAllocs(int) int { return p.tables }

// context is two functions of the library; encode is nil once it is closed.
type context struct {
	encode func(dst, src []byte) []byte
	decode func(dst, src []byte) ([]byte, error)
}

func (c *context) Compress(dst, src []byte) ([]byte, error) {
	if c.encode == nil {
		return nil, codecs.ErrClosed
	}
	if s2.MaxEncodedLen(len(src)) < 0 { // the library would panic
		return nil, fmt.Errorf("s2: compress %d bytes: %w", len(src), s2.ErrTooLarge)
	}
	if err := codecs.Room(dst, codec{}.CompressBound(len(src))); err != nil {
		return nil, fmt.Errorf("s2: compress %d bytes: %w", len(src), err)
	}
	return c.encode(dst, src), nil
}

func (c *context) Decompress(dst, src []byte) ([]byte, error) {
	if c.encode == nil {
		return nil, codecs.ErrClosed
	}
	size, err := s2.DecodedLen(src)
	if err == nil {
		err = codecs.Room(dst, size) // with less the library allocates
	}
	if err == nil {
		dst, err = c.decode(dst, src)
	}
	if err != nil {
		return nil, fmt.Errorf("s2: decompress %d bytes: %w", len(src), err)
	}
	return dst, nil
}

func (c *context) Close() error {
	c.encode = nil
	return nil
}
