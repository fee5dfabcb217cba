package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// What a codec makes of a corpus is a fact and no estimate: the same bytes, whoever
// asks and however busy the machine is. So it is computed from all of the corpus, once,
// before the first round, by as many worker processes at a time as there are CPUs, and
// remembered for later runs. Of what would not fit into its share of the budget it is
// computed from the subset that the cells should work on, which is drawn by the data or
// the seed alone, and is an estimate with an interval.

const (
	wholeShare = 5        // one in so many of the budget is the most that all this may take
	partBytes  = 32 << 20 // of a corpus that one worker process holds at a time
)

// errWholeSpent ends the work on whole corpora when its share of the budget is spent.
var errWholeSpent = errors.New("the share of the budget for whole corpora is spent")

// A wholeKind is cells for which a whole corpus comes to the same.
type wholeKind struct {
	first costed // the first of them: its worker process does the work
	cells []int
	key   wholeKey

	parts  []journal.Subset // of the whole corpus
	took   time.Duration    // expected of all parts, one after the other
	subset journal.Subset   // what the cells should work on
	least  time.Duration    // expected of that
	chosen []journal.Subset // what is to be compressed: the parts, or the subset alone
}

// keyOfChosen is the key of what is to be compressed.
func (k *wholeKind) keyOfChosen() wholeKey {
	key := k.key
	if len(k.chosen) == 1 && k.chosen[0].Digest == k.subset.Digest && k.subset.Items < k.subset.WholeItems {
		key.Subset = k.subset.Digest
	}
	return key
}

// wholeCorpora finds out what the cells' corpora come to and puts it into the journal.
// subsets are what the cells should work on. What cannot be known in time is left out:
// no error.
func (e *engine) wholeCorpora(ctx context.Context, cells []costed, subsets []journal.Subset) error {
	remembered := wholeCache{e.Cache}
	var known []journal.Whole
	// recall takes a kind off the list whose chosen part is remembered.
	recall := func(k *wholeKind) bool {
		w, ok := remembered.load(k.keyOfChosen(), bytesOf(k.chosen))
		if ok {
			w.Cells, w.Remembered = k.cells, true
			known = append(known, w)
		}
		return ok
	}
	var open []*wholeKind
	for _, k := range e.wholeKinds(cells) {
		if err := e.cut(k, subsets[k.first.sample]); err != nil {
			return err
		}
		if k.chosen = k.parts; len(k.parts) > 0 && !recall(k) {
			open = append(open, k)
		}
	}
	share := time.Duration(e.Journal.Log.Header.Plan.Budget) / wholeShare
	open = slices.DeleteFunc(afford(open, share*time.Duration(e.cpus())), recall)
	found, err := e.computeWhole(ctx, open, share)
	if err != nil {
		return err
	}
	for _, k := range open {
		if i := slices.IndexFunc(found, func(w journal.Whole) bool { return w.Cells[0] == k.cells[0] }); i >= 0 && found[i].Error == "" {
			remembered.store(k.keyOfChosen(), found[i])
		}
	}
	if known = append(known, found...); len(known) == 0 {
		return nil
	}
	return e.Journal.Append(journal.Record{Whole: known})
}

// bytesOf is how many bytes some subsets have together.
func bytesOf(subsets []journal.Subset) (n int64) {
	for _, s := range subsets {
		n += s.Bytes
	}
	return n
}

// wholeKinds sorts cells by what their corpus comes to. A frame depends on the data
// and the level alone (codecs.Context); a codec with threads of its own cuts the data
// by how many it has.
func (e *engine) wholeKinds(cells []costed) []*wholeKind {
	var kinds []*wholeKind
	for _, c := range cells {
		if c.cell.Corpus == "" || e.Data[c.cell.Corpus].Info().Digest == "" {
			continue
		}
		key := e.wholeKey(c.cell)
		i := slices.IndexFunc(kinds, func(k *wholeKind) bool { return k.key == key && k.first.cell.Arm() == c.cell.Arm() })
		if i < 0 {
			kinds = append(kinds, &wholeKind{first: c, key: key})
			i = len(kinds) - 1
		}
		kinds[i].cells = append(kinds[i].cells, c.index)
	}
	return kinds
}

// wholeKey is what a cell's whole corpus depends on.
func (e *engine) wholeKey(c result.Cell) wholeKey {
	header := e.Journal.Log.Header
	codec, _, scenario := e.Registry.Infos(c.Codec, "", c.Scenario)
	key := wholeKey{
		Program: binaryDigest(), Library: codec.Library + " " + codec.Version,
		Corpus: e.Data[c.Corpus].Info().Digest, Block: c.Block, Stream: c.Stream,
		Scenario: c.Scenario, Endpoint: c.Endpoint, Codec: c.Codec, Level: c.Level, Dict: header.Dicts.Digest(c),
	}
	if arm := header.Arm(c.Arm()); len(arm.Argv) > 0 {
		key.Program = arm.Digest
	}
	if scenario.Compresses || scenario.Decompresses {
		key.Scenario = "" // both are about what one call of Compress returns
	}
	if codec.Threads {
		key.Env = c.Env
		if spawn, err := spawnOf(c, e.Registry, e.cpus()); err == nil {
			key.GOMAXPROCS = spawn.GOMAXPROCS
		}
	}
	return key
}

