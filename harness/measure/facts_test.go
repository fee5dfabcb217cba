package measure

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"zstdshop/harness/internal/standin"
	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// partWorkers are worker processes that compress parts of a corpus: to a fourth, and
// through the codec "slow" to an eighth of the bytes.
type partWorkers struct {
	sync.Mutex
	prepared []worker.Prepare
	fail     func(worker.Prepare) error // nil, or asked before a part is done
	hang     bool                       // until the end of the context
}

func (p *partWorkers) Start(context.Context, Spawn) (WorkerConn, error) {
	return &partConn{of: p}, nil
}

type partConn struct {
	simConn
	of *partWorkers
}

func (c *partConn) Prepare(ctx context.Context, m worker.Prepare) (worker.Ready, error) {
	c.of.Lock()
	defer c.of.Unlock()
	c.of.prepared = append(c.of.prepared, m)
	if c.of.hang {
		<-ctx.Done()
		return worker.Ready{}, context.Cause(ctx)
	}
	if c.of.fail != nil {
		if err := c.of.fail(m); err != nil {
			return worker.Ready{}, err
		}
	}
	items, bytes := 0, int64(0)
	fmt.Sscan(m.Data.Index, &items, &bytes)
	share := map[string]int64{"fast": 4, "slow": 8, "raw": 1}[m.Cell.Codec]
	return worker.Ready{Items: items, BytesIn: bytes, BytesOut: bytes / share}, nil
}

func (c *partConn) Close(context.Context) (worker.Bye, error) { return worker.Bye{}, nil }
func (c *partConn) Kill()                                     {}

// partData is a corpus of items of simItemBytes that can be taken in parts.
type partData struct{ simData }

func (d partData) Parts(block int64, parts int) ([]journal.Subset, error) {
	var out []journal.Subset
	for n := range int64(parts) {
		items := d.items*(n+1)/int64(parts) - d.items*n/int64(parts)
		out = append(out, journal.Subset{Corpus: "data", Block: block, Items: int(items), Bytes: items * simItemBytes,
			Data: worker.Data{Path: "data", Index: fmt.Sprint(items, " ", items*simItemBytes)}})
	}
	return out, nil
}

// wholeEngine is an engine over workers of parts, and its cells at a cost of compressing.
func wholeEngine(t *testing.T, workers *partWorkers, cache string, prepare map[string]time.Duration, cells ...result.Cell) (*engine, []costed) {
	t.Helper()
	record := &journal.Journal{}
	h := journal.Header{Cells: cells, Plan: result.PlanInfo{Budget: int64(10 * time.Second)}}
	h.Machine.CPUs, h.Machine.Usable = 2, 2
	if err := record.Append(journal.Record{Header: &h}); err != nil {
		t.Fatal(err)
	}
	e := &engine{Journal: record, Request: Request{Registry: standin.Registry(t), Cache: cache, launcher: workers,
		Data: map[string]Data{"data": partData{simData{640}}}, now: time.Now}}
	var all []costed
	for i, c := range cells {
		// as the pilot run saw it over a tenth of the corpus
		all = append(all, costed{index: i, cell: c, bytes: 64 * simItemBytes, cost: cost{prepare: prepare[c.Codec] / 10, items: 64, lanes: 1}})
	}
	return e, all
}

// wholeSubsets are what the cells should work on: a fourth of the items.
var wholeSubsets = []journal.Subset{{Corpus: "data", Block: simItemBytes, Items: 160, WholeItems: 640, Bytes: 160 * simItemBytes,
	Digest: "a fourth", Data: worker.Data{Path: "data", Index: "160 160000"}}}

func wholeCell(codec, runner string, workers int) result.Cell {
	return result.Cell{Scenario: "compress", Corpus: "data", Codec: codec, Level: 3, Runner: runner, Workers: workers, Block: simItemBytes}
}

// All of a corpus is compressed once for all cells of a codec and level, cut into parts
// where that pays, and nothing but facts is asked for.
func TestWholeCorpora(t *testing.T) {
	workers := &partWorkers{}
	e, cells := wholeEngine(t, workers, "", map[string]time.Duration{"slow": time.Second},
		wholeCell("fast", "single", 1), wholeCell("fast", "pool", 2), wholeCell("slow", "single", 1))
	if err := e.wholeCorpora(t.Context(), cells, wholeSubsets); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int64{160_000, 160_000, 80_000} {
		w := e.Journal.Log.Cells[i].Whole
		if w == nil || w.Items != 640 || w.BytesIn != 640_000 || w.BytesOut != want || w.Remembered || w.Error != "" {
			t.Errorf("cell %d: %+v, want 640 items of 640000 bytes, compressed to %d", i, w, want)
		}
	}
	if len(workers.prepared) != 3 {
		t.Errorf("%d worker processes, want one for what is fast and two for what is slow", len(workers.prepared))
	}
	for _, p := range workers.prepared {
		if !p.FactsOnly || p.Verify || p.Cell.Workers != 1 {
			t.Errorf("asked for %+v", p)
		}
	}
}

