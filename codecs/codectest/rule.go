package codectest

import (
	"runtime/debug"
	"slices"

	"zstdshop/codecs"
)

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
