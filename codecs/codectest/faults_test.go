package codectest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"unsafe"

	"zstdshop/codecs"
)

// breaches is what Run would say of codec in the subtest of one rule. The
// error is of a rule that does not apply.
func breaches(codec codecs.Codec, name string) (string, error) {
	for _, r := range rulesFor(codec) {
		if r.name == name {
			return told(r, codec), nil
		}
	}
	return "", fmt.Errorf("no rule %q for this codec", name)
}

// told is what one rule says of codec, a breach a line.
func told(r rule, codec codecs.Codec) string {
	var said []string
	r.run(codec, func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) })
	return strings.Join(said, "\n")
}

func TestHonestCodecPasses(t *testing.T) {
	withoutLevels := honest()
	withoutLevels.info = func() codecs.Info {
		return codecs.Info{Summary: "xors", Library: "none", Version: "v1", Format: "xor"}
	}
	ownLevels := honest()
	plantInfo(ownLevels, func(i *codecs.Info) {
		i.Levels = &codecs.Levels{Min: 0, Max: 9, Own: true, Fastest: 0, Default: 0, Best: 9}
	})
	declares := honest()
	allocating(400_000, 300_000)(declares)
	for name, codec := range map[string]codecs.Codec{
		"with levels":         honest(),
		"with its own levels": ownLevels,
		"without levels":      withoutLevels,
		"unavailable":         unavailable(),
		"declares allocation": declares,
	} {
		for _, r := range rulesFor(codec) {
			if said := told(r, codec); said != "" {
				t.Errorf("%s: %s: %s", name, r.name, said)
			}
		}
	}
}

// unavailable is an honest codec that this build has not.
func unavailable() *fake {
	f := honest()
	info := f.info()
	info.Unavailable = "no reason; build it"
	f.info = func() codecs.Info { return info }
	f.newContext = func(int) (codecs.Context, error) {
		return nil, fmt.Errorf("fake: %w: %s", codecs.ErrUnavailable, info.Unavailable)
	}
	return f
}

