// Package codectest is the contract of package codecs in the form of tests.
//
// The test of a backend, built in or not, is a call of Run, and of RunPair for
// each backend it shares a format with:
//
//	func TestCodec(t *testing.T) { codectest.Run(t, klauspost.New()) }
//
// What only one backend promises belongs into tests of its own; RunBound and
// RunLevels are for those of its bound and its levels. Run under -race, too: some
// faults are only visible there.
//
// Each rule of the contract is a function that knows nothing of package
// testing, so that the suite is itself tested: faults_test.go holds one faulty
// codec for each way to break a rule.
package codectest

import (
	"testing"

	"zstdshop/codecs"
)

// Run checks that codec keeps the contract, one subtest per rule. Of a codec
// that is unavailable in this build it checks what that one still promises.
//
// It takes seconds, not minutes, unless the codec's highest level is far slower
// than 1 MB/s. It must not run beside parallel tests that allocate much.
//
// Of a codec that is a codecs.Streamer it checks the streams, too, and of a
// codecs.DictCodec the dictionaries. What a
// backend declares because its library leaves it no choice is no breach: Run
// logs it as a finding, so that it can be read with -v.
func Run(t *testing.T, codec codecs.Codec) {
	for _, r := range rulesFor(codec) {
		t.Run(r.name, func(t *testing.T) { r.run(codec, t.Errorf) })
	}
	for _, finding := range findings(codec) {
		t.Logf("finding: %s", finding)
	}
}

// RunPair checks that two codecs of one format read each other's frames. It
// skips where one of them is unavailable in this build.
func RunPair(t *testing.T, a, b codecs.Codec) {
	for _, c := range []codecs.Codec{a, b} {
		if why := c.Info().Unavailable; why != "" {
			t.Skipf("%s: %s", c.Info().Library, why)
		}
	}
	t.Run("a writes, b reads", func(t *testing.T) { pair(a).run(b, t.Errorf) })
	t.Run("b writes, a reads", func(t *testing.T) { pair(b).run(a, t.Errorf) })
	if streamer(a) != nil && streamer(b) != nil {
		t.Run("a writes streams, b reads", func(t *testing.T) { streamPair(a).run(b, t.Errorf) })
		t.Run("b writes streams, a reads", func(t *testing.T) { streamPair(b).run(a, t.Errorf) })
	}
	if dictCodec(a) != nil && dictCodec(b) != nil {
		t.Run("a writes with a dictionary, b reads", func(t *testing.T) { dictPair(a).run(b, t.Errorf) })
		t.Run("b writes with a dictionary, a reads", func(t *testing.T) { dictPair(b).run(a, t.Errorf) })
		if takesRaw(a) && takesRaw(b) {
			t.Run("a writes with raw content, b reads", func(t *testing.T) { rawPair(a).run(b, t.Errorf) })
			t.Run("b writes with raw content, a reads", func(t *testing.T) { rawPair(b).run(a, t.Errorf) })
		}
	}
}

// rulesFor are the rules that apply to codec, by what it is and can do.
func rulesFor(codec codecs.Codec) []rule {
	available := codec.Info().Unavailable == ""
	rules := []rule{
		{"info", checkInfo},
		{"levels", checkLevels},
	}
	if available {
		rules = append(rules, contextRules...)
	} else {
		rules = append(rules, rule{"unavailable", checkUnavailable})
	}
	if streamer(codec) != nil {
		rules = append(rules, rule{"streams", checkStreams})
		if available {
			rules = append(rules, streamRules...)
		}
	}
	if dictCodec(codec) != nil {
		rules = append(rules, rule{"dictionaries", checkDicts})
		if available {
			rules = append(rules, dictRules...)
			rules = append(rules, dictContextRules(codec)...)
			if takesRaw(codec) {
				rules = append(rules, rawDictRules...)
			} else {
				rules = append(rules, rule{"no raw content", checkRawRefused})
			}
		}
	}
	return rules
}

var streamRules = []rule{
	{"stream round trip", checkStreamRoundTrip},
	{"stream and frame", checkStreamAndFrame},
	{"stream flush", checkStreamFlush},
	{"stream reset", checkStreamReset},
	{"stream close", checkStreamClose},
	{"stream errors", checkStreamErrors},
	{"cut streams", checkStreamCuts},
	{"damaged streams", checkStreamDamage},
	{"concurrent streams", checkStreamsConcurrent},
}

// findings are what codec declares, with what was seen of it.
func findings(codec codecs.Codec) []string {
	var said []string
	if s := streamer(codec); s != nil && codec.Info().Unavailable == "" {
		said = append(said, cutFindings(codec, s)...)
	}
	if d := dictCodec(codec); d != nil && codec.Info().Unavailable == "" {
		said = append(said, dictFindings(codec, d)...)
	}
	return said
}