// cut makes the parts of a kind, as many as there are CPUs where that is worth starting
// a worker process each, and says how long they and the subset take.
func (e *engine) cut(k *wholeKind, subset journal.Subset) error {
	cell, data, cost := k.first.cell, e.Data[k.first.cell.Corpus], k.first.cost
	whole := data.Info().Bytes
	work := func(bytes int64) time.Duration {
		c := cost.scaled(bytes, k.first.bytes, 0)
		if len(e.Journal.Log.Header.Arm(cell.Arm()).Argv) > 0 {
			return c.prepare + c.pass // a program that does not know facts_only does one
		}
		return c.prepare
	}
	parts := int((whole + partBytes - 1) / partBytes)
	if work(whole) > 4*cost.start {
		parts = max(parts, e.cpus())
	}
	var err error
	k.parts, err = data.Parts(cell.ItemBytes(), parts)
	k.took = work(whole) + time.Duration(len(k.parts))*cost.start
	k.subset, k.least = subset, work(subset.Bytes)+cost.start
	return err
}

// afford chooses what to compress in so much time of all CPUs together, and returns the
// kinds of which anything is: of each the subset, as far as that goes, then of the
// cheapest all.
func afford(kinds []*wholeKind, left time.Duration) []*wholeKind {
	kinds = slices.Clone(kinds)
	slices.SortStableFunc(kinds, func(a, b *wholeKind) int { return cmp.Compare(a.least, b.least) })
	for _, k := range kinds {
		if k.chosen = nil; left >= k.least {
			k.chosen, left = []journal.Subset{k.subset}, left-k.least
		}
	}
	kinds = slices.DeleteFunc(kinds, func(k *wholeKind) bool { return k.chosen == nil })
	slices.SortStableFunc(kinds, func(a, b *wholeKind) int { return cmp.Compare(a.took, b.took) })
	for _, k := range kinds {
		if left+k.least >= k.took {
			k.chosen, left = k.parts, left+k.least-k.took
		}
	}
	return kinds
}

// computeWhole compresses whole corpora in worker processes. Kinds that are not done
// when the time is over are left out. The error is the end of ctx.
func (e *engine) computeWhole(ctx context.Context, kinds []*wholeKind, timeout time.Duration) ([]journal.Whole, error) {
	if len(kinds) == 0 {
		return nil, nil
	}
	e.tell("whole corpus", kinds[0].first.cell, 0)
	within, cancel := context.WithTimeoutCause(ctx, timeout, errWholeSpent)
	defer cancel()
	type job struct {
		kind int
		data worker.Data
	}
	jobs := make(chan job)
	sums := make([]wholeSum, len(kinds))
	var starting sync.Mutex // of worker processes
	var group sync.WaitGroup
	for range e.cpus() {
		group.Go(func() {
			for j := range jobs {
				ready, err := e.part(within, kinds[j.kind].first.cell, j.data, &starting)
				sums[j.kind].add(ready, err)
			}
		})
	}
	for i, k := range kinds {
		for _, part := range k.chosen {
			jobs <- job{i, part.Data}
		}
	}
	close(jobs)
	group.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	var out []journal.Whole
	for i, k := range kinds {
		if errors.Is(sums[i].err, errWholeSpent) {
			continue
		}
		out = append(out, sums[i].whole(k))
	}
	return out, nil
}

// part has one worker process compress some items and tell what that came to.
func (e *engine) part(ctx context.Context, c result.Cell, data worker.Data, starting *sync.Mutex) (worker.Ready, error) {
	if ctx.Err() != nil {
		return worker.Ready{}, context.Cause(ctx)
	}
	c.Workers, c.Rate = 1, 0
	spawn, err := spawnOf(c, e.Registry, e.cpus())
	if err != nil {
		return worker.Ready{}, err
	}
	header := e.Journal.Log.Header
	spawn.Argv, spawn.CPUs, spawn.Processes = header.Arm(c.Arm()).Argv, "", 0
	starting.Lock()
	conn, err := e.launcher.Start(ctx, spawn)
	starting.Unlock()
	if err != nil {
		return worker.Ready{}, err
	}
	ready, err := conn.Prepare(ctx, worker.Prepare{Cell: cellSpec(c), Data: &data, Dict: header.Dicts.Worker(c), Seed: header.Plan.Seed, FactsOnly: true})
	if err == nil {
		_, err = conn.Close(ctx)
	}
	if err != nil {
		conn.Kill()
	}
	return ready, err
}

// A wholeSum adds up the parts of a kind. Several goroutines may add.
type wholeSum struct {
	sync.Mutex
	sum journal.Whole
	err error // the first, before all others one that is not the end of the time
}

func (s *wholeSum) add(r worker.Ready, err error) {
	s.Lock()
	defer s.Unlock()
	w := &s.sum
	w.Items, w.BytesIn, w.BytesOut = w.Items+r.Items, w.BytesIn+r.BytesIn, w.BytesOut+r.BytesOut
	w.SumInIn, w.SumInOut, w.SumOutOut = w.SumInIn+r.SumInIn, w.SumInOut+r.SumInOut, w.SumOutOut+r.SumOutOut
	if s.err == nil || errors.Is(s.err, errWholeSpent) {
		s.err = cmp.Or(err, s.err)
	}
}

// whole is what was chosen of a kind came to.
func (s *wholeSum) whole(k *wholeKind) journal.Whole {
	w, bytes := s.sum, bytesOf(k.chosen)
	switch {
	case s.err != nil:
		w = journal.Whole{Error: s.err.Error()}
	case w.BytesIn != bytes || w.BytesOut < 1:
		w = journal.Whole{Error: fmt.Sprintf("%d bytes became %d where there are %d", w.BytesIn, w.BytesOut, bytes)}
	}
	w.Cells = k.cells
	return w
}
