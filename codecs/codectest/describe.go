package codectest

import (
	"errors"
	"math"
	"reflect"
	"strings"

	"zstdshop/codecs"
)

// checkInfo: everything is said, on one line, and the same every time.
func checkInfo(codec codecs.Codec, report report) {
	info := codec.Info()
	for _, field := range []struct{ name, value string }{
		{"Summary", info.Summary},
		{"Library", info.Library},
		{"Version", info.Version},
		{"Format", info.Format},
	} {
		if strings.TrimSpace(field.value) == "" {
			report("Info().%s is empty", field.name)
		}
		if strings.ContainsAny(field.value, "\r\n") {
			report("Info().%s has more than one line: %q", field.name, field.value)
		}
	}
	if strings.ContainsAny(info.Unavailable, "\r\n") {
		report("Info().Unavailable has more than one line: %q", info.Unavailable)
	}
	if info.Levels != nil {
		checkScale(*info.Levels, report)
	}
	if info.Ceiling && info.Levels != nil {
		report("Info().Ceiling is set, and there are levels: what compresses is no ceiling")
	}
	if again := codec.Info(); !reflect.DeepEqual(info, again) {
		report("Info() returns %+v, then %+v", info, again)
	}
}

// checkScale: the ends are levels, and so is each effort, in order.
func checkScale(limits codecs.Levels, report report) {
	if limits.Min > limits.Max || limits.Check(limits.Min) != nil || limits.Check(limits.Max) != nil {
		report("Info().Levels is %d..%d: both ends must be levels, in order", limits.Min, limits.Max)
	}
	least := limits.Min
	for _, effort := range codecs.Efforts() {
		level, err := limits.For(effort)
		if err == nil {
			err = limits.Check(level)
		}
		if err != nil {
			report("effort %s: %v", effort, err)
		}
		if level < least {
			report("effort %s is level %d, below %d", effort, level, least)
		}
		least = max(least, level)
	}
}

// checkLevels: every level of the range is taken, no other is, and NewContext
// agrees with EffectiveLevel.
func checkLevels(codec codecs.Codec, report report) {
	info := codec.Info()
	if info.Levels == nil {
		for _, level := range []int{math.MinInt32, -1, 0, 1, 3, 22, math.MaxInt32} {
			if effective, err := codec.EffectiveLevel(level); effective != 0 || err != nil {
				report("EffectiveLevel(%d) = %d, %v; a codec without levels returns 0, nil", level, effective, err)
			}
			checkTaken(codec, level, report)
		}
		return
	}
	limits := *info.Levels
	for _, level := range []int{limits.Min, -5, -1, 0, 1, 2, 3, 5, 9, 12, 19, limits.Max} {
		if limits.Check(level) != nil {
			continue // below
		}
		effective, err := codec.EffectiveLevel(level)
		if err == nil {
			err = limits.Check(effective)
		}
		if err != nil {
			report("EffectiveLevel(%d): %v; but it is inside %+v", level, err, limits)
		}
		if again, _ := codec.EffectiveLevel(level); again != effective {
			report("EffectiveLevel(%d) returns %d, then %d", level, effective, again)
		}
	}
	for _, level := range testLevels(codec) {
		checkTaken(codec, level, report)
	}
	for _, level := range []int{math.MinInt32, limits.Min - 1, 0, limits.Max + 1, math.MaxInt32} {
		if limits.Check(level) == nil {
			continue // 0 on a scale of its own
		}
		if _, err := codec.EffectiveLevel(level); !errors.Is(err, codecs.ErrLevel) {
			report("EffectiveLevel(%d) outside of %+v: error is %v; want ErrLevel wrapped", level, limits, err)
		}
		if info.Unavailable != "" {
			continue
		}
		if ctx, err := codec.NewContext(level); !errors.Is(err, codecs.ErrLevel) || ctx != nil {
			report("NewContext(%d) outside of %+v: context %v, error %v; want nil and ErrLevel wrapped", level, limits, ctx, err)
		}
	}
}

func checkTaken(codec codecs.Codec, level int, report report) {
	if codec.Info().Unavailable != "" {
		return
	}
	if ctx := open(codec, level, report); ctx != nil {
		shut(ctx, report)
	}
}

// checkUnavailable: what this build cannot run says so instead of half working.
func checkUnavailable(codec codecs.Codec, report report) {
	for _, level := range testLevels(codec) {
		if ctx, err := codec.NewContext(level); !errors.Is(err, codecs.ErrUnavailable) || ctx != nil {
			report("NewContext(%d): context %v, error %v; want nil and ErrUnavailable wrapped", level, ctx, err)
		}
	}
}

// checkBound: a buffer for the largest input is one for all smaller ones. That
// the bound is large enough is for checkCompressBuffer to see.
func checkBound(codec codecs.Codec, report report) {
	last := 0
	check := func(n int) {
		bound := codec.CompressBound(n)
		if bound < last {
			report("CompressBound(%d) = %d, but %d for a smaller input", n, bound, last)
		}
		last = bound
	}
	for n := range 5000 {
		check(n)
	}
	for shift := 13; shift <= 30; shift++ {
		check(1<<shift - 1)
		check(1 << shift)
		check(1<<shift + 1)
	}
}
