package scenarios_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"zstdshop/codecs"
	"zstdshop/scenarios"
)

// withCodec are the scenarios that share coded.go.
var withCodec = []struct {
	name     string
	scenario scenarios.Scenario
	// compresses and decompresses say what a task does.
	compresses, decompresses bool
}{
	{"compress", scenarios.Compress(), true, false},
	{"compressnew", scenarios.CompressNew(), true, false},
	{"decompress", scenarios.Decompress(), false, true},
	{"roundtrip", scenarios.RoundTrip(), true, true},
}

func items(contents ...string) [][]byte {
	all := make([][]byte, len(contents))
	for i, content := range contents {
		all[i] = []byte(content)
	}
	return all
}

func prepare(t *testing.T, s scenarios.Scenario, in scenarios.Input) scenarios.Job {
	t.Helper()
	if in.Workers == 0 {
		in.Workers = 1
	}
	job, err := s.Prepare(t.Context(), in)
	if err != nil {
		t.Fatalf("Prepare: %v", err)
	}
	t.Cleanup(func() { _ = job.Close() })
	return job
}

func TestFacts(t *testing.T) {
	for _, test := range []struct {
		name     string
		raw      bool
		contents []string
		in, out  int64
		sizes    []int
		packed   []int  // the same compressed
		output   string // of one pass
	}{
		{"two items", false, []string{"\x00", "\x01\x02"}, 3, 5, []int{1, 2}, []int{2, 3}, "F\xffF\xfe\xfd"},
		{"other order", false, []string{"\x01\x02", "\x00"}, 3, 5, []int{2, 1}, []int{3, 2}, "F\xfe\xfdF\xff"},
		{"an empty item", false, []string{"\x00", ""}, 1, 3, []int{1, 0}, []int{2, 1}, "F\xffF"},
		{"nothing but empty items", false, []string{"", ""}, 0, 2, []int{0, 0}, []int{1, 1}, "FF"},
		{"raw", true, []string{"abc", "", "d"}, 4, 4, []int{3, 0, 1}, []int{3, 0, 1}, "abcd"},
		{"raw and nothing but an empty item", true, []string{""}, 0, 0, []int{0}, []int{0}, ""},
	} {
		sum := sha256.Sum256([]byte(test.output))
		want := scenarios.Facts{
			Items: len(test.contents), BytesIn: test.in, BytesOut: test.out,
			ItemBytes: test.sizes, ItemOut: test.packed, Digest: hex.EncodeToString(sum[:]),
		}
		for _, s := range withCodec {
			for _, verify := range []bool{false, true} {
				job := prepare(t, s.scenario, scenarios.Input{
					Codec: &fakeCodec{raw: test.raw}, Items: items(test.contents...), Workers: 2, Verify: verify,
				})
				if got := job.Facts(); !reflect.DeepEqual(got, want) {
					t.Errorf("%s, %s, verify %v:\n got %+v\nwant %+v", s.name, test.name, verify, got, want)
				}
				job.Begin()
				for item := range test.contents {
					if err := job.Do(1, item); err != nil {
						t.Errorf("%s, %s, verify %v: Do item %d: %v", s.name, test.name, verify, item, err)
					}
				}
				if sum := job.Checksum(); sum != 0 {
					t.Errorf("%s: Checksum is %d, want 0", s.name, sum)
				}
			}
		}
	}
}

// spoilers are the faults that a codec may have with an item "abcdef", and the
// error for each.
var spoilers = []struct {
	fault string
	spoil func(plain []byte) ([]byte, error)
	says  string
	// onClock is set where Do must notice the fault, because the size is wrong.
	onClock bool
}{
	{"flips a bit", func(p []byte) ([]byte, error) { p[3] ^= 0x10; return p, nil }, "first difference at byte 3", false},
	{"flips the first bit", func(p []byte) ([]byte, error) { p[0] ^= 1; return p, nil }, "first difference at byte 0", false},
	{"drops the last byte", func(p []byte) ([]byte, error) { return p[:5], nil }, "first difference at byte 5", true},
	{"adds a byte", func(p []byte) ([]byte, error) { return append(p, 'x'), nil }, "first difference at byte 6", true},
	{"returns nothing", func([]byte) ([]byte, error) { return nil, nil }, "first difference at byte 0", true},
	{"refuses its own frame", func([]byte) ([]byte, error) { return nil, errFake }, errFake.Error(), true},
}

// spoilOnly applies spoil where the content is content.
func spoilOnly(content string, spoil func([]byte) ([]byte, error)) func([]byte) ([]byte, error) {
	return func(plain []byte) ([]byte, error) {
		if string(plain) != content {
			return plain, nil
		}
		return spoil(plain)
	}
}

