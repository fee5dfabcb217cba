package frame_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"testing"

	"zstdshop/server/internal/frame"
)

// made is a frame of a real encoder: without a checksum, and with one from Seal.
type made struct {
	name          string
	text          []byte
	plain, sealed []byte
}

// madeFrames is what all codecs make at some levels of texts of up to most bytes.
func madeFrames(t testing.TB, most int) []made {
	t.Helper()
	var list []made
	for _, codec := range zstdCodecs() {
		for _, level := range []int{-5, 1, 3, 9, 19, 22} {
			ctx, err := codec.NewContext(level)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range texts(most) {
				frame := seal(t, ctx.Compress, codec.CompressBound(len(text)), text)
				frame.name = fmt.Sprintf("%s at level %d of %d bytes", codec.Info().Library, level, len(text))
				list = append(list, frame)
			}
			if err := ctx.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	return list
}

func seal(t testing.TB, compress func(dst, src []byte) ([]byte, error), bound int, text []byte) made {
	t.Helper()
	plain, err := compress(make([]byte, 0, bound), text)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := frame.Seal(bytes.Clone(plain), text)
	if err != nil {
		t.Fatal(err)
	}
	return made{text: text, plain: plain, sealed: sealed}
}

// texts is nothing and prose, also around the sizes where the header's field
// grows and where a second block begins, up to most bytes.
func texts(most int) [][]byte {
	var list [][]byte
	for _, n := range []int{0, 1, 20, 255, 256, 511, 65535 + 256, 65536 + 256, 128*kib - 1, 128 * kib, 128*kib + 1, 300 * kib} {
		if n <= most {
			list = append(list, prose(n))
		}
	}
	return append(list, mixed(most))
}

// mixed is up to n bytes of prose, noise and zeros, for blocks of each type.
func mixed(n int) []byte {
	b := prose(n / 3)
	rnd := rand.New(rand.NewPCG(1, 0))
	for range n / 3 {
		b = append(b, byte(rnd.Uint32()))
	}
	return append(b, make([]byte, n/3)...)
}

// prose is n bytes of words that compress like a language.
func prose(n int) []byte {
	rnd := rand.New(rand.NewPCG(2, 0))
	var b []byte
	for len(b) < n {
		for range 2 + rnd.IntN(7) {
			b = append(b, "etaoinshrdlucmfw"[rnd.IntN(1+rnd.IntN(16))])
		}
		b = append(b, ' ')
	}
	return b[:n]
}

func TestMadeFramesPass(t *testing.T) {
	d := newDecoders(t)
	for _, m := range madeFrames(t, 300*kib) {
		for checksums, input := range [][]byte{m.plain, m.sealed} {
			info, err := frame.Check(input, tried)
			// Some encoders do not spend a byte on a size below 256.
			said := info.Exact && info.Content == int64(len(m.text)) || !info.Exact && len(m.text) < 256
			if err != nil || !said || info.Frames != 1 || info.Blocks < 1+(len(m.text)-1)/(128*kib) || info.Checksums != checksums {
				t.Errorf("%s: %+v, %v", m.name, info, err)
			}
			d.agree(t, input)
		}
	}
}

// TestZstdCommand: what the zstd command makes passes, and it reads what we seal.
func TestZstdCommand(t *testing.T) {
	zstd, err := exec.LookPath("zstd")
	if err != nil {
		t.Skip("there is no zstd command here")
	}
	run := func(input []byte, args ...string) []byte {
		t.Helper()
		cmd := exec.Command(zstd, append(args, "-q", "-c", "-")...)
		cmd.Stdin = bytes.NewReader(input)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("zstd %q: %v", args, err)
		}
		return out
	}
	d := newDecoders(t)
	for _, text := range [][]byte{nil, prose(300), prose(300 * kib), mixed(900 * kib)} {
		for _, c := range []struct {
			args  []string
			exact bool // says its size, which the command cannot know of a pipe
			code  string
		}{
			{[]string{"-1"}, false, ""},
			{[]string{"-3", "--no-check"}, false, ""},
			{[]string{"-19"}, false, ""},
			{[]string{"-19", fmt.Sprint("--stream-size=", len(text))}, true, ""},
			{[]string{"--ultra", "-22", fmt.Sprint("--stream-size=", len(text))}, true, ""},
			{[]string{"--fast=3", "--block-size=1KB"}, false, ""},
			{[]string{"--ultra", "-22", "--long=27"}, false, "window_too_large"},
		} {
			if len(text) == 0 && c.code != "" {
				continue // nothing needs no window
			}
			input := run(text, c.args...)
			info, err := frame.Check(input, tried)
			code, _ := fault(t, err)
			if code != c.code || code == "" && (info.Content < int64(len(text)) || c.exact && info.Content != int64(len(text))) {
				t.Errorf("zstd %q of %d bytes: %+v, %v; want %q", c.args, len(text), info, err, c.code)
			}
			d.agree(t, input)
		}
	}
	for _, m := range madeFrames(t, 300) {
		if got := run(m.sealed, "-d"); !bytes.Equal(got, m.text) {
			t.Errorf("%s, sealed: zstd -d makes something else", m.name)
		}
	}
}

// TestTruncations: no part of a frame from its beginning passes.
func TestTruncations(t *testing.T) {
	for _, m := range madeFrames(t, 600) {
		for _, whole := range [][]byte{m.plain, m.sealed, append([]byte(skippable("ab")), m.sealed...)} {
			for n := range whole {
				if n == len(skippable("ab")) && whole[0] != magic[0] {
					continue // a frame of its own
				}
				want := "truncated"
				if n == 0 {
					want = "empty"
				}
				if code, at := fault(t, second(frame.Check(whole[:n:n], tried))); code != want || at > int64(n) {
					t.Errorf("%s: %d of %d bytes: %q at %d, want %q", m.name, n, len(whole), code, at, want)
				}
			}
		}
	}
}

// TestFlips: in a frame with a checksum every flipped bit is an error, or
// changes nothing, for all codecs alike.
func TestFlips(t *testing.T) {
	d := newDecoders(t)
	seen := map[string]bool{}
	for _, m := range madeFrames(t, 300) {
		if seen[string(m.sealed)] {
			continue
		}
		seen[string(m.sealed)] = true
		for bit := range len(m.sealed) * 8 {
			input := bytes.Clone(m.sealed)
			input[bit/8] ^= 1 << (bit % 8)
			d.agree(t, input)
			info, err := frame.Check(input, tried)
			if err != nil {
				continue
			}
			var decoded int
			for i, ctx := range d.contexts {
				text, err := ctx.Decompress(d.buffers[i][:0:info.Content], input)
				if err != nil {
					continue
				}
				decoded++
				if !bytes.Equal(text, m.text) {
					t.Errorf("%s, bit %d flipped: %s makes another text", m.name, bit, d.names[i])
				}
			}
			if decoded != 0 && decoded != len(d.contexts) {
				t.Errorf("%s, bit %d flipped: decoded by one codec only", m.name, bit)
			}
		}
	}
}
