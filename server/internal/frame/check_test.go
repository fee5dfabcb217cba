package frame_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"zstdshop/server/internal/frame"
)

const (
	kib = 1 << 10
	mib = 1 << 20
)

// shop is limits like the server's.
var shop = frame.Limits{Output: 4 * mib, Window: 8 * mib, Frames: 64, Blocks: 4096}

// framings are inputs and what Check makes of them under shop.
var framings = []struct {
	name, input string
	code        string     // "": passes, with info
	at          int64      // of the error
	info        frame.Info // of what passes
}{
	// Whole frames.
	{"smallest", head{size: "\x00"}.String() + lastRaw(""), "", 0, frame.Info{Content: 0, Exact: true, Frames: 1, Blocks: 1}},
	{"one byte", head{size: "\x01"}.String() + lastRaw("a"), "", 0, frame.Info{Content: 1, Exact: true, Frames: 1, Blocks: 1}},
	{"size in 2 bytes counts from 256", head{size: "\x01\x00"}.String() + lastRLE(257), "", 0, frame.Info{Content: 257, Exact: true, Frames: 1, Blocks: 1}},
	{"size in 4 bytes", head{size: le32(5)}.String() + lastRaw("hello"), "", 0, frame.Info{Content: 5, Exact: true, Frames: 1, Blocks: 1}},
	{"size in 8 bytes", sized(5) + lastRaw("hello"), "", 0, frame.Info{Content: 5, Exact: true, Frames: 1, Blocks: 1}},
	{"window and size", head{window: windowLog(17), size: le32(5)}.String() + lastRaw("hello"), "", 0, frame.Info{Content: 5, Exact: true, Frames: 1, Blocks: 1}},
	{"no size, raw", open() + lastRaw("hello"), "", 0, frame.Info{Content: 5, Exact: true, Frames: 1, Blocks: 1}},
	{"no size, RLE", open() + rle(100) + lastRLE(28), "", 0, frame.Info{Content: 128, Exact: true, Frames: 1, Blocks: 2}},
	{"no size, compressed", open() + lastCompressed(literals(70)), "", 0, frame.Info{Content: 128 * kib, Frames: 1, Blocks: 1}},
	{"no size, small window, compressed", head{window: windowLog(10)}.String() + lastCompressed(literals(70)), "", 0, frame.Info{Content: kib, Frames: 1, Blocks: 1}},
	{"no size, compressed between", open() + raw("ab") + compressed(literals(70)) + lastRLE(3), "", 0, frame.Info{Content: 5 + 128*kib, Frames: 1, Blocks: 3}},
	{"size, compressed", sized(70) + lastCompressed(literals(70)), "", 0, frame.Info{Content: 70, Exact: true, Frames: 1, Blocks: 1}},
	{"checksum", head{size: "\x00", flags: checksummed}.String() + lastRaw("") + "\x99\xe9\xd8\x51", "", 0, frame.Info{Content: 0, Exact: true, Frames: 1, Blocks: 1, Checksums: 1}},
	{"unused bit of the descriptor", head{size: "\x01", flags: 1 << 4}.String() + lastRaw("a"), "", 0, frame.Info{Content: 1, Exact: true, Frames: 1, Blocks: 1}},
	{"dictionary 0 is none", head{size: "\x01", dictionary: le32(0)}.String() + lastRaw("a"), "", 0, frame.Info{Content: 1, Exact: true, Frames: 1, Blocks: 1}},
	{"empty blocks", open() + times(100, raw("")) + times(100, rle(0)) + lastRaw(""), "", 0, frame.Info{Content: 0, Exact: true, Frames: 1, Blocks: 201}},
	{"largest raw block", open() + lastRaw(times(128*kib, "x")), "", 0, frame.Info{Content: 128 * kib, Exact: true, Frames: 1, Blocks: 1}},
	{"largest RLE block", open() + lastRLE(128*kib), "", 0, frame.Info{Content: 128 * kib, Exact: true, Frames: 1, Blocks: 1}},

	// More than one.
	{"two frames", sized(1) + lastRaw("a") + sized(2) + lastRaw("bc"), "", 0, frame.Info{Content: 3, Exact: true, Frames: 2, Blocks: 2}},
	{"one says its size, one does not", sized(1) + lastRaw("a") + open() + lastCompressed(literals(9)), "", 0, frame.Info{Content: 1 + 128*kib, Frames: 2, Blocks: 2}},
	{"skippable alone", skippable("whatever"), "", 0, frame.Info{Content: 0, Exact: true, Frames: 1}},
	{"empty skippable", skippable(""), "", 0, frame.Info{Content: 0, Exact: true, Frames: 1}},
	{"skippable around", skippable("a") + sized(1) + lastRaw("a") + skippable("") + skippable("b"), "", 0, frame.Info{Content: 1, Exact: true, Frames: 4, Blocks: 1}},
	{"skippable of each kind", "\x50\x2a\x4d\x18\x00\x00\x00\x00\x5f\x2a\x4d\x18\x00\x00\x00\x00", "", 0, frame.Info{Content: 0, Exact: true, Frames: 2}},

	// Not zstd.
	{"nothing", "", "empty", 0, frame.Info{}},
	{"text", "hello, world", "not_zstd", 0, frame.Info{}},
	{"NUL", "\x00", "not_zstd", 0, frame.Info{}},
	{"gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", "not_zstd", 0, frame.Info{}},
	{"lz4", "\x04\x22\x4d\x18\x64\x40\xa7", "not_zstd", 0, frame.Info{}},
	{"zstd 0.1", "\x1e\xb5\x2f\xfd\x00\x00\x00\x00\x00", "not_zstd", 0, frame.Info{}},
	{"zstd 0.4", "\x24\xb5\x2f\xfd\x00\x00\x00\x00\x00", "not_zstd", 0, frame.Info{}},
	{"zstd 0.7", "\x27\xb5\x2f\xfd\x00\x00\x00\x00\x00", "not_zstd", 0, frame.Info{}},
	{"a dictionary", "\x37\xa4\x30\xec\x00\x00\x00\x00\x00", "not_zstd", 0, frame.Info{}},
	{"magic number backwards", "\xfd\x2f\xb5\x28\x20\x00\x01\x00\x00", "not_zstd", 0, frame.Info{}},
	{"below the skippable magic numbers", "\x4f\x2a\x4d\x18\x00\x00\x00\x00", "not_zstd", 0, frame.Info{}},
	{"above the skippable magic numbers", "\x60\x2a\x4d\x18\x00\x00\x00\x00", "not_zstd", 0, frame.Info{}},

	// Cut short.
	{"magic number cut", magic[:3], "truncated", 0, frame.Info{}},
	{"skippable magic number cut", "\x57\x2a", "truncated", 0, frame.Info{}},
	{"magic number only", magic, "truncated", 4, frame.Info{}},
	{"no window", magic + "\x00", "truncated", 4, frame.Info{}},
	{"no size", magic + "\x20", "truncated", 4, frame.Info{}},
	{"size cut", magic + "\xe0\x01\x00\x00\x00\x00\x00\x00", "truncated", 4, frame.Info{}},
	{"no block", head{size: "\x00"}.String(), "truncated", 6, frame.Info{}},
	{"block header cut", head{size: "\x00"}.String() + "\x01\x00", "truncated", 6, frame.Info{}},
	{"raw block cut", head{size: "\x05"}.String() + lastRaw("hello")[:7], "truncated", 6, frame.Info{}},
	{"RLE block without its byte", head{size: "\x05"}.String() + block(true, 1, 5), "truncated", 6, frame.Info{}},
	{"compressed block cut", open() + lastCompressed(literals(9))[:7], "truncated", 6, frame.Info{}},
	{"no last block", open() + raw("a"), "truncated", 10, frame.Info{}},
	{"checksum cut", head{size: "\x00", flags: checksummed}.String() + lastRaw("") + "\x99\xe9\xd8", "truncated", 9, frame.Info{}},
	{"skippable without size", "\x50\x2a\x4d\x18\x00\x00\x00", "truncated", 4, frame.Info{}},
	{"skippable of 4 GiB in 9 bytes", "\x50\x2a\x4d\x18\xff\xff\xff\xff\x01", "truncated", 4, frame.Info{}},
	{"skippable cut by one", skippable("abc")[:10], "truncated", 4, frame.Info{}},
	{"second magic number cut", skippable("") + magic[:2], "truncated", 8, frame.Info{}},

	// Something after a frame.
	{"NUL after", sized(1) + lastRaw("a") + "\x00", "trailing_bytes", 17, frame.Info{}},
	{"newline after", sized(1) + lastRaw("a") + "\n", "trailing_bytes", 17, frame.Info{}},
	{"text after a skippable", skippable("abc") + "hello", "trailing_bytes", 11, frame.Info{}},
	{"checksum without its bit", sized(0) + lastRaw("") + "\x99\xe9\xd8\x51", "trailing_bytes", 16, frame.Info{}},

	// Against the format.
	{"reserved bit", head{size: "\x01", flags: 1 << 3}.String() + lastRaw("a"), "corrupt_frame", 4, frame.Info{}},
	{"reserved block type", open() + block(true, 3, 1) + "a", "corrupt_frame", 6, frame.Info{}},
	{"reserved block type after others", open() + raw("a") + block(true, 3, 0), "corrupt_frame", 10, frame.Info{}},
	{"compressed block of nothing", open() + lastCompressed(""), "corrupt_frame", 6, frame.Info{}},
	{"compressed block of one byte", open() + lastCompressed("\x00"), "corrupt_frame", 6, frame.Info{}},
	{"raw block too large", open() + lastRaw(times(128*kib+1, "x")), "corrupt_frame", 6, frame.Info{}},
	{"RLE block too large", open() + lastRLE(128*kib+1), "corrupt_frame", 6, frame.Info{}},
	{"RLE block of 2 MiB in 10 bytes", open() + lastRLE(1<<21-1), "corrupt_frame", 6, frame.Info{}},
	{"compressed block too large", open() + lastCompressed(times(128*kib+1, "\x00")), "corrupt_frame", 6, frame.Info{}},
	{"raw block above the window", head{window: windowLog(10)}.String() + lastRaw(times(kib+1, "x")), "corrupt_frame", 6, frame.Info{}},
	{"RLE block above the window", head{window: windowLog(10)}.String() + lastRLE(kib+1), "corrupt_frame", 6, frame.Info{}},
	{"compressed block above the segment", head{size: "\x04"}.String() + lastCompressed(literals(4)), "corrupt_frame", 6, frame.Info{}},
	{"size one too small", sized(4) + raw("he") + lastRaw("llo"), "corrupt_frame", 5, frame.Info{}},
	{"size one too large", sized(6) + lastRaw("hello"), "corrupt_frame", 5, frame.Info{}},
	{"size above what the blocks can make", sized(256*kib+1) + compressed(literals(9)) + lastCompressed(literals(9)), "corrupt_frame", 5, frame.Info{}},
	{"size of content that is not there", sized(1) + lastRaw(""), "corrupt_frame", 5, frame.Info{}},
	{"claims the limit, makes 100 bytes", sized(4*mib) + lastRLE(100), "corrupt_frame", 5, frame.Info{}},

	// Dictionaries.
	{"dictionary in 1 byte", head{size: "\x01", dictionary: "\x07"}.String() + lastRaw("a"), "dictionary", 5, frame.Info{}},
	{"dictionary in 2 bytes", head{window: windowLog(10), dictionary: "\x00\x01"}.String() + lastRaw("a"), "dictionary", 6, frame.Info{}},
	{"dictionary in 4 bytes", head{size: "\x01", dictionary: "\x00\x00\x00\x80"}.String() + lastRaw("a"), "dictionary", 5, frame.Info{}},

	// Too large.
	{"18 bytes that claim 60 GiB", sized(60<<30) + block(true, 0, 0) + "aa", "too_large", 5, frame.Info{}},
	{"claim of 2^30", sized(1<<30) + lastRaw(""), "too_large", 5, frame.Info{}},
	{"claim of 2^31", head{size: le32(1 << 31)}.String() + lastRaw(""), "too_large", 5, frame.Info{}},
	{"claim of 2^63", sized(1<<63) + lastRaw(""), "too_large", 5, frame.Info{}},
	{"claim of 2^64-1", sized(1<<64-1) + lastRaw(""), "too_large", 5, frame.Info{}},
	{"claim of the limit and one", sized(4*mib+1) + lastRaw(""), "too_large", 5, frame.Info{}},
	{"the limit", sized(4*mib) + times(31, rle(128*kib)) + lastRLE(128*kib), "", 0, frame.Info{Content: 4 * mib, Exact: true, Frames: 1, Blocks: 32}},
	{"the limit, unsaid", open() + times(32, rle(128*kib)) + lastRaw(""), "", 0, frame.Info{Content: 4 * mib, Exact: true, Frames: 1, Blocks: 33}},
	{"the limit and one, unsaid", open() + times(32, rle(128*kib)) + lastRaw("a"), "too_large", 6 + 32*4, frame.Info{}},
	{"two claims", sized(3*mib) + times(23, rle(128*kib)) + lastRLE(128*kib) + sized(1*mib+1), "too_large", 17 - 4 + 24*4 + 5, frame.Info{}},
	{"a claim after what is unsaid", open() + times(32, rle(128*kib)) + lastRaw("") + sized(1), "too_large", 6 + 33*4 - 1 + 5, frame.Info{}},
	{"compressed blocks that need not pass the limit", open() + times(40, compressed(literals(9))) + lastRaw(""), "", 0, frame.Info{Content: 4 * mib, Frames: 1, Blocks: 41}},

	// Windows.
	{"window at the limit", head{window: windowLog(23)}.String() + lastRaw("a"), "", 0, frame.Info{Content: 1, Exact: true, Frames: 1, Blocks: 1}},
	{"window an eighth above it", head{window: "\x69"}.String() + lastRaw("a"), "window_too_large", 4, frame.Info{}},
	{"window of 2^24", head{window: windowLog(24)}.String() + lastRaw("a"), "window_too_large", 4, frame.Info{}},
	{"window of 2^27", head{window: windowLog(27)}.String() + lastRaw("a"), "window_too_large", 4, frame.Info{}},
	{"window of 2^31", head{window: windowLog(31)}.String() + lastRaw("a"), "window_too_large", 4, frame.Info{}},
	{"window of 2^32", head{window: windowLog(32)}.String() + lastRaw("a"), "window_too_large", 4, frame.Info{}},
	{"largest window", head{window: "\xff"}.String() + lastRaw("a"), "window_too_large", 4, frame.Info{}},

	// Floods.
	{"frames at the limit", times(64, head{size: "\x00"}.String()+lastRaw("")), "", 0, frame.Info{Content: 0, Exact: true, Frames: 64, Blocks: 64}},
	{"a frame above it", times(65, head{size: "\x00"}.String()+lastRaw("")), "too_many_frames", 64 * 9, frame.Info{}},
	{"skippable ones count", times(65, skippable("")), "too_many_frames", 64 * 8, frame.Info{}},
	{"blocks at the limit", open() + times(4095, raw("")) + lastRaw(""), "", 0, frame.Info{Content: 0, Exact: true, Frames: 1, Blocks: 4096}},
	{"a block above it", open() + times(4096, raw("")) + lastRaw(""), "too_many_blocks", 6 + 4096*3, frame.Info{}},
	{"blocks of all frames count", open() + times(4095, raw("")) + lastRaw("") + open() + lastRaw(""), "too_many_blocks", 6 + 4096*3 + 6, frame.Info{}},
}