// TestFaultIsCaught breaks the honest codec in one way a line, and wants the
// rule named to notice and to say so in these words.
func TestFaultIsCaught(t *testing.T) {
	untried := map[string]bool{}
	for _, r := range append(rulesFor(honest()), rulesFor(unavailable())...) {
		untried[r.name] = true
	}
	for _, fault := range []struct {
		name, rule, says string
		plant            func(*fake)
	}{
		{"no version", "info", "Version is empty", withInfo(func(i *codecs.Info) { i.Version = " " })},
		{"no format", "info", "Format is empty", withInfo(func(i *codecs.Info) { i.Format = "" })},
		{"summary of two lines", "info", "more than one line", withInfo(func(i *codecs.Info) { i.Summary = "a\nb" })},
		{"zstd's levels start at 0", "info", "0..12", withInfo(func(i *codecs.Info) { i.Levels.Min = 0 })},
		{"levels upside down", "info", "12..-3", withInfo(func(i *codecs.Info) { i.Levels.Min, i.Levels.Max = 12, -3 })},
		{"no efforts", "info", "effort default", withInfo(func(i *codecs.Info) { i.Levels = &codecs.Levels{Min: -3, Max: 12} })},
		{"effort out of range", "info", "effort best", withInfo(func(i *codecs.Info) { i.Levels.Best = 13 })},
		{"more by default than at best", "info", "effort best is level 9, below 11", withInfo(func(i *codecs.Info) { i.Levels.Default = 11 })},
		{"ceiling that compresses", "info", "no ceiling", withInfo(func(i *codecs.Info) { i.Ceiling = true })},
		{"info changes", "info", "then", func(f *fake) {
			calls := 0
			plantInfo(f, func(i *codecs.Info) { calls++; i.Version = fmt.Sprint(calls) })
		}},
		{"reason of two lines", "info", "Unavailable has more", func(f *fake) {
			*f = *unavailable()
			plantInfo(f, func(i *codecs.Info) { i.Unavailable = "a\nb" })
		}},

		{"takes level 0", "levels", "EffectiveLevel(0)", func(f *fake) {
			checked := f.effective
			f.effective = func(level int) (int, error) {
				if level == 0 {
					return 3, nil
				}
				return checked(level)
			}
		}},
		{"refuses level 0 of its own scale", "levels", "EffectiveLevel(0)", func(f *fake) {
			checked := f.effective
			plantInfo(f, func(i *codecs.Info) { i.Levels.Own = true })
			f.effective = func(level int) (int, error) {
				if level == 0 {
					return 0, codecs.ErrLevel
				}
				return checked(level)
			}
		}},
		{"effective level of another scale", "levels", "100", func(f *fake) {
			checked := f.effective
			f.effective = func(level int) (int, error) {
				effective, err := checked(level)
				return effective * 100, err
			}
		}},
		{"clamps levels", "levels", "EffectiveLevel(13)", func(f *fake) {
			checked := f.effective
			f.effective = func(level int) (int, error) { return checked(min(level, 12)) }
		}},
		{"refuses a level of its range", "levels", "EffectiveLevel(9)", func(f *fake) {
			checked := f.effective
			f.effective = func(level int) (int, error) {
				if level == 9 {
					return 0, codecs.ErrLevel
				}
				return checked(level)
			}
		}},
		{"level changes", "levels", "then", func(f *fake) {
			checked, calls := f.effective, 0
			f.effective = func(level int) (int, error) {
				_, err := checked(level)
				calls++
				return calls, err
			}
		}},
		{"level error of its own", "levels", "want ErrLevel", func(f *fake) {
			checked := f.effective
			f.effective = func(level int) (int, error) {
				effective, err := checked(level)
				if err != nil {
					err = errors.New("no such level")
				}
				return effective, err
			}
		}},
		{"context at any level", "levels", "NewContext(13)", func(f *fake) {
			f.newContext = func(int) (codecs.Context, error) { return &fakeContext{fake: f}, nil }
		}},
		{"no context at the highest level", "levels", "level 12", func(f *fake) {
			made := f.newContext
			f.newContext = func(level int) (codecs.Context, error) {
				if level == 12 {
					return nil, errors.New("too high")
				}
				return made(level)
			}
		}},
		{"level without levels", "levels", "without levels", func(f *fake) {
			f.effective = func(int) (int, error) { return 3, nil }
			plantInfo(f, func(i *codecs.Info) { i.Levels = nil })
		}},

		{"unavailable, but makes contexts", "unavailable", "ErrUnavailable", withInfo(func(i *codecs.Info) { i.Unavailable = "no" })},
		{"unavailable, in other words", "unavailable", "ErrUnavailable", func(f *fake) {
			*f = *unavailable()
			f.newContext = func(int) (codecs.Context, error) { return nil, errors.New("not here") }
		}},

		{"bound shrinks", "bound", "smaller input", func(f *fake) { f.bound = func(n int) int { return n + 1 + 5000/(n+1) } }},
		{"bound overflows", "bound", "smaller input", func(f *fake) { f.bound = func(n int) int { return int(int32(n * 3)) } }},

		{"flips a bit", "round trip", "first difference at 200", withDecompress(func(dst, src []byte) ([]byte, error) {
			got, err := xorDecompress(dst, src)
			if len(got) > 200 {
				got[200] ^= 1
			}
			return got, err
		})},
		{"loses the last byte", "round trip", "got 8 bytes, want 9", withCompress(func(dst, src []byte) ([]byte, error) {
			frame, err := xorCompress(dst, src)
			if len(src) == 9 {
				frame = frame[:len(frame)-1]
			}
			return frame, err
		})},
		{"cannot do nothing", "round trip", "empty: compress", withCompress(func(dst, src []byte) ([]byte, error) {
			if len(src) == 0 {
				return nil, errors.New("empty slice")
			}
			return xorCompress(dst, src)
		})},
		{"stumbles over the second block", "round trip", "128 KiB + 1", withDecompress(func(dst, src []byte) ([]byte, error) {
			got, err := xorDecompress(dst, src)
			return got[:min(len(got), zstdBlock)], err
		})},
		{"panics", "round trip", "panic: runtime error", withDecompress(func(dst, src []byte) ([]byte, error) {
			_ = src[10]
			return xorDecompress(dst, src)
		})},

		{"appends the frame to dst", "compress buffer", "not at dst[:0]", withCompress(func(dst, src []byte) ([]byte, error) {
			if cap(dst) < len(src)+1 {
				return nil, codecs.ErrShortBuffer
			}
			return xor(append(dst, 'F'), src)[len(dst):], nil
		})},
		{"frame in a buffer of its own", "compress buffer", "not at dst[:0]", withCompress(func(dst, src []byte) ([]byte, error) {
			frame, err := xorCompress(dst, src)
			return append([]byte(nil), frame...), err
		})},
		{"grows dst for the frame", "compress buffer", "want ErrShortBuffer", withCompress(func(dst, src []byte) ([]byte, error) {
			return xor(append(dst[:0], 'F'), src), nil
		})},
		{"short error of its own", "compress buffer", "want ErrShortBuffer", withCompress(func(dst, src []byte) ([]byte, error) {
			frame, err := xorCompress(dst, src)
			if err != nil {
				err = errors.New("too small")
			}
			return frame, err
		})},
		{"more than the bound", "compress buffer", "frame of", withCompress(func(dst, src []byte) ([]byte, error) {
			_, err := xorCompress(dst, src)
			return make([]byte, len(src)+2), err
		})},
		{"compresses past too small a capacity", "compress buffer", "outside of dst, capacity 10240", withCompress(func(dst, src []byte) ([]byte, error) {
			frame, err := xorCompress(dst, src)
			if err != nil && cap(dst) == 10240 {
				past(dst)
			}
			return frame, err
		})},
		{"bound too small", "compress buffer", "as CompressBound has it", func(f *fake) { f.bound = func(n int) int { return n } }},
		{"compresses past the capacity", "compress buffer", "outside of dst", withCompress(func(dst, src []byte) ([]byte, error) {
			frame, err := xorCompress(dst, src)
			if err == nil {
				past(dst)
			}
			return frame, err
		})},

		{"appends the content to dst", "decompress buffer", "not at dst[:0]", withDecompress(func(dst, src []byte) ([]byte, error) {
			if len(src) == 0 || cap(dst) < len(src)-1 {
				return nil, codecs.ErrShortBuffer
			}
			return xor(dst, src[1:])[len(dst):], nil
		})},
		{"keeps what dst held", "decompress buffer", "got 2 bytes, want 1", withDecompress(func(dst, src []byte) ([]byte, error) {
			if len(src) == 0 || cap(dst) < len(src)-1 {
				return nil, codecs.ErrShortBuffer
			}
			return xor(dst, src[1:]), nil
		})},
		{"wants a byte to spare", "decompress buffer", "1 byte, dst of 0 bytes, capacity 1: ", withDecompress(func(dst, src []byte) ([]byte, error) {
			return xorDecompress(dst[:0:max(0, cap(dst)-1)], src)
		})},
		{"wants room for nothing", "decompress buffer", "empty into nil", withDecompress(func(dst, src []byte) ([]byte, error) {
			if cap(dst) == 0 {
				return nil, codecs.ErrShortBuffer
			}
			return xorDecompress(dst, src)
		})},
		{"content in a buffer of its own", "decompress buffer", "not at dst[:0]", withDecompress(func(dst, src []byte) ([]byte, error) {
			got, err := xorDecompress(dst, src)
			return append([]byte(nil), got...), err
		})},
		{"grows dst for the content", "decompress buffer", "into nil: 1 bytes and no error", withDecompress(func(dst, src []byte) ([]byte, error) {
			if len(src) == 0 || src[0] != 'F' {
				return nil, errDamaged
			}
			return xor(dst[:0], src[1:]), nil
		})},
		{"half the content", "decompress buffer", "capacity 20479: 20479 bytes and no error", withDecompress(func(dst, src []byte) ([]byte, error) {
			return xorDecompress(dst, src[:min(len(src), cap(dst)+1)])
		})},
		{"decompresses past the capacity", "decompress buffer", "outside of dst", withDecompress(func(dst, src []byte) ([]byte, error) {
			got, err := xorDecompress(dst, src)
			if err == nil {
				past(dst)
			}
			return got, err
		})},
		{"decompresses past too small a capacity", "decompress buffer", "outside of dst", withDecompress(func(dst, src []byte) ([]byte, error) {
			got, err := xorDecompress(dst, src)
			if errors.Is(err, codecs.ErrShortBuffer) {
				past(dst)
			}
			return got, err
		})},

		{"scribbles on the text", "source", "compress: src was written", withCompress(func(dst, src []byte) ([]byte, error) {
			frame, err := xorCompress(dst, src)
			if err == nil && len(src) > 0 {
				src[len(src)-1]++
			}
			return frame, err
		})},
		{"scribbles on the frame", "source", "decompress: src was written", withDecompress(func(dst, src []byte) ([]byte, error) {
			got, err := xorDecompress(dst, src)
			if err == nil {
				src[0] = 0
			}
			return got, err
		})},
		{"scribbles before it fails", "source", "into too little: src was written", withCompress(func(dst, src []byte) ([]byte, error) {
			frame, err := xorCompress(dst, src)
			if err != nil && len(src) > 0 {
				src[0]++
			}
			return frame, err
		})},
		{"ends the text in its spare capacity", "source", "src was written", withCompress(func(dst, src []byte) ([]byte, error) {
			return xorCompress(dst, append(src, 0)[:len(src)])
		})},

		{"scratch for each frame", "allocation", "compress of 262144 bytes allocates", withCompress(func(dst, src []byte) ([]byte, error) {
			return xorCompress(dst, append([]byte(nil), src...))
		})},
		{"scratch for each content", "allocation", "decompress of 262144 bytes allocates", withDecompress(func(dst, src []byte) ([]byte, error) {
			return xorDecompress(dst, append([]byte(nil), src...))
		})},
		{"allocates more than it declares", "allocation", "and declares 200000", allocating(200_000, 300_000)},
		{"declares what it does not need", "allocation", "is not needed", allocating(200_000, 0)},
		{"declares far too much", "allocation", "more than four times that", allocating(2_000_000, 300_000)},
		{"scratch for each frame at best", "allocation", "level 9: compress of 262144 bytes allocates", func(f *fake) {
			made := f.newContext
			f.newContext = func(level int) (codecs.Context, error) {
				ctx, err := made(level)
				if err == nil && level == 9 {
					ctx = garrulous{ctx}
				}
				return ctx, err
			}
		}},
		{"declares for compress, allocates to decompress", "allocation", "decompress of 262144 bytes allocates", func(f *fake) {
			allocating(300_000, 250_000)(f)
			f.decompress = func(dst, src []byte) ([]byte, error) {
				return xorDecompress(dst, append([]byte(nil), src...))
			}
		}},

		{"numbers its frames", "same output", "round 1", func(f *fake) {
			var number atomic.Uint32
			numbered(f, func([]byte) byte { return byte(number.Add(1)) })
		}},
		{"output depends on the last text", "same output", "round 1", func(f *fake) {
			var last atomic.Uint32
			numbered(f, func(src []byte) byte { return byte(last.Swap(uint32(len(src)))) })
		}},
		{"output depends on the context", "same output", "round 2", func(f *fake) {
			made := f.newContext
			var contexts atomic.Uint32
			f.newContext = func(level int) (codecs.Context, error) { contexts.Add(1); return made(level) }
			numbered(f, func([]byte) byte { return byte(contexts.Load()) })
		}},

		{"stays broken after an error", "reuse after error", "after decompress into nil: decompress", func(f *fake) {
			var failed atomic.Bool
			f.decompress = func(dst, src []byte) ([]byte, error) {
				if failed.Load() {
					return nil, errDamaged
				}
				got, err := xorDecompress(dst, src)
				failed.Store(err != nil)
				return got, err
			}
		}},
		{"frames differ after an error", "reuse after error", "compress: got", func(f *fake) {
			var failed atomic.Uint32
			numbered(f, func([]byte) byte { return byte(failed.Load()) })
			numberless := f.compress
			f.compress = func(dst, src []byte) ([]byte, error) {
				frame, err := numberless(dst, src)
				if err != nil {
					failed.Add(1)
				}
				return frame, err
			}
		}},

		{"crashes on a short frame", "damaged frames", "panic: runtime error", withDecompress(func(dst, src []byte) ([]byte, error) {
			if src[0] != 'F' {
				return nil, errDamaged
			}
			return xorDecompress(dst, src)
		})},
		{"believes the size it reads", "damaged frames", "outside of dst", sized(func(dst []byte, size int) error {
			if size > cap(dst) {
				past(dst)
				return codecs.ErrShortBuffer
			}
			return nil
		})},
		{"allocates the size it reads", "damaged frames", "allocated", sized(func(_ []byte, size int) error {
			keep(make([]byte, size&(1<<24-1)))
			return nil
		})},
		{"takes a larger window than it declares", "damaged frames", "want at most 3145728", func(f *fake) {
			plantInfo(f, func(i *codecs.Info) { i.ReadWindow = 2 << 20 })
			sized(func(_ []byte, size int) error {
				keep(make([]byte, size&(1<<24-1)))
				return nil
			})(f)
		}},
		{"tires of damage", "damaged frames", "after damaged frames", func(f *fake) {
			var errs atomic.Int32
			f.decompress = func(dst, src []byte) ([]byte, error) {
				if errs.Load() > 20 {
					return nil, errDamaged
				}
				got, err := xorDecompress(dst, src)
				if err != nil {
					errs.Add(1)
				}
				return got, err
			}
		}},
		{"own buffer on damage", "damaged frames", "not at dst[:0]", withDecompress(func(dst, src []byte) ([]byte, error) {
			got, err := xorDecompress(dst, src)
			if err != nil && cap(dst) > 0 {
				return []byte{0}, nil
			}
			return got, err
		})},
		{"more than dst holds on damage", "damaged frames", "from a dst of capacity", withDecompress(func(dst, src []byte) ([]byte, error) {
			got, err := xorDecompress(dst, src)
			if errors.Is(err, errDamaged) {
				return make([]byte, cap(dst)+1), nil
			}
			return got, err
		})},

		{"compresses after close", "close", "compress after first close", func(f *fake) {
			f.after = func(call string, real error) error {
				if call == "compress" {
					return nil
				}
				return real
			}
		}},
		{"decompresses after close", "close", "decompress after first close", func(f *fake) {
			f.after = func(call string, real error) error {
				if call == "decompress" {
					return nil
				}
				return real
			}
		}},
		{"closed error of its own", "close", "want ErrClosed", func(f *fake) {
			f.after = func(string, error) error { return errors.New("closed") }
		}},
		{"second close fails", "close", "second close", func(f *fake) {
			f.closed = func(calls int) error {
				if calls > 1 {
					return errors.New("closed already")
				}
				return nil
			}
		}},
		{"second close opens", "close", "compress after second close", func(f *fake) {
			closes := 0
			f.closed = func(calls int) error { closes = calls; return nil }
			f.after = func(_ string, real error) error {
				if closes == 2 {
					return nil
				}
				return real
			}
		}},

		{"one close for all compressors", "separate contexts", "after another context was closed: compress", func(f *fake) {
			f.compress = unlessClosed(f, xorCompress)
		}},
		{"one close for all decompressors", "separate contexts", "own frame, after another context was closed", func(f *fake) {
			f.decompress = unlessClosed(f, xorDecompress)
		}},
		{"decoder knows the last frame of any context", "separate contexts", "own frame", func(f *fake) {
			var key atomic.Uint32
			f.compress = func(dst, src []byte) ([]byte, error) {
				frame, err := xorCompress(dst, src)
				if err == nil && len(src) > 0 {
					key.Store(uint32(len(src)))
					frame[1] ^= byte(len(src))
				}
				return frame, err
			}
			f.decompress = func(dst, src []byte) ([]byte, error) {
				got, err := xorDecompress(dst, src)
				if len(got) > 0 {
					got[0] ^= byte(key.Load())
				}
				return got, err
			}
		}},

		{"one context at a time", "concurrent contexts", "contexts at once", func(f *fake) {
			var open atomic.Int32
			made := f.newContext
			f.newContext = func(level int) (codecs.Context, error) { open.Add(1); return made(level) }
			f.closed = func(calls int) error {
				if calls == 1 {
					open.Add(-1)
				}
				return nil
			}
			f.compress = func(dst, src []byte) ([]byte, error) {
				if open.Load() > 2 {
					return nil, errors.New("busy")
				}
				return xorCompress(dst, src)
			}
		}},
		{"panics in a goroutine", "concurrent contexts", "panic", withDecompress(func(dst, src []byte) ([]byte, error) {
			_ = src[10]
			return xorDecompress(dst, src)
		})},
	} {
		delete(untried, fault.rule)
		t.Run(fault.name, func(t *testing.T) {
			f := honest()
			fault.plant(f)
			said, err := breaches(f, fault.rule)
			if err != nil || !strings.Contains(said, fault.says) {
				t.Errorf("rule %q says %q, %v; want it to say %q", fault.rule, said, err, fault.says)
			}
		})
	}
	for name := range untried {
		t.Errorf("no fault for rule %q", name)
	}
}

