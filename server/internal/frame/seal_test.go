package frame_test

import (
	"bytes"
	"strings"
	"testing"

	"zstdshop/server/internal/frame"
)

func TestSealed(t *testing.T) {
	d := newDecoders(t)
	for _, m := range madeFrames(t, 70*kib) {
		if want := len(m.plain) + frame.ChecksumSize; len(m.sealed) != want {
			t.Errorf("%s: sealed it has %d bytes, not %d", m.name, len(m.sealed), want)
		}
		for i, ctx := range d.contexts {
			room := d.buffers[i][:0:len(m.text)]
			if text, err := ctx.Decompress(room, m.sealed); err != nil || !bytes.Equal(text, m.text) {
				t.Errorf("%s, sealed: %s makes %d bytes, %v", m.name, d.names[i], len(text), err)
			}
			for at := range frame.ChecksumSize {
				wrong := bytes.Clone(m.sealed)
				wrong[len(m.plain)+at] ^= 0x10
				if _, err := ctx.Decompress(room, wrong); err == nil {
					t.Errorf("%s, sealed: %s does not mind a wrong byte %d of the checksum", m.name, d.names[i], at)
				}
			}
		}
	}
}

// TestSealedBytes: the checksum of nothing is XXH64's low half, ef46db3751d8e999.
func TestSealedBytes(t *testing.T) {
	got, err := frame.Seal([]byte(head{size: "\x00"}.String()+lastRaw("")), nil)
	if want := magic + "\x24\x00\x01\x00\x00\x99\xe9\xd8\x51"; err != nil || string(got) != want {
		t.Errorf("%x, %v; want %x", got, err, want)
	}
}

func TestSealInPlace(t *testing.T) {
	plain := sized(5) + lastRaw("hello")
	for _, spare := range []int{0, 3, frame.ChecksumSize, 100} {
		input := append(make([]byte, 0, len(plain)+spare), plain...)
		got, err := frame.Seal(input, []byte("hello"))
		if err != nil {
			t.Fatal(err)
		}
		if inPlace := &got[0] == &input[0]; inPlace != (spare >= frame.ChecksumSize) {
			t.Errorf("%d bytes to spare: in place is %v", spare, inPlace)
		}
	}
	input := append(make([]byte, 0, 100), plain...)
	if n := testing.AllocsPerRun(100, func() {
		input[4] &^= checksummed
		frame.Seal(input, []byte("hello"))
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestSealRefuses(t *testing.T) {
	for _, c := range []struct{ name, input, content, want string }{
		{"nothing", "", "", "empty"},
		{"no frame", "hello", "hello", "not_zstd"},
		{"cut short", sized(5) + lastRaw("hello")[:7], "hello", "truncated"},
		{"two frames", sized(1) + lastRaw("a") + sized(1) + lastRaw("a"), "aa", "too_many_frames"},
		{"frame and more", sized(1) + lastRaw("a") + "a", "a", "trailing_bytes"},
		{"skippable", skippable("a"), "", "skippable"},
		{"sealed", head{size: "\x00", flags: checksummed}.String() + lastRaw("") + "\x99\xe9\xd8\x51", "", "checksum already"},
		{"of less", sized(5) + lastRaw("hello"), "hello!", "5 bytes"},
		{"of more", sized(5) + lastRaw("hello"), "hell", "too_large"},
		{"of less, unsaid", open() + lastRaw("hello"), "hello!", "5 bytes"},
	} {
		input := []byte(c.input)
		got, err := frame.Seal(input, []byte(c.content))
		if err == nil || !strings.Contains(err.Error(), c.want) || got != nil {
			t.Errorf("%s: %x, %v; want an error about %s", c.name, got, err, c.want)
		}
		if string(input) != c.input {
			t.Errorf("%s: the frame has changed", c.name)
		}
	}
}