func TestCheck(t *testing.T) {
	for _, c := range framings {
		info, err := frame.Check([]byte(c.input), shop)
		code, at := fault(t, err)
		if code != c.code || at != c.at || info != c.info {
			t.Errorf("%s: %+v, error %q at %d; want %+v, error %q at %d (%v)", c.name, info, code, at, c.info, c.code, c.at, err)
		}
	}
}

// fault takes an error of Check apart.
func fault(t *testing.T, err error) (code string, at int64) {
	t.Helper()
	if err == nil {
		return "", 0
	}
	var e *frame.Error
	if !errors.As(err, &e) {
		t.Fatalf("error is a %T: %v", err, err)
	}
	return e.Code, e.Offset
}

// TestScanner: input in two parts, wherever it is cut, and byte by byte, is the
// same as in one; and what is refused before all of it has come is what all of it
// is refused for. The server looks at what arrives and reads no more than it must.
func TestScanner(t *testing.T) {
	for _, c := range framings {
		input := []byte(c.input)
		info, want := frame.Check(input, shop)
		single := frame.NewScanner(shop)
		var early error
		for i := range input {
			if early = single.Scan(input[i : i+1]); early != nil {
				break
			}
		}
		same(t, c.name+", byte by byte", single, early, info, want)
		for n := range min(len(input), 300) {
			s := frame.NewScanner(shop)
			early := s.Scan(input[:n])
			if early == nil {
				early = s.Scan(input[n:])
			}
			same(t, fmt.Sprintf("%s, cut at %d", c.name, n), s, early, info, want)
		}
	}
}