// TestNoRuleIsIdle: where nothing works, no rule passes for want of something
// to look at.
func TestNoRuleIsIdle(t *testing.T) {
	broken := errors.New("does not work")
	fails := func(dst, src []byte) ([]byte, error) { return nil, broken }
	for _, c := range []struct {
		name  string
		plant func(*fake)
		spare string // rules that have nothing to say
	}{
		{"no contexts", func(f *fake) {
			f.newContext = func(int) (codecs.Context, error) { return nil, broken }
		}, "info, bound"},
		{"no compression", withCompress(fails), "info, levels, bound"},
		{"no decompression", withDecompress(fails), "info, levels, bound, compress buffer, source, same output"},
	} {
		f := honest()
		c.plant(f)
		for _, r := range rulesFor(f) {
			spared := slices.Contains(strings.Split(c.spare, ", "), r.name)
			if said := told(r, f); (said == "") != spared || strings.Contains(said, "panic") {
				t.Errorf("%s: rule %q says %q", c.name, r.name, said)
			}
		}
	}
}

func TestPairFaultIsCaught(t *testing.T) {
	other := honest()
	plantInfo(other, func(i *codecs.Info) { i.Format = "rot13" })
	deaf := honest()
	deaf.decompress = func(dst, src []byte) ([]byte, error) {
		if len(src) > zstdBlock {
			return nil, errDamaged
		}
		return xorDecompress(dst, src)
	}
	for _, c := range []struct {
		name string
		a, b codecs.Codec
		says string
	}{
		{"both honest", honest(), honest(), ""},
		{"formats differ", honest(), other, "formats differ"},
		{"b cannot read large frames", honest(), deaf, "1 MiB mixed: decompress"},
	} {
		if said := told(pair(c.a), c.b); !strings.Contains(said, c.says) || c.says == "" && said != "" {
			t.Errorf("%s: says %q, want %q", c.name, said, c.says)
		}
	}
}

