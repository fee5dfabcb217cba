package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// A digest follows from the content and from what the work is cut from, and from
// nothing else.
func TestDigest(t *testing.T) {
	of := func(contents ...string) string {
		c := &Corpus{Name: "any", Source: "anywhere"}
		for _, data := range contents {
			c.Members = append(c.Members, Member{"member", []byte(data)})
		}
		return c.Digest()
	}
	sum := sha256.Sum256([]byte("abc"))
	if got, want := of("abc"), hex.EncodeToString(sum[:]); got != want {
		t.Errorf("one file has %s, want its SHA-256 %s", got, want)
	}
	renamed := &Corpus{Name: "else", Source: "elsewhere", Members: []Member{{"x", []byte("abc")}, {"y", []byte("d")}}}
	if renamed.Digest() != of("abc", "d") {
		t.Error("names count")
	}
	if of("", "abc", "", "d") != of("abc", "d") || of("", "abc") != of("abc") {
		t.Error("empty files count")
	}
	different := map[string]string{}
	for _, contents := range []string{"abc", "abd", "a|bc", "ab|c", "c|ab", "abc|abc", "abc|abc|abc"} {
		digest := of(strings.Split(contents, "|")...)
		if other, ok := different[digest]; ok {
			t.Errorf("%s and %s have one digest", other, contents)
		}
		different[digest] = contents
	}
}

// Items have one digest where they are the same items of the same data.
func TestDigestItems(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		blocks := Blocks(members(rapid.SliceOfN(rapid.IntRange(1, 500), 1, 20).Draw(t, "sizes")...), rapid.Int64Range(1, 100).Draw(t, "block"))
		draw := func(name string) []Range {
			return Sample(blocks, rapid.Uint64Range(0, 3).Draw(t, name), 1, rapid.Int64Range(0, 2000).Draw(t, name+" bytes"))
		}
		a, b := draw("a"), draw("b")
		same := len(a) == len(b)
		for i := 0; same && i < len(a); i++ {
			same = a[i] == b[i]
		}
		if (DigestItems("corpus", a) == DigestItems("corpus", b)) != same {
			t.Errorf("%v and %v: are they the same? %v", a, b, same)
		}
		if DigestItems("corpus", a) == DigestItems("other", a) {
			t.Error("items of two corpora have one digest")
		}
	})
}
