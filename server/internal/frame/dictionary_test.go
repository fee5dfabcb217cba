package frame_test

import (
	"testing"

	"zstdshop/server/internal/frame"
)

// TestDictionaryGiven: frames may name the dictionary that is given, in each length a
// header has for it, and no other; whoever names none may be anywhere.
func TestDictionaryGiven(t *testing.T) {
	frameOf := func(dictionary string) string {
		return head{size: "\x01", dictionary: dictionary}.String() + lastRaw("a")
	}
	for _, c := range []struct {
		name, input string
		given       uint32
		code        string
		at          int64
	}{
		{"1 byte", frameOf("\x07"), 7, "", 0},
		{"2 bytes", frameOf("\x00\x01"), 256, "", 0},
		{"4 bytes", frameOf("\x00\x00\x00\x80"), 1 << 31, "", 0},
		{"7 in 4 bytes", frameOf(le32(7)), 7, "", 0},
		{"none named", frameOf(""), 7, "", 0},
		{"0 named", frameOf(le32(0)), 7, "", 0},
		{"mixed", frameOf("") + frameOf("\x07") + skippable("x") + frameOf("\x07") + frameOf(""), 7, "", 0},
		{"another", frameOf("\x08"), 7, "dictionary", 5},
		{"another behind", frameOf("\x07") + frameOf("\x07\x01"), 7, "dictionary", 11 + 5},
		{"none given", frameOf("\x08"), 0, "dictionary", 5},
		{"all bits but one", frameOf(le32(0xfffffffe)), 0xffffffff, "dictionary", 5},
	} {
		lim := shop
		lim.Dictionary = c.given
		if code, at := fault(t, second(frame.Check([]byte(c.input), lim))); code != c.code || at != c.at {
			t.Errorf("%s: %q at %d, want %q at %d", c.name, code, at, c.code, c.at)
		}
	}
}

// TestSealDictionary: what a codec made with a dictionary gets its checksum.
func TestSealDictionary(t *testing.T) {
	made := []byte(head{size: "\x01", dictionary: "\x07"}.String() + lastRaw("a"))
	sealed, err := frame.Seal(made, []byte("a"))
	if err != nil || len(sealed) != len(made)+frame.ChecksumSize {
		t.Errorf("%d bytes of %d, %v", len(sealed), len(made), err)
	}
}