func TestVerifyCatches(t *testing.T) {
	for _, s := range withCodec {
		for _, test := range spoilers {
			codec := &fakeCodec{spoil: spoilOnly("abcdef", test.spoil)}
			in := scenarios.Input{Codec: codec, Items: items("12345678", "abcdef"), Workers: 2, Verify: true}
			job, err := s.scenario.Prepare(t.Context(), in)
			if job != nil || !errors.Is(err, scenarios.ErrCorrupt) {
				t.Errorf("%s, codec %s: job %v, error %v, want none and ErrCorrupt", s.name, test.fault, job, err)
				continue
			}
			if !strings.Contains(err.Error(), "item 1: ") || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s, codec %s: error %q does not name item 1 and %q", s.name, test.fault, err, test.says)
			}
			if open := codec.open(); open != 0 {
				t.Errorf("%s, codec %s: %d contexts left open", s.name, test.fault, open)
			}
			in.Verify = false
			if _, err := s.scenario.Prepare(t.Context(), in); err != nil {
				t.Errorf("%s, codec %s, not asked to verify: %v", s.name, test.fault, err)
			}
		}
	}
}

func TestDoChecksSize(t *testing.T) {
	for _, s := range withCodec {
		if !s.decompresses {
			continue
		}
		for _, test := range spoilers {
			codec := &fakeCodec{}
			job := prepare(t, s.scenario, scenarios.Input{Codec: codec, Items: items("12345678", "abcdef"), Verify: true})
			codec.spoil = spoilOnly("abcdef", test.spoil)
			if err := job.Do(0, 0); err != nil {
				t.Errorf("%s, codec %s: other item: %v", s.name, test.fault, err)
			}
			err := job.Do(0, 1)
			if errors.Is(err, scenarios.ErrCorrupt) != test.onClock {
				t.Errorf("%s, codec %s: error %v, want ErrCorrupt: %v", s.name, test.fault, err, test.onClock)
			}
			if err != nil && !strings.Contains(err.Error(), "item 1: ") {
				t.Errorf("%s, codec %s: error %q does not name item 1", s.name, test.fault, err)
			}
		}
	}
}

func TestDoReturnsCodecError(t *testing.T) {
	for _, s := range withCodec {
		if !s.compresses {
			continue
		}
		codec := &fakeCodec{failCompress: 4} // two in Prepare, one before
		job := prepare(t, s.scenario, scenarios.Input{Codec: codec, Items: items("a", "b")})
		if err := job.Do(0, 0); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
		err := job.Do(0, 1)
		if !errors.Is(err, errFake) || errors.Is(err, scenarios.ErrCorrupt) || !strings.Contains(err.Error(), "item 1: ") {
			t.Errorf("%s: error %v, want the codec's own, naming item 1", s.name, err)
		}
	}
}

// TestPrepareFails checks what a failed Prepare leaves behind: no open context,
// no job.
func TestPrepareFails(t *testing.T) {
	three := items("a", "b", "c")
	for _, test := range []struct {
		name  string
		codec *fakeCodec
		in    scenarios.Input
		says  string
		made  int // contexts
	}{
		{"first context", &fakeCodec{failContext: 1}, scenarios.Input{Items: three, Workers: 3}, "context of worker 0", 0},
		{"last context", &fakeCodec{failContext: 3}, scenarios.Input{Items: three, Workers: 3}, "context of worker 2", 2},
		{"compress first item", &fakeCodec{failCompress: 1}, scenarios.Input{Items: three, Workers: 3}, "compress item 0", 3},
		{"compress last item", &fakeCodec{failCompress: 3}, scenarios.Input{Items: three, Workers: 3}, "compress item 2", 3},
		{"compress, then close", &fakeCodec{failCompress: 2, failClose: true}, scenarios.Input{Items: three, Workers: 3}, "compress item 1", 3},
		{"no items", &fakeCodec{}, scenarios.Input{Workers: 1}, "no items", 0},
		{"no workers", &fakeCodec{}, scenarios.Input{Items: three}, "workers", 0},
	} {
		for _, s := range withCodec {
			codec := *test.codec
			in := test.in
			in.Codec = &codec
			job, err := s.scenario.Prepare(t.Context(), in)
			if job != nil || err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s, %s: job %v, error %v, want none and %q", s.name, test.name, job, err, test.says)
			}
			if made := len(codec.contexts); made != test.made || codec.open() != 0 {
				t.Errorf("%s, %s: %d contexts made, %d left open, want %d and 0", s.name, test.name, made, codec.open(), test.made)
			}
		}
	}
	for _, s := range withCodec {
		if _, err := s.scenario.Prepare(t.Context(), scenarios.Input{Items: three, Workers: 1}); err == nil {
			t.Errorf("%s: no error without a codec", s.name)
		}
	}
}

func TestPrepareEndsWithContext(t *testing.T) {
	for _, s := range withCodec {
		for _, after := range []int{0, 2} { // items done when ctx ends
			cause := errors.New("stopped by a test")
			ctx, cancel := context.WithCancelCause(t.Context())
			if after == 0 {
				cancel(cause)
			}
			codec := &fakeCodec{}
			job, err := s.scenario.Prepare(ctx, scenarios.Input{
				Codec: codec, Items: items("a", "b", "c", "d"), Workers: 2, Verify: true,
				Progress: func(done, _ int) {
					if done == after {
						cancel(cause)
					}
				},
			})
			cancel(nil)
			if job != nil || !errors.Is(err, cause) {
				t.Errorf("%s, ctx ends after %d items: job %v, error %v, want none and its cause", s.name, after, job, err)
			}
			if codec.compressed != after || codec.open() != 0 {
				t.Errorf("%s, ctx ends after %d items: %d compressed, %d contexts left open", s.name, after, codec.compressed, codec.open())
			}
		}
	}
}

