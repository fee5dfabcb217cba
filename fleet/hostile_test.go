package fleet

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"zstdshop/harness/result"
	"zstdshop/scenarios/corpus"
)

// unit is one that an agent takes.
func (w *world) unit(words ...string) *Unit {
	w.t.Helper()
	u := w.job(append([]string{"scenario=compress"}, words...)...).Units[0]
	p := Parcel{Name: "logs", Digest: u.Corpora[0].Digest(), Bytes: u.Corpora[0].Size()}
	return unitOf(u, "r1", anyQueue, []Parcel{p}, []Parcel{})
}

// unitMessages are messages to an agent, and what it says of them.
var unitMessages = []struct {
	name string
	unit func(u *Unit)
	text func(string) string // what becomes of the message
	want string              // of the error; "" is taken
}{
	{"as it is", func(*Unit) {}, nil, ""},
	{"too large", func(*Unit) {}, func(s string) string { return s + strings.Repeat(" ", maxMessage) }, "more than"},
	{"cut", func(*Unit) {}, func(s string) string { return s[:len(s)-9] }, "no JSON object"},
	{"empty", func(*Unit) {}, func(string) string { return "" }, "no JSON object"},
	{"no JSON", func(*Unit) {}, func(string) string { return "\x00\x01\xff" }, "no JSON object"},
	{"an array", func(*Unit) {}, func(string) string { return "[]" }, "no JSON object"},
	{"two values", func(*Unit) {}, func(s string) string { return s + s }, "no JSON object"},
	{"deep", func(*Unit) {}, func(string) string { return strings.Repeat(`{"schema":`, 20000) }, "no JSON object"},
	{"a member twice", func(*Unit) {}, func(s string) string { return `{"run":"x",` + s[1:] }, "no JSON object"},
	{"a command", func(*Unit) {}, func(s string) string { return `{"argv":["sh"],` + s[1:] }, "does not have the members"},
	{"a number for a text", func(*Unit) {}, func(s string) string { return strings.Replace(s, `"run":"r1"`, `"run":1`, 1) }, "does not have the members"},
	{"foreign schema", func(u *Unit) { u.Schema = "somebody/unit/v1" }, nil, "its schema is"},
	{"later schema", func(u *Unit) { u.Schema = "zstdshop/unit/v2" }, nil, "its schema is"},
	{"another run's", func(u *Unit) { u.Run = "r2" }, nil, "came as"},
	{"another unit's", func(u *Unit) { u.ID = "other" }, nil, "came as"},
	{"run is a path", func(u *Unit) { u.Run = "../r1" }, nil, "letters, digits"},
	{"another agent's", func(u *Unit) { u.Queue = "b" }, nil, "came as"},
	{"attempt 0", func(u *Unit) { u.Attempt = 0 }, nil, "attempt 0"},
	{"attempt 99", func(u *Unit) { u.Attempt = 99 }, nil, "attempt 99"},
	{"no cells", func(u *Unit) { u.Cells = nil }, nil, "0 cells"},
	{"cells twice", func(u *Unit) { u.Cells = append(u.Cells, u.Cells[0]) }, nil, "there twice"},
	{"cells of two units", func(u *Unit) { u.Cells[0].Block = 4096 }, nil, "of another unit"},
	{"a host", func(u *Unit) { u.Cells[0].Host = "h" }, nil, "a build or a host"},
	{"a program", func(u *Unit) { u.Cells[0].Build = "new" }, nil, "a build or a host"},
	{"unknown scenario", func(u *Unit) { eachCell(u, func(c *result.Cell) { c.Scenario = "rm" }) }, nil, "rm"},
	{"unknown codec", func(u *Unit) { u.Cells[0].Codec = "zip" }, nil, "zip"},
	{"unknown runner", func(u *Unit) { u.Cells[0].Runner = "all" }, nil, "all"},
	{"a level of none", func(u *Unit) { u.Cells[0].SetLevel(3) }, nil, "no levels"},
	{"no workers", func(u *Unit) { u.Cells[0].Workers = 0 }, nil, "workers"},
	{"too many workers", func(u *Unit) { u.Cells[1].Workers = 1 << 40 }, nil, "workers"},
	{"negative workers", func(u *Unit) { u.Cells[1].Workers = -1 }, nil, "workers"},
	{"a codec and a list", func(u *Unit) { u.Cells[0].Codec = "memcpy,memcpy" }, nil, "none that this program makes"},
	{"a language", func(u *Unit) { u.Cells[0].Language = "sh" }, nil, "not started with --worker"},
	{"a preloaded library", func(u *Unit) { u.Cells[0].Env = "LD_PRELOAD=/tmp/x.so" }, nil, "environment LD_PRELOAD"},
	{"a variable behind", func(u *Unit) { u.Cells[0].Env = "GOGC=50,PATH=/tmp" }, nil, "environment PATH"},
	{"a variable of Go's", func(u *Unit) { u.Cells[0].Env = "GOGC=50" }, nil, ""},
	{"CPUs", func(u *Unit) { u.Cells[0].CPUs = "0-99999999" }, nil, "cpus"},
	{"corpus is a path", func(u *Unit) { rename(u, "/etc/passwd") }, nil, "no name of data"},
	{"corpus climbs", func(u *Unit) { rename(u, "..") }, nil, "no name of data"},
	{"corpus is missing", func(u *Unit) { u.Corpora = nil }, nil, "does not come along"},
	{"corpus is not built in", func(u *Unit) { rename(u, "own.log") }, nil, "no corpus own.log built in"},
	{"wrong digest", func(u *Unit) { u.Corpora[0].Digest = sumOf(nil) }, nil, "other data"},
	{"no digest", func(u *Unit) { u.Corpora[0].Digest = "abc" }, nil, "no SHA-256"},
	{"object is a path", func(u *Unit) { u.Corpora[0].Object = "../../x" }, nil, "no SHA-256"},
	{"negative size", func(u *Unit) { u.Corpora[0].Bytes = -1 }, nil, "-1 bytes"},
	{"too large a corpus", func(u *Unit) { u.Corpora[0].Bytes = corpus.MaxBytes + 1 }, nil, "at most"},
	{"a dictionary that is missing", func(u *Unit) { u.Cells[0].Dict = "d.dict" }, nil, "does not come along"},
	{"no budget", func(u *Unit) { u.Budget = 0 }, nil, "budget"},
	{"a year", func(u *Unit) { u.Budget = int64(365 * 24 * time.Hour) }, nil, "budget"},
	{"no precision", func(u *Unit) { u.Precision = 0 }, nil, "precision"},
	{"an unknown reference", func(u *Unit) { u.Reference = "x" }, nil, "no cell is the reference"},
	{"a name that a terminal acts on", func(u *Unit) { u.Name = "\x1b[2J" }, nil, "text that prints"},
	{"another kind of machine", func(u *Unit) { u.Fingerprint = "f9" }, nil, "fingerprint f9"},
	{"another program", func(u *Unit) { p := program(); p.Version = "v9"; u.Wants = &p }, nil, "another"},
}