func TestManyBreachesAreCounted(t *testing.T) {
	noisy := rule{"noisy", func(_ codecs.Codec, report report) {
		for range most + 5 {
			report("breach")
		}
	}}
	want := strings.Repeat("breach\n", most) + "and 5 more"
	if said := told(noisy, honest()); said != want {
		t.Errorf("says %q, want %q", said, want)
	}
}

func withInfo(change func(*codecs.Info)) func(*fake) {
	return func(f *fake) { plantInfo(f, change) }
}

func plantInfo(f *fake, change func(*codecs.Info)) {
	honest := f.info
	f.info = func() codecs.Info {
		info := honest()
		change(&info)
		return info
	}
}

func withCompress(do func(dst, src []byte) ([]byte, error)) func(*fake) {
	return func(f *fake) { f.compress = do }
}

func withDecompress(do func(dst, src []byte) ([]byte, error)) func(*fake) {
	return func(f *fake) { f.decompress = do }
}

// allocating declares so many bytes for a frame and takes so many.
func allocating(declared, taken int) func(*fake) {
	return func(f *fake) {
		f.compress = func(dst, src []byte) ([]byte, error) {
			if taken > 0 {
				b := make([]byte, taken)
				scratch.Store(&b)
			}
			return xorCompress(dst, src)
		}
		made := f.newContext
		f.newContext = func(level int) (codecs.Context, error) {
			ctx, err := made(level)
			if err != nil {
				return nil, err
			}
			return declaring{ctx, declared}, nil
		}
	}
}

