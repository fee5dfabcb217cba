package worker

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
)

func messages() []Message {
	return []Message{
		{Type: TypeHello, Hello: &Hello{Versions: []int{1}, Implementation: "x", GILEnabled: true}},
		{Type: TypePrepare, Prepare: &Prepare{Version: 1, Cell: CellSpec{Scenario: "compress", Codec: "a", Level: 3, Runner: "pool", Workers: 2},
			Data: &Data{Path: "/d", Index: "/i"}, Seed: 1<<63 + 5, Verify: true, RedoPermille: 50}},
		{Type: TypeProgress, Progress: &Progress{Done: 1, Total: 2}},
		{Type: TypeReady, Ready: &Ready{Items: 3, BytesIn: 10, BytesOut: 5, Digest: "d", GOMAXPROCS: 1}},
		{Type: TypeSlice, Slice: &Slice{ID: 1, First: 2, Count: 3, Warmup: 4, Place: 5, Mode: ModeLatency}},
		{Type: TypeSample, Sample: &Sample{SliceID: 1, Tasks: 3, WallNS: 5, CPUNS: 6, SentinelNS: []int64{1, 2}, WaitNS: 3, Collected: 4, CollectedBefore: 5, Checksum: 9, TaskNS: []int64{1, 2, 3}}},
		{Type: TypeIdle, Idle: &Idle{IdleCPUNS: 5}},
		{Type: TypeBye, Bye: &Bye{PeakRSSBytes: 1, Threads: 2}},
		{Type: TypeError, Failure: &Failure{Error: "no"}},
	}
}

func TestConnRoundTrip(t *testing.T) {
	var buf bytes.Buffer
	c := NewConn(&buf, &buf)
	for _, m := range messages() {
		if err := c.Send(m); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range messages() {
		got, err := c.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", want.Type, got, want)
		}
	}
	if _, err := c.Receive(); err != io.EOF {
		t.Errorf("after the last message: %v, want io.EOF", err)
	}
}

func TestReceiveNonsense(t *testing.T) {
	for _, in := range []string{
		"hello\n", "\n", "[]\n", "null\n", "{}\n", `{"type":"nope"}` + "\n", `{"type":"sample"}` + "\n",
		`{"type":"hello","versions":"1"}` + "\n", `{"type":"bye"`, strings.Repeat("x", MaxLine+1),
	} {
		m, err := NewConn(strings.NewReader(in), io.Discard).Receive()
		if !errors.Is(err, ErrNonsense) {
			t.Errorf("%.40q: got %+v, %v; want ErrNonsense", in, m, err)
		}
	}
}

func TestReceiveIgnoresUnknownFields(t *testing.T) {
	m, err := Parse([]byte(`{"type":"idle","idle_cpu_ns":7,"new_in_v1_1":true}`))
	if err != nil || m.Idle.IdleCPUNS != 7 {
		t.Fatalf("got %+v, %v", m, err)
	}
	if m, err = Parse([]byte(`{"type":"bye"}`)); err != nil || m.Bye == nil {
		t.Fatalf("bare bye: got %+v, %v", m, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, m := range messages() {
		var buf bytes.Buffer
		NewConn(nil, &buf).Send(m)
		f.Add(buf.Bytes())
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		m, err := Parse(line)
		if err != nil {
			if !errors.Is(err, ErrNonsense) {
				t.Fatalf("error of another kind: %v", err)
			}
			return
		}
		var buf bytes.Buffer
		if err := NewConn(nil, &buf).Send(m); err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		again, err := Parse(bytes.TrimSuffix(buf.Bytes(), []byte("\n")))
		if err != nil || again.Type != m.Type {
			t.Fatalf("written but not read again: %v: %s", err, buf.Bytes())
		}
	})
}