// unitMessage is such a message, and the subject of the unit that it was made of.
func (w *world) unitMessage(i int) (subject string, data []byte) {
	w.t.Helper()
	u := w.unit()
	subject = unitSubject(u.Run, u.Queue, u.ID)
	unitMessages[i].unit(u)
	data, err := json.Marshal(u)
	if err != nil {
		w.t.Fatal(err)
	}
	if change := unitMessages[i].text; change != nil {
		data = []byte(change(string(data)))
	}
	return subject, data
}

// What an agent is sent that is not for it, or nothing at all, it refuses.
func TestAgentRefuses(t *testing.T) {
	w := &world{t: t, reg: registry(t)}
	agent := &serving{Agent: w.agent("a"), cache: cache{dir: t.TempDir()}}
	for i, test := range unitMessages {
		subject, data := w.unitMessage(i)
		if err := agent.whole(t.Context(), subject, data); test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

// whole is what an agent does with a message before it measures.
func (s *serving) whole(ctx context.Context, subject string, data []byte) error {
	u, err := readUnit(subject, data)
	if err == nil {
		err = s.admit(u)
	}
	if err == nil {
		_, err = s.cache.of(ctx, u)
	}
	return err
}

func eachCell(u *Unit, change func(*result.Cell)) {
	for i := range u.Cells {
		change(&u.Cells[i])
	}
}

func rename(u *Unit, name string) {
	eachCell(u, func(c *result.Cell) { c.Corpus = name })
	u.Corpora[0].Name = name
}

// What a controller is sent that is no outcome of its units it refuses.
func TestControllerRefuses(t *testing.T) {
	w := &world{t: t, reg: registry(t)}
	a := w.agent("a")
	for _, test := range []struct {
		name    string
		outcome func(o *Outcome)
		result  func(r *result.Result)
		want    string
	}{
		{"as it is", nil, nil, ""},
		{"foreign schema", func(o *Outcome) { o.Schema = "x" }, nil, "its schema is"},
		{"another agent's", func(o *Outcome) { o.Agent = "b" }, nil, "came as"},
		{"another unit's", func(o *Outcome) { o.Unit = "u" }, nil, "came as"},
		{"agent is a path", func(o *Outcome) { o.Agent = "a/../b" }, nil, "letters, digits"},
		{"another's queue", func(o *Outcome) { o.Queue = "b" }, nil, "answers for queue b"},
		{"a status of its own", func(o *Outcome) { o.Status = "done" }, nil, "status"},
		{"failed without a reason", func(o *Outcome) { o.Status = Failed }, nil, "says not why"},
		{"too large", func(o *Outcome) { o.Bytes = maxFigures + 1 }, nil, "at most"},
		{"empty", func(o *Outcome) { o.Bytes = 0 }, nil, "at most"},
		{"object is a path", func(o *Outcome) { o.Object = "../x" }, nil, "no SHA-256"},
		{"a host that a terminal acts on", func(o *Outcome) { o.Host = "\x1b]0;x" }, nil, "text that prints"},
		{"forged host", nil, func(r *result.Result) { r.Machine.Host = "b.example" }, "its agent is on"},
		{"forged fingerprint", nil, func(r *result.Result) { r.Machine.Fingerprint = "f2" }, "its agent is on"},
		{"another kind of machine", func(o *Outcome) { o.Fingerprint = "f2" }, func(r *result.Result) { r.Machine.Fingerprint = "f2" }, "not f1"},
		{"no cells", nil, func(r *result.Result) { r.Cells = nil }, "no cells"},
		{"another's cells", nil, func(r *result.Result) { r.Cells[0].Workers = 77 }, "none of the unit's"},
		{"cells with a host", nil, func(r *result.Result) { r.Cells[0].Host = "b" }, "none of the unit's"},
		{"a cell twice", nil, func(r *result.Result) { r.Cells = append(r.Cells, r.Cells[0]) }, "there twice"},
		{"other data", nil, func(r *result.Result) { r.Cells[0].CorpusDigest = sumOf(nil) }, "other data"},
		{"a comparison across units", nil, func(r *result.Result) {
			r.Comparisons = []result.Comparison{{Old: r.Cells[0].Name, New: "x"}}
		}, "does not have"},
		{"another seed", nil, func(r *result.Result) { r.Plan.Seed++ }, "other terms"},
		{"another budget", nil, func(r *result.Result) { r.Plan.Budget++ }, "other terms"},
		{"a gate's", nil, func(r *result.Result) { r.Checks = []result.Check{} }, "no result of one run"},
		{"two sides", nil, func(r *result.Result) { r.Sides = &result.TwoSides{} }, "no result of one run"},
		{"advice", nil, func(r *result.Result) { r.Recommendations = []result.Advice{{}} }, "no result of one run"},
		{"another method", nil, func(r *result.Result) { r.Plan.Method = "m1" }, "another program"},
		{"another version", nil, func(r *result.Result) { r.Build.Version = "v9" }, "another program"},
		{"another codec", nil, func(r *result.Result) { r.Build.Libraries = map[string]string{"memcpy": "x"} }, "another program"},
		{"a CPU that a terminal acts on", nil, func(r *result.Result) { r.Machine.CPU = "\x1b[2J" }, "text that prints"},
		{"a warning of nothing", nil, func(r *result.Result) { r.Warnings = []result.Warning{{Cell: "x"}} }, "does not have"},
	} {
		u := w.unit()
		p := program()
		u.Fingerprint, u.Wants = "f1", &p
		r := made(u, a)
		o := &Outcome{Schema: outcomeSchema, Run: u.Run, Unit: u.ID, Queue: anyQueue, Attempt: 1, Agent: "a", Host: a.Machine.Host,
			Fingerprint: "f1", Status: Measured, Object: sumOf(nil), Bytes: 1}
		subject := outcomeSubject(o.Agent, o.Run, o.Unit)
		if test.outcome != nil {
			test.outcome(o)
		}
		if test.result != nil {
			test.result(r)
		}
		data, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		read, err := readOutcome(subject, data)
		if err == nil {
			err = u.belongs(read, r)
		}
		if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, errRefused) || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", test.name, err, test.want)
		}
	}
}

