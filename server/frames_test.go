package server

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"testing"

	"zstdshop/harness/measure"
	"zstdshop/server/internal/frame"
)

func base64Of(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// sealedFrame is text as this server hands it out.
func sealedFrame(t testing.TB, text string) []byte {
	t.Helper()
	return sealedBy(t, "klauspost", []byte(text))
}

func sealedBy(t testing.TB, codec string, text []byte) []byte {
	t.Helper()
	sealed, err := frame.Seal(frameOf(t, codec, string(text)), text)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

const zstdMagic = "\x28\xb5\x2f\xfd"

// block is a block of a frame: its header and what it stores.
func block(last bool, kind, size int, stored string) string {
	field := uint32(size)<<3 | uint32(kind)<<1
	if last {
		field |= 1
	}
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], field)
	return string(b[:3]) + stored
}

// windowFrame is an empty frame whose header has that byte for its window: 80 is
// 1 MiB.
func windowFrame(window int) string {
	return zstdMagic + "\x00" + string([]byte{byte(window)}) + block(true, 0, 0, "")
}

// blocksFrame is a frame of n blocks of a byte each.
func blocksFrame(n int) string {
	out := zstdMagic + "\x00\x00"
	for i := range n {
		out += block(i == n-1, 0, 1, "x")
	}
	return out
}

// noLauncher is one that starts nothing.
type noLauncher struct{}

func (noLauncher) Start(context.Context, measure.Spawn) (measure.WorkerConn, error) {
	return nil, errors.New("nothing is started here")
}
