// Package codectest is the contract of package codecs in the form of tests.
//
// The test of a backend, built in or not, is a call of Run, and of RunPair for
// each backend it shares a format with:
//
//	func TestCodec(t *testing.T) { codectest.Run(t, klauspost.New()) }
//
// What only one backend promises belongs into tests of its own. Run under
// -race, too: some faults are only visible there.
//
// Each rule of the contract is a function that knows nothing of package
// testing, so that the suite is itself tested: faults_test.go holds one faulty
// codec for each way to break a rule.
package codectest

import (
	"runtime/debug"
	"slices"
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
	}
}

// report takes one breach of a rule, as testing.T.Errorf does.
type report func(format string, args ...any)

// rule is one promise of the contract.
type rule struct {
	name  string
	check func(codecs.Codec, report)
}

// most is how many breaches of one rule are told one by one.
const most = 8

// run calls check, reports a panic as a breach, and counts instead of telling
// when there are many.
func (r rule) run(codec codecs.Codec, tell report) {
	breaches := 0
	defer func() {
		if p := recover(); p != nil {
			tell("panic: %v\n%s", p, debug.Stack())
		}
		if breaches > most {
			tell("and %d more", breaches-most)
		}
	}()
	r.check(codec, func(format string, args ...any) {
		if breaches++; breaches <= most {
			tell(format, args...)
		}
	})
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
		}
	}
	return rules
}

var contextRules = []rule{
	{"bound", checkBound},
	{"round trip", checkRoundTrip},
	{"compress buffer", checkCompressBuffer},
	{"decompress buffer", checkDecompressBuffer},
	{"source", checkSource},
	{"allocation", checkAllocation},
	{"same output", checkSameOutput},
	{"reuse after error", checkReuse},
	{"damaged frames", checkDamage},
	{"close", checkClose},
	{"separate contexts", checkSeparate},
	{"concurrent contexts", checkConcurrent},
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

// testLevels are the levels worth a test: both ends and a few between, once
// per effective level; 0 alone where the codec has none.
func testLevels(codec codecs.Codec) []int {
	limits := codec.Info().Levels
	if limits == nil {
		return []int{0}
	}
	var levels []int
	seen := map[int]bool{}
	for _, level := range []int{limits.Min, -5, 1, limits.Default, 9, limits.Max} {
		effective, err := codec.EffectiveLevel(level)
		if err != nil || limits.Check(level) != nil || seen[effective] {
			continue
		}
		seen[effective] = true
		levels = append(levels, level)
	}
	if len(levels) == 0 { // which breaks a rule, and others would be idle
		return []int{limits.Min}
	}
	return levels
}

// usualLevel is where one level is enough; 0 where the codec has none.
func usualLevel(codec codecs.Codec) int {
	if limits := codec.Info().Levels; limits != nil {
		return limits.Default
	}
	return 0
}

// effortLevels are the levels of the efforts, each once.
func effortLevels(codec codecs.Codec) []int {
	limits := codec.Info().Levels
	if limits == nil {
		return []int{0}
	}
	var levels []int
	for _, effort := range codecs.Efforts() {
		if level, err := limits.For(effort); err == nil && !slices.Contains(levels, level) {
			levels = append(levels, level)
		}
	}
	return levels
}

// open makes a context and returns nil after reporting why there is none.
func open(codec codecs.Codec, level int, report report) codecs.Context {
	ctx, err := codec.NewContext(level)
	if err != nil {
		report("new context at level %d: %v", level, err)
		return nil
	}
	return ctx
}

// shut closes a context that a rule is done with.
func shut(ctx codecs.Context, report report) {
	if err := ctx.Close(); err != nil {
		report("close: %v", err)
	}
}

// compress makes a frame in a buffer of its own, of the capacity promised to
// be enough.
func compress(codec codecs.Codec, ctx codecs.Context, text []byte) ([]byte, error) {
	return ctx.Compress(room(codec.CompressBound(len(text))), text)
}

// decompress takes a frame's content of size bytes into a buffer of its own,
// which has exactly that capacity.
func decompress(ctx codecs.Context, frame []byte, size int) ([]byte, error) {
	return ctx.Decompress(room(size), frame)
}

// room returns a dst with a guard behind it that is not checked: a codec that
// writes past it breaks a rule elsewhere, and not the program.
func room(capacity int) []byte {
	return make([]byte, capacity+guard)[:0:capacity]
}