// A forged outcome loses nothing: the unit is measured all the same.
func TestForgedOutcome(t *testing.T) {
	w := newWorld(t)
	a := w.agent("a")
	a.Hub = w.hub()
	if err := newAnnouncer(a.Hub, a.Log, a.presence()).begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := w.controller()
	s, err := c.Begin(t.Context(), w.job("iters=1"))
	if err != nil {
		t.Fatal(err)
	}
	u := s.Record.Units[0]
	forged := &Outcome{Schema: outcomeSchema, Run: u.Run, Unit: u.ID, Queue: anyQueue, Attempt: 1, Agent: "b", Status: Measured, Object: sumOf(nil), Bytes: 1}
	data, err := encode("outcome", forged)
	if err != nil {
		t.Fatal(err)
	}
	for _, subject := range []string{outcomeSubject("b", u.Run, u.ID), outcomeSubject("b", u.Run, "unknown"), outcomeSubject("x", u.Run, u.ID)} {
		if _, err := c.Hub.js.Publish(t.Context(), subject, data); err != nil {
			t.Fatal(err)
		}
	}
	w.start(a)
	got, err := s.Collect(t.Context())
	if err != nil || len(got.Files) != 1 || got.Refused != 3 {
		t.Fatalf("%+v, %v: %s", got, err, w.heard())
	}
}