// same holds a scan against what Check made of the whole.
func same(t *testing.T, name string, s *frame.Scanner, early error, info frame.Info, want error) {
	t.Helper()
	if early != nil {
		if want == nil || *early.(*frame.Error) != *want.(*frame.Error) {
			t.Errorf("%s: %v early, %v of all", name, early, want)
		}
		return
	}
	got, err := s.End()
	if got != info || (err == nil) != (want == nil) || err != nil && *err.(*frame.Error) != *want.(*frame.Error) {
		t.Errorf("%s: %+v, %v; want %+v, %v", name, got, err, info, want)
	}
}

// TestScannerEarly: a bomb is refused by the block that is too much, not by the
// last.
func TestScannerEarly(t *testing.T) {
	s := frame.NewScanner(shop)
	if err := s.Scan([]byte(open() + times(32, rle(128*kib)))); err != nil {
		t.Fatal(err)
	}
	if code, at := fault(t, s.Scan([]byte(rle(1)))); code != "too_large" || at != 6+32*4 {
		t.Errorf("%q at %d", code, at)
	}
	s = frame.NewScanner(shop)
	if err := s.Scan([]byte(open() + lastRaw(times(100, "x"))[:50])); err != nil || s.Skip() != 100-47 {
		t.Errorf("%d bytes to skip, %v", s.Skip(), err)
	}
}

