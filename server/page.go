package server

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"sync"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/frame"
)

// page is a document that is the same for as long as the server runs. Its compressed
// forms are made when the first client wants them, and kept.
type page struct {
	mediaType string
	packed    bool // it is embedded as a zstd frame
	forms     [encodings]func() ([]byte, error)
	etag      string
	policy    string // Content-Security-Policy; "" for what is no page
}

// hold makes content, which must not change, the page's.
func (p *page) hold(content []byte, b *backend) {
	sum := sha256.Sum256(content)
	p.etag = hex.EncodeToString(sum[:8])
	given := func() ([]byte, error) { return content, nil }
	p.forms[identity], p.forms[zstdEncoding] = given, sync.OnceValues(func() ([]byte, error) { return pack(content, b, packLevel) })
	if p.packed {
		p.forms[identity], p.forms[zstdEncoding] = sync.OnceValues(func() ([]byte, error) { return unpack(content, b) }), given
	}
	p.forms[gzipEncoding] = sync.OnceValues(func() ([]byte, error) {
		plain, err := p.forms[identity]()
		return fasthttp.AppendGzipBytesLevel(nil, plain, fasthttp.CompressBestCompression), err
	})
}

// mostPlain is more than any page is when unpacked.
const mostPlain = 8 << 20

func unpack(packed []byte, b *backend) ([]byte, error) {
	info, err := frame.Check(packed, frame.Limits{Output: mostPlain, Window: mostPlain, Frames: 1, Blocks: mostPlain >> 10})
	if err != nil {
		return nil, err
	}
	ctx, err := b.codec.NewContext(defaultLevel)
	if err != nil {
		return nil, err
	}
	plain, err := ctx.Decompress(make([]byte, 0, info.Content), packed)
	return plain, errors.Join(err, ctx.Close())
}

// packLevel is a high one, because a page is packed once.
const packLevel = 19

func pack(plain []byte, b *backend, level int) ([]byte, error) {
	ctx, err := b.codec.NewContext(level)
	if err != nil {
		return nil, err
	}
	packed, err := compressSealed(ctx, make([]byte, 0, b.bound(len(plain))), plain)
	return packed, errors.Join(err, ctx.Close())
}
