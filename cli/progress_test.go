package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"zstdshop/codecs"
	"zstdshop/harness"
	"zstdshop/harness/measure"
	"zstdshop/harness/result"
)

func at(elapsed time.Duration, round int) measure.Progress {
	phase := "measure"
	if round == 0 {
		phase = "pilot run"
	}
	return measure.Progress{Phase: phase, Cell: "scenario=compress/codec=klauspost", Round: round, Elapsed: elapsed, Total: 50 * time.Second}
}

// Where there is no terminal nothing is drawn over, a short pilot run is silent,
// and a long run says where it is every ten seconds.
func TestProgressLines(t *testing.T) {
	var out bytes.Buffer
	p := &progress{w: &out, next: lineEvery}
	for _, step := range []measure.Progress{
		at(time.Second, 0), at(2*time.Second, 1), at(3*time.Second, 1), at(11*time.Second, 1), at(12*time.Second, 2), at(23*time.Second, 3),
	} {
		p.report(step)
	}
	p.end()
	want := `2s done, at most 48s to go, round 1: scenario=compress/codec=klauspost
12s done, at most 38s to go, round 2: scenario=compress/codec=klauspost
23s done, at most 27s to go, round 3: scenario=compress/codec=klauspost
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}

// ceiling is a codec that is there to show what memory can do.
type ceiling struct{ codecs.Codec }

func (ceiling) Info() codecs.Info { return codecs.Info{Ceiling: true} }

// What is known so far is told.
func TestProgressTellsWhatIsKnown(t *testing.T) {
	reg := new(harness.Registry)
	reg.AddCodec("copy", ceiling{})
	for _, c := range []struct {
		known measure.Known
		want  string
	}{
		{measure.Known{}, "round 1: "},
		{measure.Known{Leader: &result.Cell{Codec: "datadog", Runner: "pool"}}, "round 1, datadog/pool leads so far: "},
		{measure.Known{Leader: &result.Cell{Runner: "pool"}}, "round 1, pool leads so far: "},
		{measure.Known{Leader: &result.Cell{Codec: "copy", Runner: "pool"}}, "round 1: "},
		{measure.Known{Asked: 4, Decided: 3}, "round 1, 3 of 4 decided: "},
		{measure.Known{Asked: 4, Decided: 3, Visible: 0.0412}, "round 1, 3 of 4 decided, others will be where it is 4.1 % or more: "},
		{measure.Known{Asked: 4, Decided: 4}, "round 1, 4 of 4 decided: "},
	} {
		var out bytes.Buffer
		p := &progress{w: &out, next: lineEvery, reg: reg}
		step := at(time.Second, 1)
		step.Known = c.known
		p.report(step)
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("%+v: %q, want %q in it", c.known, out.String(), c.want)
		}
	}
}

func TestProgressLinesOfALongPilotRun(t *testing.T) {
	var out bytes.Buffer
	p := &progress{w: &out, next: lineEvery}
	for _, step := range []measure.Progress{at(9*time.Second, 0), at(10*time.Second, 0), at(11*time.Second, 0)} {
		p.report(step)
	}
	if want := "10s done, at most 40s to go, pilot run: scenario=compress/codec=klauspost\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// A terminal has one line that fits and is gone at the end.
func TestProgressBar(t *testing.T) {
	for _, c := range []struct {
		columns int
		want    []string
	}{
		{100, []string{
			"  0 % [--------------------] at most 50s to go, pilot run: compress/klauspost",
			" 50 % [##########----------] at most 25s to go, round 3: compress/klauspost  ",
			"100 % [####################] at most 0s to go, round 9: compress/klauspost ",
			"",
		}},
		{40, []string{
			"  0 % [--------------------] at m...",
			" 50 % [##########----------] at m...",
			"100 % [####################] at m...",
			"",
		}},
	} {
		var out bytes.Buffer
		p := &progress{w: &out, columns: func() int { return c.columns }}
		p.report(at(0, 0))
		p.report(at(25*time.Second, 3))
		p.report(at(25*time.Second+frameEvery/2, 3)) // too soon for a frame
		p.report(at(60*time.Second, 9))
		p.end()
		frames := strings.Split(out.String(), "\r")[1:]
		clear := frames[len(frames)-2]
		if strings.Trim(clear, " ") != "" || len(clear) < len(frames[2]) {
			t.Errorf("%d columns: the line is not taken away: %q", c.columns, clear)
		}
		got := append(frames[:len(frames)-2], frames[len(frames)-1])
		if strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("%d columns: got\n%q\nwant\n%q", c.columns, got, c.want)
		}
	}
}