func FuzzMessages(f *testing.F) {
	w := &world{t: f, reg: registry(f)}
	u := w.unit()
	for _, v := range []any{u, &Outcome{Schema: outcomeSchema}, &Presence{Schema: presenceSchema}, &Run{Schema: runSchema}, &record{Schema: recordSchema, Units: []*Unit{u}}} {
		data, err := json.Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for i := range unitMessages {
		if _, data := w.unitMessage(i); len(data) < 64<<10 { // a large one teaches nothing and is slow to change
			f.Add(data)
		}
	}
	for _, good := range w.goodMessages() {
		f.Add(good)
		f.Add(good[:len(good)/2])
	}
	subject := unitSubject(u.Run, u.Queue, u.ID)
	f.Fuzz(func(t *testing.T, data []byte) {
		// What is taken is possible; nothing of it ends the program. What was taken once is
		// taken again from whoever passes it on.
		if u, err := readUnit(subject, data); err == nil {
			_ = (&serving{Agent: &Agent{Registry: w.reg}}).admit(u)
			again(t, u, func(data []byte) error { _, err := readUnit(subject, data); return err })
		}
		if o, err := readOutcome(outcomeSubject("a", "r1", "u1"), data); err == nil {
			again(t, o, func(data []byte) error { _, err := readOutcome(outcomeSubject("a", "r1", "u1"), data); return err })
		}
		if p, err := readPresence("a", data); err == nil {
			again(t, p, func(data []byte) error { _, err := readPresence("a", data); return err })
		}
		if r, err := readRun("r1", data); err == nil {
			again(t, r, func(data []byte) error { _, err := readRun("r1", data); return err })
		}
		_, _ = readRecord(&Run{ID: "r1", Units: 1}, data)
	})
}

// goodMessages are an outcome, a presence and a run that are taken.
func (w *world) goodMessages() (all [][]byte) {
	w.t.Helper()
	p := program()
	presence := &Presence{Schema: presenceSchema, Agent: "a", Instance: "i", Labels: map[string]string{"pool": "ci"}, Program: p}
	outcome := &Outcome{Schema: outcomeSchema, Run: "r1", Unit: "u1", Queue: anyQueue, Attempt: 1, Agent: "a", Status: Measured, Object: sumOf(nil), Bytes: 1}
	run := &Run{Schema: runSchema, ID: "r1", Units: 1, Agents: []string{"a"}, On: map[string]string{"arch": "arm64"}, Wants: &p, Object: sumOf(nil), Bytes: 1}
	for _, v := range []any{presence, outcome, run} {
		data, err := json.Marshal(v)
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, data)
	}
	_, err1 := readPresence("a", all[0])
	_, err2 := readOutcome(outcomeSubject("a", "r1", "u1"), all[1])
	_, err3 := readRun("r1", all[2])
	if err := errors.Join(err1, err2, err3); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// again fails where what was taken is not taken when it is written again.
func again(t *testing.T, v any, read func(data []byte) error) {
	t.Helper()
	data, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		t.Fatalf("taken, and cannot be written: %v", err)
	}
	if err := read(data); err != nil && len(data) <= maxMessage {
		t.Errorf("taken once, and not again: %v: %s", err, data)
	}
}

