package fleet

import (
	"strings"
	"testing"
)

// Agents of another program take no part, and say why, unless that is the question. Units
// are not spread over machines of several kinds.
func TestWhoTakesPart(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(a *Agent, j *Job)
		want   string // of the error, "" none
	}{
		{"the same", func(*Agent, *Job) {}, ""},
		{"version", func(a *Agent, _ *Job) { a.Program.Version = "v2" }, "its version is v2, not v1"},
		{"commit", func(a *Agent, _ *Job) { a.Program.Commit = "abc" }, "its commit is abc, not none"},
		{"sources", func(a *Agent, _ *Job) { a.Program.Dirty = true }, "changed sources"},
		{"method", func(a *Agent, _ *Job) { a.Program.Method = "m1" }, "its method is m1"},
		{"Go", func(a *Agent, _ *Job) { a.Program.Go = "go2" }, "its Go is go2"},
		{"codec", func(a *Agent, _ *Job) { a.Program.Libraries = map[string]string{"memcpy": "copy v2"} }, "its codec memcpy is copy v2, not copy v1"},
		{"no codec", func(a *Agent, _ *Job) { a.Program.Libraries = nil }, "its codec memcpy is missing"},
		{"codec of no cell", func(a *Agent, _ *Job) {
			a.Program.Libraries = map[string]string{"memcpy": "copy v1", "other": "x"}
		}, ""},
		{"mixed", func(a *Agent, j *Job) { a.Program, j.Mixed = Program{Version: "v9", Method: "m9"}, true }, ""},
		{"label", func(_ *Agent, j *Job) { j.On = map[string]string{"pool": "night"} }, `its pool is "ci", not "night"`},
		{"own label", func(_ *Agent, j *Job) { j.On = map[string]string{"arch": "arm64"} }, `its arch is "amd64", not "arm64"`},
		{"labels that fit", func(_ *Agent, j *Job) { j.On = map[string]string{"arch": "amd64", "pool": "ci"} }, ""},
		{"another machine", func(a *Agent, _ *Job) { a.Machine.Fingerprint = "f2" }, "machines of 2 kinds"},
		{"another machine, mixed", func(a *Agent, j *Job) { a.Machine.Fingerprint, j.Mixed = "f2", true }, ""},
		{"another machine, each", func(a *Agent, j *Job) { a.Machine.Fingerprint, j.Each = "f2", true }, ""},
		{"another machine, chosen", func(a *Agent, j *Job) {
			a.Machine.Fingerprint, j.On = "f2", map[string]string{"fingerprint": "f2"}
		}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			a, job := w.agent("a"), w.job("scenario=compress")
			test.change(a, &job)
			w.start(a)
			if a.Machine.Fingerprint != "f1" {
				w.start(w.agent("b"))
			}
			c := w.controller()
			_, err := c.Begin(t.Context(), job)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestNoAgent(t *testing.T) {
	w := newWorld(t)
	if _, err := w.controller().Begin(t.Context(), w.job("iters=1")); err == nil || !strings.Contains(err.Error(), "no agent is there") {
		t.Errorf("got %v", err)
	}
}
