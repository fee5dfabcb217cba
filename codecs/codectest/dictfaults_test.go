package codectest

import (
	"slices"
	"strings"
	"testing"

	"zstdshop/codecs"
)

func TestHonestDictionariesPass(t *testing.T) {
	varies := dictionaries("varies")
	varies.info.Varies = true
	noRaw := dictionaries("")
	noRaw.info.Raw = false
	missing := dictionaries("")
	missing.fake = unavailable()
	for name, codec := range map[string]codecs.Codec{
		"honest": dictionaries(""), "varies": varies, "no raw content": noRaw, "unavailable": missing,
	} {
		for _, r := range rulesFor(codec) {
			if said := told(r, codec); said != "" {
				t.Errorf("%s: %s: %s", name, r.name, said)
			}
		}
	}
	if said := findings(dictionaries("")); len(said) > 0 {
		t.Errorf("findings of an honest codec: %q", said)
	}
	nameless := dictionaries("reads with any")
	nameless.info.Named = false
	if said := findings(nameless); len(said) != 1 || !strings.Contains(said[0], "100 of 200") {
		t.Errorf("findings are %q; want one that says how many", said)
	}
}

// TestDictFaultIsCaught has one fault a line, and wants the rule named to notice
// and to say so in these words.
func TestDictFaultIsCaught(t *testing.T) {
	untried := map[string]bool{"dictionaries": true}
	noRaw := func(i *codecs.DictInfo) { i.Raw = false }
	untried["no raw content"] = true
	for _, r := range slices.Concat(dictRules, rawDictRules) {
		untried[r.name] = true
	}
	for _, c := range []struct {
		fault, rule, says string
		change            func(*codecs.DictInfo)
	}{
		{"info changes", "dictionaries", "then", nil},
		{"", "dictionaries", "Trainer is empty", func(i *codecs.DictInfo) { i.Trainer = "" }},
		{"", "dictionaries", "more than one line", func(i *codecs.DictInfo) { i.Format = "a\nb" }},
		{"context at any level", "dictionaries", "NewDictContext at level 13", nil},

		{"larger than asked for", "dictionary training", "asked for 2048", nil},
		{"scribbles on samples", "dictionary training", "samples were written to", nil},
		{"varies", "dictionary training", "another dictionary", nil},
		{"no IDs", "dictionary training", "ID is 0", nil},
		{"does not use it", "dictionary training", "bytes with a dictionary of", nil},
		{"trains on nothing", "dictionary training", "next to nothing", nil},

		{"reads with any", "wrong dictionary", "100 of 200", nil},
		{"one ID for all", "wrong dictionary", "100 of 200", nil},
		{"error of its own", "wrong dictionary", "want ErrDictionary", nil},
		{"", "wrong dictionary", "Named is not set", func(i *codecs.DictInfo) { i.Named = false }},

		{"needs a dictionary always", "no dictionary", "20 KiB of text", nil},

		{"names anything", "broken dictionary", "DictID of 0 bytes", nil},
		{"takes anything", "broken dictionary", "NewDictContext with 0 bytes", nil},
		{"crashes on a short dictionary", "broken dictionary", "panic", nil},
		{"refuses what it names", "broken dictionary", "DictID takes it, and NewDictContext says", nil},

		{"does not use raw content", "raw content", "its first 600 bytes are", nil},
		{"takes raw content for a dictionary", "raw content", "new context at level", nil},
		{"overflows with other content", "other raw content", "room for 0 bytes", nil},
		{"needs a dictionary always", "raw content, unused", "20 KiB of text", nil},
		{"takes no content", "broken raw content", "raw content of 0 bytes", nil},
		{"takes raw content", "no raw content", "raw content of 1000 bytes", noRaw},
	} {
		delete(untried, c.rule)
		f := dictionaries(c.fault)
		if c.change != nil {
			c.change(&f.info)
		}
		said, err := breaches(f, c.rule)
		if err != nil || !strings.Contains(said, c.says) {
			t.Errorf("%s: rule %q says %q, %v; want it to say %q", c.fault, c.rule, said, err, c.says)
		}
	}
	for name := range untried {
		t.Errorf("no fault for rule %q", name)
	}
}

// TestDictContextFaultIsCaught: the rules of contexts are asked of those with a
// dictionary, too.
func TestDictContextFaultIsCaught(t *testing.T) {
	f := dictionaries("")
	f.decompress = func(dst, src []byte) ([]byte, error) {
		got, err := xorDecompress(dst, src)
		return got[:min(len(got), zstdBlock)], err
	}
	said, err := breaches(f, "dictionary: round trip")
	if err != nil || !strings.Contains(said, "128 KiB + 1") {
		t.Errorf("says %q, %v", said, err)
	}
}

func TestDictPairFaultIsCaught(t *testing.T) {
	other := dictionaries("")
	other.info.Format = "other"
	deaf := dictionaries("")
	deaf.decompress = func(dst, src []byte) ([]byte, error) { return nil, errDamaged }
	for _, c := range []struct {
		name string
		a, b codecs.Codec
		says string
	}{
		{"both honest", dictionaries(""), dictionaries(""), ""},
		{"formats differ", dictionaries(""), other, "formats differ"},
		{"b reads no frames", dictionaries("does not use it"), deaf, "record 0"},
		{"b reads none without a dictionary", dictionaries(""), dictionaries("needs a dictionary always"), "without a dictionary, 70 KiB mixed"},
	} {
		if said := told(dictPair(c.a), c.b); !strings.Contains(said, c.says) || c.says == "" && said != "" {
			t.Errorf("%s: says %q, want %q", c.name, said, c.says)
		}
	}
}

func TestRawPairFaultIsCaught(t *testing.T) {
	for fault, says := range map[string]string{
		"": "", "takes raw content for a dictionary": "new context at level", "does not use raw content": "with 20 KiB of text, the beginning of it",
	} {
		if said := told(rawPair(dictionaries("")), dictionaries(fault)); !strings.Contains(said, says) || says == "" && said != "" {
			t.Errorf("%s: says %q, want %q", fault, said, says)
		}
	}
}
