package codectest

import (
	"bytes"
	"math/rand/v2"
)

// input is a text to compress. It is shared between rules and only read.
type input struct {
	name string
	data []byte
}

// zstdBlock is the size where zstd starts a second block (RFC 8878, 3.1.1.2.3).
// Other formats have edges of their own, mostly at smaller powers of two.
const zstdBlock = 128 << 10

// inputs covers what codecs treat differently: nothing, too little, one
// repeated byte, nothing to gain, plain text, several blocks of all of that,
// and the edges of blocks.
func inputs() []input {
	text := words(2*zstdBlock, 1)
	list := []input{
		{"empty", nil},
		{"1 byte", []byte{'z'}},
		{"9 bytes", []byte("zstd shop")},
		{"300 bytes of text", text[:300]},
		{"64 KiB of zeros", make([]byte, 64<<10)},
		{"64 KiB of noise", noise(64<<10, 2)},
		{"1 MiB mixed", mixed(1<<20, 3)},
	}
	for _, edge := range []struct {
		name string
		size int
	}{
		{"64 KiB - 1", 64<<10 - 1}, {"64 KiB", 64 << 10}, {"64 KiB + 1", 64<<10 + 1},
		{"128 KiB - 1", zstdBlock - 1}, {"128 KiB", zstdBlock}, {"128 KiB + 1", zstdBlock + 1},
	} {
		list = append(list, input{edge.name, text[:edge.size]})
	}
	return list
}

// fewInputs is for rules where content matters little.
func fewInputs() []input {
	return []input{
		{"empty", nil},
		{"1 byte", []byte{'z'}},
		{"20 KiB of text", words(20<<10, 1)},
		{"20 KiB of noise", noise(20<<10, 2)},
		{"300 KiB mixed", mixed(300<<10, 3)},
	}
}

func random(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// noise is n bytes that no codec can make smaller.
func noise(n int, seed uint64) []byte {
	b := make([]byte, n)
	rnd := random(seed)
	for i := range b {
		b[i] = byte(rnd.Uint32())
	}
	return b
}

// words is n bytes of made-up words, frequent ones and rare ones, which
// compress about as prose does.
func words(n int, seed uint64) []byte {
	rnd := random(seed)
	vocabulary := make([][]byte, 2000)
	for i := range vocabulary {
		word := make([]byte, 2+rnd.IntN(8))
		for j := range word {
			word[j] = "etaoinshrdlucmfw"[rnd.IntN(1+rnd.IntN(16))]
		}
		vocabulary[i] = word
	}
	var b []byte
	for len(b) < n {
		frequent := 1 + rnd.IntN(len(vocabulary))
		b = append(b, vocabulary[rnd.IntN(frequent)]...)
		b = append(b, ' ')
	}
	return b[:n]
}

// mixed is n bytes in stretches of text, noise, zeros and repetitions of what
// came long before.
func mixed(n int, seed uint64) []byte {
	rnd := random(seed)
	text := words(n, seed)
	var b []byte
	for len(b) < n {
		stretch := 1 + rnd.IntN(32<<10)
		switch rnd.IntN(4) {
		case 0:
			from := rnd.IntN(n)
			b = append(b, text[from:min(from+stretch, n)]...)
		case 1:
			b = append(b, noise(stretch, rnd.Uint64())...)
		case 2:
			b = append(b, bytes.Repeat([]byte{0}, stretch)...)
		case 3:
			from := rnd.IntN(len(b) + 1)
			b = append(b, b[from:min(from+stretch, len(b))]...)
		}
	}
	return b[:n]
}
