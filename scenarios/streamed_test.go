package scenarios_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"zstdshop/codecs"
	"zstdshop/scenarios"
)

// withStreams are the scenarios that share streamed.go.
var withStreams = []struct {
	name     string
	scenario scenarios.Scenario
	reads    bool
	output   string // of one pass over abcd and ef in writes of 3
	flushes  int
}{
	{"stream-compress", scenarios.StreamCompress(), false, "abcd.ef.", 0},
	{"stream-decompress", scenarios.StreamDecompress(), true, "abcd.ef.", 0},
	{"stream-flush", scenarios.StreamFlush(), false, "abc|d|.ef|.", 3},
}

func streamInput(codec codecs.Codec) scenarios.Input {
	return scenarios.Input{Codec: codec, Items: items("abcd", "ef"), Workers: 2, Write: 3}
}

func TestStreamFacts(t *testing.T) {
	for _, s := range withStreams {
		for _, verify := range []bool{false, true} {
			in := streamInput(&fakeStreams{})
			in.Verify = verify
			job := prepare(t, s.scenario, in)
			got := job.Facts()
			first := strings.Index(s.output, ".") + 1
			sum := sha256.Sum256([]byte(s.output))
			want := scenarios.Facts{Items: 2, BytesIn: 6, BytesOut: int64(len(s.output)), ItemBytes: []int{4, 2},
				ItemOut: []int{first, len(s.output) - first}, Digest: hex.EncodeToString(sum[:]), Stream: got.Stream}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s, verify %v:\n got %+v\nwant %+v", s.name, verify, got, want)
			}
			stream := *got.Stream
			if known := stream.Setup > 0; known != verify || stream.Window != 7 || stream.Flushes != s.flushes {
				t.Errorf("%s, verify %v: stream facts %+v; want a window of 7 and %d flushes", s.name, verify, stream, s.flushes)
			}
			for item := range 2 {
				if err := job.Do(1, item); err != nil {
					t.Errorf("%s: Do item %d: %v", s.name, item, err)
				}
			}
		}
	}
}

// TestStreamTaskIsAWholeStream holds that no task leaves work to another.
func TestStreamTaskIsAWholeStream(t *testing.T) {
	for _, test := range []struct {
		scenario scenarios.Scenario
		write    int
		want     string
	}{
		{scenarios.StreamCompress(), 3, "reset, write abc, write d, close"},
		{scenarios.StreamFlush(), 3, "reset, write abc, flush, write d, flush, close"},
		{scenarios.StreamCompress(), 0, "reset, write abcd, close"},
		{scenarios.StreamDecompress(), 3, ""},
	} {
		codec := &fakeStreams{}
		in := streamInput(codec)
		in.Write = test.write
		job := prepare(t, test.scenario, in)
		for worker := range in.Workers {
			codec.calls = []string{}
			if err := job.Do(worker, 0); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(codec.calls, ", "); got != test.want {
				t.Errorf("%s: a task of worker %d does %q, want %q", test.scenario.Info().Summary, worker, got, test.want)
			}
		}
	}
}

// streamSpoilers are the faults that a reader may have with a stream "abcd".
var streamSpoilers = []struct {
	fault string
	spoil func(*fakeStreams)
	// onClock is set where Do must notice the fault, because the size is wrong.
	onClock bool
}{
	{"flips a bit", func(c *fakeStreams) {
		c.spoilRead = func(content []byte) error { content[1] ^= 1; return nil }
	}, false},
	{"takes a cut stream for a whole one", func(c *fakeStreams) { c.lose = 1 }, true},
	{"reads nothing", func(c *fakeStreams) { c.lose = 9 }, true},
	{"refuses its own stream", func(c *fakeStreams) {
		c.spoilRead = func([]byte) error { return errFake }
	}, true},
}

func TestStreamVerifyCatches(t *testing.T) {
	for _, s := range withStreams {
		for _, test := range streamSpoilers {
			codec := &fakeStreams{}
			test.spoil(codec)
			in := streamInput(codec)
			in.Verify = true
			if job, err := s.scenario.Prepare(t.Context(), in); job != nil || !errors.Is(err, scenarios.ErrCorrupt) {
				t.Errorf("%s, codec %s: job %v, error %v, want none and ErrCorrupt", s.name, test.fault, job, err)
			} else if !strings.Contains(err.Error(), "stream 0: ") {
				t.Errorf("%s, codec %s: error %q does not name stream 0", s.name, test.fault, err)
			}
			if codec.open != 0 {
				t.Errorf("%s, codec %s: %d streams left open", s.name, test.fault, codec.open)
			}
		}
	}
}

