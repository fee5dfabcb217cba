package measure

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
	"zstdshop/harness/internal/standin"
	"zstdshop/harness/journal"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// sim is a machine made of numbers: workers whose tasks take a known time on a
// clock that only they move. Nothing here sleeps.
type sim struct {
	now   time.Time
	cost  func(result.Cell) time.Duration // of one task
	noise float64                         // relative, uniform, per slice
	rng   *rand.Rand

	// faults, each nil or asked before it happens
	// onSlice only for slices that count, as log has only those
	onPrepare func(c result.Cell, fork int, r *worker.Ready) error
	onSlice   func(c result.Cell, fork int, s *worker.Sample) error
	onRunIn   func(s *worker.Sample)

	progress func(Progress) // of a gate
	deadline time.Time      // of the run; a worker holds to those before it

	starts   map[string]int
	verified map[string][]bool // what each cell's workers were asked, in order
	log      []simSlice
	alive    int
}

type simSlice struct {
	cell  string
	slice worker.Slice
}

func newSim() *sim {
	return &sim{now: time.Unix(1e9, 0), cost: func(result.Cell) time.Duration { return 100 * time.Microsecond },
		rng: rand.New(rand.NewPCG(1, 2)), starts: map[string]int{}, verified: map[string][]bool{}}
}

func (s *sim) Start(_ context.Context, spec Spawn) (WorkerConn, error) {
	s.now = s.now.Add(10 * time.Millisecond)
	p := &simConn{sim: s, cell: spec.Cell, fork: s.starts[spec.Cell.Name()]}
	s.starts[spec.Cell.Name()]++
	s.alive++
	return p, nil
}

type simConn struct {
	sim   *sim
	cell  result.Cell
	fork  int
	items int
	share float64 // of its items that it has
	dead  bool
	hello time.Time
}

const simItemBytes = 1000

// perTask is the nanoseconds of one task.
func (p *simConn) perTask() float64 { return p.share * float64(p.sim.cost(p.cell)) }

// work takes a time, or where that ends before as long as ctx allows.
func (s *sim) work(ctx context.Context, takes time.Duration) error {
	if by, ok := ctx.Deadline(); ok && by.Before(s.deadline) && s.now.Add(takes).After(by) {
		s.now = by
		return errTrial
	}
	s.now = s.now.Add(takes)
	return nil
}

func (p *simConn) Prepare(ctx context.Context, m worker.Prepare) (worker.Ready, error) {
	p.sim.verified[p.cell.Name()] = append(p.sim.verified[p.cell.Name()], m.Verify)
	p.hello = p.sim.now
	p.items, p.share = 16, 1
	if m.Data != nil {
		var bytes int64
		fmt.Sscan(m.Data.Index, &p.items, &bytes, &p.share)
	}
	pass := time.Duration(float64(p.items) * p.perTask())
	if err := p.sim.work(ctx, 2*pass); err != nil {
		return worker.Ready{}, err
	}
	r := worker.Ready{Items: p.items, BytesIn: int64(p.items) * simItemBytes, BytesOut: int64(p.items) * simItemBytes / 4,
		Digest: fmt.Sprint("digest ", p.items), PassNS: int64(pass), GOMAXPROCS: 2, RSSBytes: 1 << 20, Lanes: 1}
	if p.cell.Runner == "pool" {
		r.Lanes = 2
	}
	if p.sim.onPrepare != nil {
		if err := p.sim.onPrepare(p.cell, p.fork, &r); err != nil {
			return worker.Ready{}, err
		}
	}
	return r, nil
}

func (p *simConn) Slice(ctx context.Context, m worker.Slice) (worker.Sample, worker.Idle, error) {
	s := p.sim
	if m.ID < uncounted {
		s.log = append(s.log, simSlice{p.cell.Name(), m})
	}
	perTask := p.perTask() * (1 + s.noise*(s.rng.Float64()-0.5))
	if p.cell.Runner == "pool" {
		perTask /= 2 // two workers on two CPUs
	}
	wall := int64(perTask * float64(m.Count))
	if err := s.work(ctx, time.Duration(wall)+time.Duration(float64(m.Warmup)*perTask)+300*time.Microsecond); err != nil {
		return worker.Sample{}, worker.Idle{}, err
	}
	sample := worker.Sample{SliceID: m.ID, Tasks: m.Count, WallNS: wall, CPUNS: wall, SentinelNS: []int64{6000, 6000}}
	if m.Mode == worker.ModeLatency {
		sample.TaskNS = make([]int64, m.Count)
		for i := range sample.TaskNS {
			sample.TaskNS[i] = int64(perTask)
		}
		sample.Mallocs, sample.AllocBytes = uint64(m.Count), 8*uint64(m.Count)
	}
	if s.onRunIn != nil && m.ID >= uncounted && p.fork > 0 { // the first fork is the pilot run's
		s.onRunIn(&sample)
	}
	if s.onSlice != nil && m.ID < uncounted {
		if err := s.onSlice(p.cell, p.fork, &sample); err != nil {
			return worker.Sample{}, worker.Idle{}, err
		}
	}
	if err := checkSample(m, sample); err != nil {
		return worker.Sample{}, worker.Idle{}, err
	}
	return sample, worker.Idle{}, nil
}