// TestBomb: 3 MiB that claim 96 GiB, and 3 MiB that make it without a claim.
func TestBomb(t *testing.T) {
	const blocks = 3 * mib / 4
	for _, c := range []struct {
		name, input, code string
		most              frame.Limits
	}{
		{"claimed", sized(blocks * 128 * kib), "too_large", shop},
		{"RLE", open() + times(blocks, rle(128*kib)), "too_large", shop},
		{"compressed, too many", open() + times(blocks/2, compressed(literals(128*kib))), "too_many_blocks", shop},
	} {
		if code, _ := fault(t, second(frame.Check([]byte(c.input), c.most))); code != c.code {
			t.Errorf("%s: %q, want %q", c.name, code, c.code)
		}
	}
	// Without a limit it is what it says.
	input := sized(blocks*128*kib) + times(blocks-1, rle(128*kib)) + lastRLE(128*kib)
	info, err := frame.Check([]byte(input), frame.Limits{Output: math.MaxInt64, Window: math.MaxInt64, Frames: 1, Blocks: math.MaxInt})
	if want := (frame.Info{Content: 96 << 30, Exact: true, Frames: 1, Blocks: blocks}); err != nil || info != want {
		t.Errorf("unlimited: %+v, %v; want %+v", info, err, want)
	}
}

