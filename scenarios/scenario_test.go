package scenarios_test

import (
	"reflect"
	"strings"
	"testing"

	"zstdshop/scenarios"
)

var all = []struct {
	name     string
	scenario scenarios.Scenario
	want     scenarios.Info // but for Summary
}{
	{"compress", scenarios.Compress(), scenarios.Info{Doing: "compressing", Advised: true, Compresses: true, Codec: true, Corpus: true, Dict: true}},
	{"compressnew", scenarios.CompressNew(), scenarios.Info{Codec: true, Corpus: true, Dict: true}},
	{"decompress", scenarios.Decompress(), scenarios.Info{Doing: "decompressing", Decompresses: true, Codec: true, Corpus: true, Dict: true}},
	{"roundtrip", scenarios.RoundTrip(), scenarios.Info{Doing: "compressing and decompressing", Codec: true, Corpus: true, Dict: true}},
	{"stream-compress", scenarios.StreamCompress(), scenarios.Info{Doing: "writing streams", Codec: true, Corpus: true, Stream: 256 << 10}},
	{"stream-decompress", scenarios.StreamDecompress(), scenarios.Info{Doing: "reading streams", Codec: true, Corpus: true, Stream: 256 << 10}},
	{"stream-flush", scenarios.StreamFlush(), scenarios.Info{Doing: "writing flushed streams", Codec: true, Corpus: true, Stream: 256 << 10}},
	{"cpuburn", scenarios.CPUBurn(), scenarios.Info{TaskPerWorker: true, Iters: 2_500_000}},
	{"randmul", scenarios.RandMul(), scenarios.Info{TaskPerWorker: true, TimedSlice: true}},
}

func TestInfo(t *testing.T) {
	for _, test := range all {
		got := test.scenario.Info()
		if got.Summary == "" || strings.Contains(got.Summary, "\n") {
			t.Errorf("%s: summary %q is not one line", test.name, got.Summary)
		}
		got.Summary = ""
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: info %+v, want %+v", test.name, got, test.want)
		}
	}
}

// TestDoAllocatesNothingOfItsOwn leaves out randmul, whose tasks take real
// time; see TestRandMulAllocatesNothing.
func TestDoAllocatesNothingOfItsOwn(t *testing.T) {
	for _, test := range all {
		if test.name == "randmul" {
			continue
		}
		job := prepare(t, test.scenario, scenarios.Input{
			Codec: &fakeStreams{}, Items: items("abc", "", "de"), Workers: 2, Tasks: 3, Iters: 10,
		})
		for item := range job.Facts().Items {
			allocs := testing.AllocsPerRun(100, func() {
				job.Begin()
				if err := job.Do(1, item); err != nil {
					t.Error(err)
				}
			})
			want := 0.0
			if test.name == "compressnew" {
				want = 1 // the new buffer, which is what it is there for
			}
			if allocs != want {
				t.Errorf("%s, item %d: %v allocations a task, want %v", test.name, item, allocs, want)
			}
		}
	}
}
