//go:build cgo

package main

import (
	"bytes"
	stdgzip "compress/gzip"
	"fmt"
	"io"

	datadoglib "github.com/DataDog/zstd"
	brotlilib "github.com/andybalholm/brotli"
	snappylib "github.com/golang/snappy"
	kgziplib "github.com/klauspost/compress/gzip"
	s2lib "github.com/klauspost/compress/s2"
	klauspostlib "github.com/klauspost/compress/zstd"
	lz4lib "github.com/pierrec/lz4/v4"

	"zstdshop/codecs"
	"zstdshop/codecs/brotli"
	"zstdshop/codecs/datadog"
	"zstdshop/codecs/gzip"
	"zstdshop/codecs/kgzip"
	"zstdshop/codecs/klauspost"
	"zstdshop/codecs/lz4"
	"zstdshop/codecs/s2"
	"zstdshop/codecs/snappy"
)

// A subject is a codec and the call of its library as anybody would write it.
type subject struct {
	name  string
	codec codecs.Codec
	// bare returns the call, with room for an item of so many bytes compressed.
	bare func(room int) (call, error)
}

// A call compresses an item.
type call = func(src []byte) error

var subjects = []subject{
	{"klauspost", klauspost.New(), func(room int) (call, error) {
		enc, err := klauspostlib.NewWriter(nil, klauspostlib.WithEncoderLevel(klauspostlib.SpeedDefault),
			klauspostlib.WithEncoderConcurrency(1), klauspostlib.WithEncoderCRC(false))
		dst := make([]byte, 0, room)
		return func(src []byte) error { enc.EncodeAll(src, dst[:0]); return nil }, err
	}},
	{"datadog", datadog.New(), func(room int) (call, error) {
		ctx, dst := datadoglib.NewCtx(), make([]byte, room)
		return func(src []byte) error { _, err := ctx.CompressLevel(dst, src, 3); return err }, nil
	}},
	{"s2", s2.New(), func(room int) (call, error) {
		dst := make([]byte, room)
		return func(src []byte) error { s2lib.Encode(dst, src); return nil }, nil
	}},
	{"snappy", snappy.New(), func(room int) (call, error) {
		dst := make([]byte, room)
		return func(src []byte) error { snappylib.Encode(dst, src); return nil }, nil
	}},
	{"lz4", lz4.New(), func(room int) (call, error) {
		var c lz4lib.Compressor
		dst := make([]byte, room)
		return func(src []byte) error { _, err := c.CompressBlock(src, dst); return err }, nil
	}},
	{"gzip", gzip.New(), func(room int) (call, error) {
		out := bytes.NewBuffer(make([]byte, 0, room))
		return written(out, stdgzip.NewWriter(out)), nil
	}},
	{"kgzip", kgzip.New(), func(room int) (call, error) {
		out := bytes.NewBuffer(make([]byte, 0, room))
		return written(out, kgziplib.NewWriter(out)), nil
	}},
	{"brotli", brotli.New(), func(room int) (call, error) {
		out := bytes.NewBuffer(make([]byte, 0, room))
		return written(out, brotlilib.NewWriter(out)), nil
	}},
}

// written is the call of a library that has writers alone, used again for each item.
func written(out *bytes.Buffer, w interface {
	io.WriteCloser
	Reset(io.Writer)
}) call {
	return func(src []byte) error {
		out.Reset()
		w.Reset(out)
		if _, err := w.Write(src); err != nil {
			return err
		}
		return w.Close()
	}
}

// level is the library's default; 0 where there is none.
func (s subject) level() int {
	if levels := s.codec.Info().Levels; levels != nil {
		return levels.Default
	}
	return 0
}

func (s subject) title() string {
	if s.codec.Info().Levels == nil {
		return s.name
	}
	return fmt.Sprintf("%s@%d", s.name, s.level())
}