func second[A, B any](_ A, b B) B { return b }

// TestWindowLogs: every window there is, against limits around it.
func TestWindowLogs(t *testing.T) {
	for descriptor := range 256 {
		window := int64(1) << (10 + descriptor>>3)
		window += window / 8 * int64(descriptor&7)
		input := []byte(head{window: string([]byte{byte(descriptor)})}.String() + lastRaw("a"))
		for most, want := range map[int64]string{window - 1: "window_too_large", window: "", window + 1: "", math.MaxInt64: "", 0: "window_too_large", -1: "window_too_large"} {
			lim := shop
			lim.Window = most
			if code, _ := fault(t, second(frame.Check(input, lim))); code != want {
				t.Errorf("window descriptor %#02x, limit %d: %q, want %q", descriptor, most, code, want)
			}
		}
	}
}

// TestNothingAllowed: a limit of zero or less is one.
func TestNothingAllowed(t *testing.T) {
	input := []byte(sized(1) + lastRaw("a"))
	for _, c := range []struct {
		change func(*frame.Limits)
		code   string
	}{
		{func(l *frame.Limits) { l.Output = 1 }, ""},
		{func(l *frame.Limits) { l.Output = 0 }, "too_large"},
		{func(l *frame.Limits) { l.Output = math.MinInt64 }, "too_large"},
		{func(l *frame.Limits) { l.Window = 1 }, ""},
		{func(l *frame.Limits) { l.Window = 0 }, "window_too_large"},
		{func(l *frame.Limits) { l.Frames = 0 }, "too_many_frames"},
		{func(l *frame.Limits) { l.Frames = -1 }, "too_many_frames"},
		{func(l *frame.Limits) { l.Blocks = 0 }, "too_many_blocks"},
		{func(l *frame.Limits) { l.Blocks = -1 }, "too_many_blocks"},
	} {
		lim := shop
		c.change(&lim)
		if code, _ := fault(t, second(frame.Check(input, lim))); code != c.code {
			t.Errorf("%+v: %q, want %q", lim, code, c.code)
		}
	}
}

// TestErrorText: an error of Check reads well in a log.
func TestErrorText(t *testing.T) {
	_, err := frame.Check([]byte(sized(60<<30)), shop)
	if got, want := err.Error(), "zstd frame: too_large at byte 5: more than 4194304 bytes of content"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestNoAllocation(t *testing.T) {
	input := []byte(skippable("abc") + sized(5) + lastRaw("hello") + open() + times(100, compressed(literals(3))) + lastRLE(9))
	if n := testing.AllocsPerRun(100, func() { frame.Check(input, shop) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
