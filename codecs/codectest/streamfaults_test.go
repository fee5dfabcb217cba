package codectest

import (
	"strings"
	"testing"

	"zstdshop/codecs"
)

func TestHonestStreamsPass(t *testing.T) {
	lossy := streaming("takes cuts for the end")
	lossy.info.LossUnseen = "it has no end"
	for name, codec := range map[string]codecs.Codec{
		"honest":                  streaming(""),
		"declares what it misses": lossy,
	} {
		for _, r := range rulesFor(codec) {
			if said := told(r, codec); said != "" {
				t.Errorf("%s: %s: %s", name, r.name, said)
			}
		}
	}
	if said := findings(streaming("")); len(said) > 0 {
		t.Errorf("findings of an honest codec: %q", said)
	}
	if said := findings(lossy); len(said) != 1 || !strings.Contains(said[0], "it has no end") {
		t.Errorf("findings are %q; want one that says why", said)
	}
}

// TestStreamFaultIsCaught has one fault a line, and wants the rule named to
// notice and to say so in these words.
func TestStreamFaultIsCaught(t *testing.T) {
	untried := map[string]bool{"streams": true}
	for _, r := range streamRules {
		untried[r.name] = true
	}
	for _, c := range []struct{ fault, rule, says string }{
		{"info changes", "streams", "then"},
		{"window of any level", "streams", "StreamWindow(13)"},
		{"writer at any level", "streams", "NewWriter at level 13"},
		{"writes at once", "streams", "writes 1 bytes"},

		{"loses bytes of large writes", "stream round trip", "got 20000 bytes"},
		{"keeps what is written", "stream round trip", "first difference at 0"},
		{"reads one byte wrong", "stream round trip", "first difference at 200"},

		{"does not flush", "stream flush", "0 of 1 bytes after a flush"},
		{"flushes half", "stream flush", "after a flush"},
		{"waits for the next block", "stream flush", "nothing more has been written"},

		{"keeps what was dropped", "stream reset", "after a stream cut off"},
		{"keeps content it has not returned", "stream reset", "after a stream half read"},
		{"tires of damage", "stream reset", "after damage"},

		{"writes after close", "stream close", "write after first close"},
		{"flushes after close", "stream close", "flush after first close"},
		{"second close fails", "stream close", "closed already"},
		{"no reset after close", "stream close", "reset after close"},
		{"reads after close", "stream close", "read after first close"},
		{"resets a closed reader", "stream close", "reset of the reader"},

		{"hides errors of the writer below", "stream errors", "writer below fails"},
		{"hides errors of the reader below", "stream errors", "reader below fails"},

		{"takes cuts for the end", "cut streams", "are taken for whole streams"},
		{"guesses what is missing", "cut streams", "not the text's first"},
		{"no end", "cut streams", "the stream to cut"},

		{"crashes on a short block", "damaged streams", "panic"},
		{"ignores checksums", "damaged streams", "with a checksum"},
		{"allocates what it reads", "damaged streams", "want at most 4194304"},
		{"tires of damage", "damaged streams", "after damaged streams"},

		{"two writers at most", "concurrent streams", "busy"},
	} {
		delete(untried, c.rule)
		t.Run(c.fault, func(t *testing.T) {
			said, err := breaches(streaming(c.fault), c.rule)
			if err != nil || !strings.Contains(said, c.says) {
				t.Errorf("rule %q says %q, %v; want it to say %q", c.rule, said, err, c.says)
			}
		})
	}
	delete(untried, "stream and frame") // below
	for name := range untried {
		t.Errorf("no fault for rule %q", name)
	}
}

// TestStreamInfoFaultIsCaught has faults that are in what a codec says.
func TestStreamInfoFaultIsCaught(t *testing.T) {
	for _, c := range []struct {
		name, rule, says string
		change           func(*fakeStreams)
	}{
		{"no format", "streams", "Format is empty", func(f *fakeStreams) { f.info.Format = "" }},
		{"loss of two lines", "streams", "more than one line", func(f *fakeStreams) { f.info.LossUnseen = "a\nb" }},
		{"declares what it does not miss", "cut streams", "no cut is missed", func(f *fakeStreams) { f.info.LossUnseen = "all" }},
		{"format of its frames", "stream and frame", "decompress a stream", func(f *fakeStreams) { f.info.Format = "xor" }},
		{"unavailable, but has streams", "streams", "NewReader", func(f *fakeStreams) { f.fake = unavailable() }},
	} {
		f := streaming("")
		c.change(&f)
		said, err := breaches(f, c.rule)
		if err != nil || !strings.Contains(said, c.says) {
			t.Errorf("%s: rule %q says %q, %v; want it to say %q", c.name, c.rule, said, err, c.says)
		}
	}
}

func TestStreamPairFaultIsCaught(t *testing.T) {
	other, deaf := streaming(""), streaming("reads one byte wrong")
	other.info.Format = "other"
	for _, c := range []struct {
		name string
		a, b codecs.Codec
		says string
	}{
		{"both honest", streaming(""), streaming(""), ""},
		{"formats differ", streaming(""), other, "formats differ"},
		{"b reads wrong", streaming(""), deaf, "first difference at 200"},
	} {
		if said := told(streamPair(c.a), c.b); !strings.Contains(said, c.says) || c.says == "" && said != "" {
			t.Errorf("%s: says %q, want %q", c.name, said, c.says)
		}
	}
}