func (p *simConn) Close(context.Context) (worker.Bye, error) {
	p.Kill()
	return worker.Bye{PeakRSSBytes: 2 << 20, MemoryBytes: 1 << 20, Threads: 5}, nil
}

func (p *simConn) Hello() worker.Hello {
	return worker.Hello{Implementation: "sim", GILEnabled: p.cell.Runner == "pool"}
}

func (p *simConn) Greeted() time.Time { return p.hello }

func (p *simConn) Kill() {
	if !p.dead {
		p.dead = true
		p.sim.alive--
	}
}

// simData is a corpus of items of simItemBytes.
type simData struct{ items int64 }

func (d simData) Info() journal.CorpusInfo {
	return journal.CorpusInfo{Name: "data", Source: "sim", Bytes: d.items * simItemBytes, Files: 1, Digest: "all the data"}
}

func (d simData) Sample(block int64, items int, bytes int64, _ uint64) (journal.Subset, error) {
	n := max(min(d.items, max(int64(items), (bytes+simItemBytes-1)/simItemBytes)), 1)
	return journal.Subset{Corpus: "data", Block: block, Items: int(n), Bytes: n * simItemBytes,
		Digest: fmt.Sprint(n, " items"), Data: worker.Data{Path: "data", Index: fmt.Sprint(n)}}, nil
}

// Parts are none: facts_test.go has a corpus that is compressed whole.
func (d simData) Parts(int64, int) ([]journal.Subset, error) { return nil, nil }

func (d simData) Piece(journal.Subset, int64) (journal.Subset, bool, error) {
	return journal.Subset{}, false, nil
}

// simMatrix is what a sim measures.
type simMatrix struct {
	plan.Matrix
	Budget    time.Duration
	Precision float64
	Seed      uint64
}

// simPlan is two codecs under two runners.
func simPlan() simMatrix {
	return simMatrix{plan.Matrix{"scenario": {"compress"}, "codec": {"fast", "slow"}, "level": {"3"}, "runner": {"single", "pool"},
		"workers": {"2"}, "corpus": {"data"}, "block": {fmt.Sprint(simItemBytes)}}, 30 * time.Second, 0.02, 7}
}

// simEquals is of four cells that take the same time.
func simEquals() simMatrix {
	p := simPlan()
	p.Matrix["runner"] = []string{"single", "one"}
	return p
}

// neverEqual is a delta with which no two cells are equivalent.
const neverEqual = 1e-6

// simEngine is an engine over the sim with a journal in memory.
func simEngine(t testing.TB, s *sim, p simMatrix) *engine {
	t.Helper()
	reg := standin.Registry(t)
	cells, err := p.Cells(reg)
	if err != nil {
		t.Fatal(err)
	}
	record := &journal.Journal{}
	h := journal.Header{Cells: cells, Delta: 0.02, Plan: result.PlanInfo{Seed: p.Seed, Budget: int64(p.Budget), Precision: p.Precision, Confidence: 0.95},
		Corpora: []journal.CorpusInfo{simData{640}.Info()}}
	h.Machine.CPUs, h.Machine.Usable = 2, 2
	if err := record.Append(journal.Record{Header: &h}); err != nil {
		t.Fatal(err)
	}
	// The engine's hard stop is by the real clock; the sim's own lies far ahead.
	s.now = time.Now().Add(1000 * time.Hour)
	return &engine{Journal: record, Request: Request{
		Registry: reg, Data: map[string]Data{"data": simData{640}}, launcher: s, now: func() time.Time { return s.now }}}
}

func (s *sim) run(ctx context.Context, e *engine, budget time.Duration) error {
	s.deadline = s.now.Add(budget)
	return e.Run(ctx, s.deadline)
}

// costByName gives tasks their time in microseconds by codec.
func costByName(us map[string]float64) func(result.Cell) time.Duration {
	return func(c result.Cell) time.Duration {
		return time.Duration(us[c.Codec] * float64(time.Microsecond))
	}
}

func within(got, want, share float64) bool { return math.Abs(got/want-1) <= share }