// TestStreamReadCountsBytes holds that no figure comes of a stream that lost some.
func TestStreamReadCountsBytes(t *testing.T) {
	for _, test := range streamSpoilers {
		codec := &fakeStreams{}
		job := prepare(t, scenarios.StreamDecompress(), streamInput(codec))
		test.spoil(codec)
		err := job.Do(0, 0)
		if test.onClock != errors.Is(err, scenarios.ErrCorrupt) {
			t.Errorf("codec %s: error %v, want ErrCorrupt: %v", test.fault, err, test.onClock)
		}
	}
}

func TestStreamPrepareRefuses(t *testing.T) {
	for _, s := range withStreams {
		for _, test := range []struct {
			name   string
			change func(*scenarios.Input)
			says   string
		}{
			{"no streams", func(in *scenarios.Input) { in.Codec = &fakeCodec{} }, "no streams"},
			{"no codec", func(in *scenarios.Input) { in.Codec = nil }, "no streams"},
			{"no items", func(in *scenarios.Input) { in.Items = nil }, "no items"},
			{"no workers", func(in *scenarios.Input) { in.Workers = 0 }, "at least 1"},
			{"a negative write", func(in *scenarios.Input) { in.Write = -1 }, "-1 bytes"},
			{"no such level", func(in *scenarios.Input) { in.Level = 99 }, codecs.ErrLevel.Error()},
			{"a write fails", func(in *scenarios.Input) { in.Codec.(*fakeStreams).failWrite = 2 }, errFake.Error()},
			{"no writer", func(in *scenarios.Input) { in.Codec.(*fakeStreams).failContext = 1 }, errFake.Error()},
			{"no second one", func(in *scenarios.Input) { in.Codec.(*fakeStreams).failContext = 2 }, errFake.Error()},
		} {
			in := streamInput(&fakeStreams{})
			test.change(&in)
			job, err := s.scenario.Prepare(t.Context(), in)
			if job != nil || err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("%s, %s: job %v, error %v, want one that says %q", s.name, test.name, job, err, test.says)
			}
			if codec, ok := in.Codec.(*fakeStreams); ok && codec.open != 0 {
				t.Errorf("%s, %s: %d streams left open", s.name, test.name, codec.open)
			}
		}
	}
}

func TestStreamClose(t *testing.T) {
	for _, s := range withStreams {
		codec := &fakeStreams{}
		job := prepare(t, s.scenario, streamInput(codec))
		for range 2 {
			if err := job.Close(); err != nil {
				t.Errorf("%s: close: %v", s.name, err)
			}
		}
		if codec.open != 0 {
			t.Errorf("%s: %d streams left open", s.name, codec.open)
		}
		if err := job.Do(0, 0); !errors.Is(err, codecs.ErrClosed) {
			t.Errorf("%s: Do after Close: %v, want ErrClosed", s.name, err)
		}
	}
	failing := &fakeStreams{}
	job := prepare(t, scenarios.StreamDecompress(), streamInput(failing))
	failing.failClose = true
	if err := job.Close(); !errors.Is(err, errFake) || failing.open != 0 {
		t.Errorf("close: %v with %d streams left open; want the codec's error and all closed", err, failing.open)
	}
}

// Streams of nothing end, whatever the size of a read.
func TestStreamsOfNothing(t *testing.T) {
	for _, s := range withStreams {
		job := prepare(t, s.scenario, scenarios.Input{Codec: &fakeStreams{}, Items: items("", ""), Verify: true})
		if err := job.Do(0, 1); err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}

func TestFlushesAreTimed(t *testing.T) {
	job := prepare(t, scenarios.StreamFlush(), streamInput(&fakeStreams{})).(scenarios.Stepped)
	work := func() {
		for i := range 4 {
			if err := job.Do(i%2, i/2); err != nil {
				t.Fatal(err)
			}
		}
	}
	work()
	if got := job.TimeSteps(4); len(got) != 0 {
		t.Errorf("%d flushes were timed before anybody asked", len(got))
	}
	work()
	got := job.TimeSteps(0)
	if len(got) != 6 { // abc, d and ef, by two workers
		t.Errorf("%d flushes were timed, want 6", len(got))
	}
	for _, ns := range got {
		if ns < 1 {
			t.Errorf("a flush took %d ns", ns)
		}
	}
	work()
	if got := job.TimeSteps(0); len(got) != 0 {
		t.Errorf("%d flushes were timed after the end", len(got))
	}
}