func FuzzCorpus(f *testing.F) {
	own := &corpus.Corpus{Name: "own", Source: "x", Members: []corpus.Member{{Name: "a", Data: []byte("abc")}, {Name: "b/c", Data: []byte("d")}},
		Training: []corpus.Member{{Name: "t", Data: []byte("ef")}}}
	packed, err := packCorpus(own)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := unpackCorpus(bytes.NewReader(packed)); err != nil {
		f.Fatal(err) // it would teach nothing
	}
	text := string(packed)
	for _, change := range []struct{ old, new string }{
		{"", ""}, {"\n", ""}, {"\n", "\n\n"}, {"ef", ""}, {"ef", "efg"}, {corpusSchema, "somebody/corpus/v1"}, {corpusSchema, "zstdshop/corpus/v2"},
		{`"own"`, `"../own"`}, {`"own"`, `""`}, {`"own"`, `".."`}, {`"x"`, `"\u001b[2J"`}, {`"b/c"`, `"/b/c"`}, {`"b/c"`, `"../c"`}, {`"b/c"`, `"a"`},
		{`"bytes":3`, `"bytes":-3`}, {`"bytes":3`, `"bytes":1e3`}, {`"bytes":3`, `"bytes":9223372036854775807`}, {`"bytes":3`, `"bytes":0`},
		{`"bytes":3`, `"bytes":3,"path":"/etc/passwd"`}, {`{"schema"`, `{"name":"own","schema"`}, {`"training"`, `"members"`}, {`[`, `[[`},
	} {
		f.Add([]byte(strings.Replace(text, change.old, change.new, 1)))
	}
	f.Add(packed[:len(packed)/2])
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := unpackCorpus(bytes.NewReader(data))
		if err != nil {
			return
		}
		if c.Size() == 0 && len(c.Training) == 0 || checkName(c.Name) != nil {
			t.Errorf("taken: %q", data)
		}
		packed, err := packCorpus(c)
		if err != nil {
			t.Fatalf("taken, and cannot be sent on: %v", err)
		}
		if again, err := unpackCorpus(bytes.NewReader(packed)); err != nil || again.Digest() != c.Digest() {
			t.Errorf("taken once, and again as other data: %v: %q", err, data)
		}
	})
}
