package measure

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"zstdshop/harness/worker"
)

// member is a worker of a multi-process worker that remembers what it was asked. Of each slice it
// does what the ones before it left: all but one task.
type member struct {
	number   int
	prepared worker.Prepare
	slices   []worker.Slice
	killed   bool
	fails    bool
	alone    bool // knows no shared counter
	memory   int64
}

func (m *member) Prepare(_ context.Context, p worker.Prepare) (worker.Ready, error) {
	m.prepared = p
	if info, err := os.Stat(p.SharedCounter); err != nil || info.Size() != worker.SharedCounterBytes {
		return worker.Ready{}, errors.New("no counter")
	}
	return worker.Ready{Items: 10, BytesIn: 100, PassNS: 1000, RSSBytes: 7, GOMAXPROCS: 1, Shares: !m.alone}, nil
}

func (m *member) Slice(_ context.Context, s worker.Slice) (worker.Sample, worker.Idle, error) {
	m.slices = append(m.slices, s)
	if m.fails {
		return worker.Sample{}, worker.Idle{}, errors.New("member failed")
	}
	out := worker.Sample{SliceID: s.ID, Tasks: 1, WallNS: int64(100 * (m.number + 1)), CPUNS: 50, WaitNS: 1, Checksum: 42,
		SentinelNS: []int64{int64(10 - m.number), int64(10 + m.number)}, Collected: 1, Mallocs: 3, AllocBytes: 5}
	if m.number == 0 {
		out.Tasks = s.Count - s.Members + 1
	}
	if s.Mode == worker.ModeLatency {
		out.TaskNS = make([]int64, out.Tasks)
	}
	return out, worker.Idle{IdleCPUNS: 2}, nil
}

func (m *member) Close(context.Context) (worker.Bye, error) {
	return worker.Bye{PeakRSSBytes: 11, MemoryBytes: m.memory, Threads: 4}, nil
}

func (m *member) Hello() worker.Hello { return worker.Hello{} }

func (m *member) Greeted() time.Time { return time.Time{} }

func (m *member) Kill() { m.killed = true }

type memberLauncher struct {
	members []*member
	failAt  int // number of the start that fails; 0 none
	alone   bool
}

func (l *memberLauncher) Start(context.Context, Spawn) (WorkerConn, error) {
	if len(l.members)+1 == l.failAt {
		return nil, errors.New("cannot start")
	}
	m := &member{number: len(l.members), alone: l.alone, memory: 5}
	l.members = append(l.members, m)
	return m, nil
}

// counters counts the files that multi-process workers share.
func counters(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// a multi-process worker does each task once, ends with its last member, and adds up what all
// spent.
func TestMultiProcess(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	ctx := t.Context()
	l := &memberLauncher{}
	g, err := startMultiProcess(ctx, l, Spawn{}, 3)
	if err != nil {
		t.Fatal(err)
	}
	ready, err := g.Prepare(ctx, worker.Prepare{Verify: true, Cell: worker.CellSpec{Workers: 3, Runner: "procs"}})
	if err != nil {
		t.Fatal(err)
	}
	if ready.RSSBytes != 21 || ready.Lanes != 3 || ready.Items != 10 {
		t.Errorf("ready %+v, want the memory of all and 3 lanes", ready)
	}
	if n := counters(t, dir); n != 0 {
		t.Errorf("%d files left once all have the counter", n)
	}
	for i, m := range l.members {
		if m.prepared.Cell.Workers != 1 || m.prepared.Verify != (i == 0) || m.prepared.SharedCounter != l.members[0].prepared.SharedCounter {
			t.Errorf("member %d prepared with %+v", i, m.prepared)
		}
	}
	sample, idle, err := g.Slice(ctx, worker.Slice{ID: 7, First: 4, Count: 8, Warmup: 5, Place: 1, Mode: worker.ModeLatency})
	if err != nil {
		t.Fatal(err)
	}
	if sample.Tasks != 8 || len(sample.TaskNS) != 8 || sample.WallNS != 300 || sample.CPUNS != 150 || sample.Checksum != 42 || sample.Mallocs != 9 || sample.WaitNS != 3 || idle.IdleCPUNS != 6 {
		t.Errorf("sample %+v, idle %+v", sample, idle)
	}
	if sample.SentinelNS[0] != 10 || sample.SentinelNS[1] != 12 {
		t.Errorf("sentinels %v, want the slowest of each", sample.SentinelNS)
	}
	for i, m := range l.members {
		if s := m.slices[0]; s.First != 4 || s.Count != 8 || s.Members != 3 || s.Warmup != 2 || s.Place != 1+i {
			t.Errorf("member %d got %+v", i, s)
		}
	}
	if bye, err := g.Close(ctx); err != nil || bye.PeakRSSBytes != 33 || bye.MemoryBytes != 15 || bye.Threads != 12 {
		t.Errorf("bye %+v, %v", bye, err)
	}
	l.members[2].memory = 0
	if bye, err := g.Close(ctx); err != nil || bye.MemoryBytes != 0 {
		t.Errorf("bye %+v, %v, want no memory where a member knows none", bye, err)
	}
	l.members[1].fails = true
	if _, _, err := g.Slice(ctx, worker.Slice{Count: 3}); err == nil {
		t.Error("a member that failed went unnoticed")
	}
	failing := &memberLauncher{failAt: 3}
	if _, err := startMultiProcess(ctx, failing, Spawn{}, 3); err == nil || !failing.members[0].killed || !failing.members[1].killed {
		t.Errorf("after a failed start: %v; the members before it must be killed", err)
	}
	if n := counters(t, dir); n != 0 {
		t.Errorf("%d files left after a failed start", n)
	}
	old, err := startMultiProcess(ctx, &memberLauncher{alone: true}, Spawn{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Prepare(ctx, worker.Prepare{}); err == nil || !strings.Contains(err.Error(), "does not share its slices") {
		t.Errorf("a worker without a shared counter: %v", err)
	}
}