func TestProgress(t *testing.T) {
	want := [][2]int{{1, 3}, {2, 3}, {3, 3}}
	for _, s := range withCodec {
		for _, verify := range []bool{false, true} {
			var got [][2]int
			prepare(t, s.scenario, scenarios.Input{
				Codec: &fakeCodec{}, Items: items("a", "", "c"), Verify: verify,
				Progress: func(done, total int) { got = append(got, [2]int{done, total}) },
			})
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s, verify %v: progress %v, want %v", s.name, verify, got, want)
			}
		}
	}
}

// TestDoWorksOnItsItem checks the output of tasks, since nothing checks it on
// the clock.
func TestDoWorksOnItsItem(t *testing.T) {
	for _, s := range withCodec {
		codec := &fakeCodec{}
		job := prepare(t, s.scenario, scenarios.Input{Codec: codec, Items: items("\x00\x01", "", "\x02\x03"), Workers: 2})
		want := []string{"\x00\x01", "", "\x02\x03"}
		if !s.decompresses {
			want = []string{"F\xff\xfe", "F", "F\xfd\xfc"}
		}
		for _, item := range []int{2, 0, 1, 2} {
			if err := job.Do(1, item); err != nil {
				t.Errorf("%s: %v", s.name, err)
			}
			if got := string(codec.contexts[1].output); got != want[item] {
				t.Errorf("%s, item %d: %q, want %q", s.name, item, got, want[item])
			}
		}
	}
}

// TestWorkersAreSeparate checks that a worker has one context and one set of
// buffers, its own, for all its tasks.
func TestWorkersAreSeparate(t *testing.T) {
	const workers = 3
	for _, s := range withCodec {
		codec := &fakeCodec{}
		job := prepare(t, s.scenario, scenarios.Input{Codec: codec, Items: items("a", "bcd", "ef"), Workers: workers})
		if len(codec.contexts) != workers {
			t.Fatalf("%s: %d contexts for %d workers", s.name, len(codec.contexts), workers)
		}
		buffers := map[*byte]int{} // -> worker
		for worker, ctx := range codec.contexts {
			ctx.calls, ctx.dst = 0, map[*byte]bool{}
			for item := range 3 {
				if err := job.Do(worker, item); err != nil {
					t.Fatalf("%s: %v", s.name, err)
				}
			}
			calls := 0
			if s.compresses {
				calls++
			}
			if s.decompresses {
				calls++
			}
			own := calls
			if s.name == "compressnew" {
				own = 3 * calls // a new one for every task
			}
			if ctx.calls != 3*calls || len(ctx.dst) != own {
				t.Errorf("%s, worker %d: %d calls with %d buffers, want %d and %d", s.name, worker, ctx.calls, len(ctx.dst), 3*calls, own)
			}
			for dst := range ctx.dst {
				if other, taken := buffers[dst]; taken {
					t.Errorf("%s: workers %d and %d share a buffer", s.name, other, worker)
				}
				buffers[dst] = worker
			}
		}
	}
}

func TestItemsAreOnlyRead(t *testing.T) {
	for _, s := range withCodec {
		in := items("abc", "", "de")
		job := prepare(t, s.scenario, scenarios.Input{Codec: &fakeCodec{raw: true}, Items: in, Verify: true})
		for item := range in {
			if err := job.Do(0, item); err != nil {
				t.Errorf("%s: %v", s.name, err)
			}
		}
		if want := items("abc", "", "de"); !reflect.DeepEqual(in, want) {
			t.Errorf("%s: items are now %q", s.name, in)
		}
	}
}

func TestClose(t *testing.T) {
	for _, s := range withCodec {
		codec := &fakeCodec{failClose: true}
		job := prepare(t, s.scenario, scenarios.Input{Codec: codec, Items: items("a"), Workers: 3})
		if open := codec.open(); open != 3 {
			t.Errorf("%s: %d contexts open after Prepare, want 3", s.name, open)
		}
		if err := job.Close(); !errors.Is(err, errFake) || !strings.Contains(err.Error(), "worker 2") {
			t.Errorf("%s: Close: %v, want the codec's error for every worker", s.name, err)
		}
		if open := codec.open(); open != 0 {
			t.Errorf("%s: %d contexts open after Close", s.name, open)
		}
		if err := job.Do(0, 0); !errors.Is(err, codecs.ErrClosed) {
			t.Errorf("%s: Do after Close: %v, want ErrClosed", s.name, err)
		}
		codec.failClose = false
		if err := job.Close(); err != nil {
			t.Errorf("%s: second Close: %v", s.name, err)
		}
	}
}
