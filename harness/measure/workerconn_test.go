package measure

import (
	"strings"
	"testing"

	"zstdshop/harness/worker"
)

func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		name   string
		writes []string
		want   string
	}{
		{"nothing", nil, ""},
		{"short", []string{"panic: ", "x\n"}, "panic: x"},
		{"fills both halves", []string{strings.Repeat("a", excerptBytes), strings.Repeat("b", excerptBytes)},
			strings.Repeat("a", excerptBytes) + strings.Repeat("b", excerptBytes)},
		{"long", []string{"why" + strings.Repeat("a", excerptBytes-3), strings.Repeat("b", 5), strings.Repeat("c", excerptBytes-3), "end"},
			"why" + strings.Repeat("a", excerptBytes-3) + "\n... 5 bytes ...\n" + strings.Repeat("c", excerptBytes-3) + "end"},
		{"not UTF-8", []string{"a\xffb"}, "a?b"},
	} {
		var e excerpt
		for _, w := range c.writes {
			if n, err := e.Write([]byte(w)); n != len(w) || err != nil {
				t.Errorf("%s: Write = %d, %v", c.name, n, err)
			}
		}
		if got := e.String(); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestCheckSample(t *testing.T) {
	asked := worker.Slice{ID: 3, Count: 2, Mode: worker.ModeLatency}
	good := worker.Sample{SliceID: 3, Tasks: 2, WallNS: 10, CPUNS: 5, SentinelNS: []int64{6, 7}, TaskNS: []int64{1, 2}}
	if err := checkSample(asked, good); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*worker.Sample){
		"other slice":     func(s *worker.Sample) { s.SliceID = 2 },
		"less work":       func(s *worker.Sample) { s.Tasks = 1 },
		"more work":       func(s *worker.Sample) { s.Tasks = 3 },
		"no time":         func(s *worker.Sample) { s.WallNS = 0 },
		"negative CPU":    func(s *worker.Sample) { s.CPUNS = -1 },
		"one sentinel":    func(s *worker.Sample) { s.SentinelNS = []int64{6} },
		"zero sentinel":   func(s *worker.Sample) { s.SentinelNS = []int64{6, 0} },
		"task times lack": func(s *worker.Sample) { s.TaskNS = s.TaskNS[:1] },
	} {
		s := good
		edit(&s)
		if err := checkSample(asked, s); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