// scratch is where an allocation goes that the compiler must not leave out.
var scratch atomic.Pointer[[]byte]

type declaring struct {
	codecs.Context
	bytes int
}

func (d declaring) FrameAllocs(int) int { return d.bytes }

// garrulous compresses a copy of the text.
type garrulous struct{ codecs.Context }

func (g garrulous) Compress(dst, src []byte) ([]byte, error) {
	return g.Context.Compress(dst, append([]byte(nil), src...))
}

// unlessClosed refuses do from the Close of any context on, until the next one
// is made.
func unlessClosed(f *fake, do func(dst, src []byte) ([]byte, error)) func(dst, src []byte) ([]byte, error) {
	var closed atomic.Bool
	made := f.newContext
	f.newContext = func(level int) (codecs.Context, error) { closed.Store(false); return made(level) }
	f.closed = func(int) error { closed.Store(true); return nil }
	return func(dst, src []byte) ([]byte, error) {
		if closed.Load() {
			return nil, codecs.ErrClosed
		}
		return do(dst, src)
	}
}

// numbered gives frames a second byte, which decompress skips.
func numbered(f *fake, number func(src []byte) byte) {
	f.bound = func(n int) int { return n + 2 }
	f.compress = func(dst, src []byte) ([]byte, error) {
		if cap(dst) < len(src)+2 {
			return nil, codecs.ErrShortBuffer
		}
		return xor(append(dst[:0], 'F', number(src)), src), nil
	}
	f.decompress = func(dst, src []byte) ([]byte, error) {
		if len(src) < 2 {
			return nil, errDamaged
		}
		return xorDecompress(dst, append([]byte{'F'}, src[2:]...))
	}
}

// sized gives frames a header of eight bytes with the content's size, which
// decompress hands to use before anything else.
func sized(use func(dst []byte, size int) error) func(*fake) {
	return func(f *fake) {
		f.bound = func(n int) int { return n + 8 }
		f.compress = func(dst, src []byte) ([]byte, error) {
			if cap(dst) < len(src)+8 {
				return nil, codecs.ErrShortBuffer
			}
			return xor(binary.LittleEndian.AppendUint64(dst[:0], uint64(len(src))), src), nil
		}
		f.decompress = func(dst, src []byte) ([]byte, error) {
			if len(src) < 8 {
				return nil, errDamaged
			}
			if err := use(dst, int(binary.LittleEndian.Uint64(src))); err != nil {
				return nil, err
			}
			if cap(dst) < len(src)-8 {
				return nil, codecs.ErrShortBuffer
			}
			return xor(dst[:0], src[8:]), nil
		}
	}
}

// past writes the byte after dst's capacity, as C code could.
func past(dst []byte) {
	if cap(dst) > 0 {
		*(*byte)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(dst)), cap(dst))) ^= 0xFF
	}
}

//go:noinline
func keep(b []byte) { _ = b }