// Of what would take more than a fifth of the budget the subset is compressed, and not
// even that where there is no time for it. The cheapest come first; what turns out to
// take longer is given up then.
func TestWholeCorporaThatTakeTooLong(t *testing.T) {
	dir := t.TempDir()
	for run := range 2 {
		workers := &partWorkers{}
		// 10 s of budget: 2 s of 2 CPUs
		e, cells := wholeEngine(t, workers, dir, map[string]time.Duration{"slow": 8 * time.Second, "fast": time.Second, "raw": 20 * time.Second},
			wholeCell("slow", "single", 1), wholeCell("fast", "single", 1), wholeCell("raw", "single", 1))
		if err := e.wholeCorpora(t.Context(), cells, wholeSubsets); err != nil {
			t.Fatal(err)
		}
		for i, want := range []int64{160_000, 640_000, 0} {
			switch w := e.Journal.Log.Cells[i].Whole; {
			case w == nil && want != 0, w != nil && w.BytesIn != want:
				t.Errorf("run %d, cell %d: %+v, want %d bytes", run, i, w, want)
			case w != nil && w.Remembered != (run == 1):
				t.Errorf("run %d, cell %d: remembered: %v", run, i, w.Remembered)
			}
		}
	}

	workers := &partWorkers{hang: true}
	e, cells := wholeEngine(t, workers, "", nil, wholeCell("fast", "single", 1))
	e.Journal.Log.Header.Plan.Budget = int64(time.Second)
	if err := e.wholeCorpora(t.Context(), cells, wholeSubsets); err != nil {
		t.Fatal(err)
	}
	if w := e.Journal.Log.Cells[0].Whole; w != nil {
		t.Errorf("what did not end came to %+v", w)
	}

	ctx, cancel := context.WithCancelCause(t.Context())
	interrupted := errors.New("interrupted")
	cancel(interrupted)
	if err := e.wholeCorpora(ctx, cells, wholeSubsets); !errors.Is(err, interrupted) {
		t.Errorf("interrupted: %v", err)
	}
}

// A codec that fails on a part costs the cells their fact and no more, and says why; so
// does a worker process that did other work.
func TestWholeCorporaThatFail(t *testing.T) {
	for _, c := range []struct {
		name string
		data Data
		fail error
		want string
	}{
		{"failed", partData{simData{640}}, errors.New("compress item 7: no"), "compress item 7: no"},
		{"other work", otherParts{partData{simData{640}}}, nil, "639000 bytes became 159750 where there are 640000"},
	} {
		workers := &partWorkers{fail: func(worker.Prepare) error { return c.fail }}
		dir := t.TempDir()
		e, cells := wholeEngine(t, workers, dir, nil, wholeCell("fast", "single", 1))
		e.Data["data"] = c.data
		if err := e.wholeCorpora(t.Context(), cells, wholeSubsets); err != nil {
			t.Fatal(err)
		}
		if w := e.Journal.Log.Cells[0].Whole; w == nil || w.Error != c.want {
			t.Errorf("%s: %+v, want the error %q", c.name, w, c.want)
		}
		if entries, _ := os.ReadDir(dir); len(entries) > 0 {
			t.Errorf("%s: was remembered", c.name)
		}
	}
}

// otherParts have an item less in their index than they say.
type otherParts struct{ partData }

func (d otherParts) Parts(block int64, parts int) ([]journal.Subset, error) {
	out, err := d.partData.Parts(block, 1)
	out[0].Data.Index = "639 639000"
	return out, err
}

// A second run starts no worker process for what the first has found out.
func TestWholeCorporaAreRemembered(t *testing.T) {
	dir := t.TempDir()
	for run := range 2 {
		workers := &partWorkers{}
		e, cells := wholeEngine(t, workers, dir, nil, wholeCell("fast", "single", 1), wholeCell("slow", "pool", 2))
		if err := e.wholeCorpora(t.Context(), cells, wholeSubsets); err != nil {
			t.Fatal(err)
		}
		if got, want := len(workers.prepared), 2*(1-run); got != want {
			t.Errorf("run %d: %d worker processes, want %d", run, got, want)
		}
		for i, want := range []int64{160_000, 80_000} {
			if w := e.Journal.Log.Cells[i].Whole; w == nil || w.BytesOut != want || w.Remembered != (run == 1) {
				t.Errorf("run %d, cell %d: %+v, want %d bytes", run, i, w, want)
			}
		}
	}
}

// Whatever a corpus comes to depends on is in the key, and what it does not depend on
// is not.
func TestWholeKey(t *testing.T) {
	e, _ := wholeEngine(t, &partWorkers{}, "", nil)
	e.Journal.Log.Header.Arms = []journal.Arm{{Name: "old", Argv: []string{"/old", WorkerCommand}, Digest: "abc"}, {Name: "python", Argv: []string{"python3"}}}
	base := wholeCell("fast", "single", 1)
	for _, c := range []struct {
		name   string
		change func(*result.Cell)
		same   bool
	}{
		{"runner", func(c *result.Cell) { c.Runner, c.Workers = "pool", 2 }, true},
		{"rate", func(c *result.Cell) { c.Rate = 100 }, true},
		{"affinity", func(c *result.Cell) { c.CPUs = "0" }, true},
		{"level", func(c *result.Cell) { c.Level = 4 }, false},
		{"codec", func(c *result.Cell) { c.Codec = "slow" }, false},
		{"block", func(c *result.Cell) { c.Block *= 2 }, false},
		{"endpoint", func(c *result.Cell) { c.Scenario, c.Endpoint = "ask", "pack" }, false},
		{"program", func(c *result.Cell) { c.Build = "old" }, false},
	} {
		cell := base
		c.change(&cell)
		if got := e.wholeKey(cell) == e.wholeKey(base); got != c.same {
			t.Errorf("%s: the same key: %v, want %v", c.name, got, c.same)
		}
	}
	other := base
	other.Language = "python"
	if key := e.wholeKey(other); key.Program != "" {
		t.Errorf("a program that is not one file has the key %+v", key)
	}
}
