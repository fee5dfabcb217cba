package measure

import (
	"context"
	"errors"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

const (
	// A trial may take one in so many of what is left, more where few are to come. What
	// is measured needs more than twice its trial, and what is near that and is left out
	// would have left little for the others.
	trialShares = 4
	// A larger item takes more for each byte than a piece of it: a codec looks further
	// back, into memory that no cache holds.
	pieceDoubt = 2
	// A cell of which nothing is known but that its trial was cut short may take so many
	// times as long.
	unknownDoubt = 4
	// It takes at least so long: a trial that is due when nothing is left says nothing.
	leastTrial = 100 * time.Millisecond
)

// errTrial is why a trial was ended.
var errTrial = errors.New("the trial took more than its share of the budget")

// A trial is what the pilot run found out about a kind of work.
type trial struct {
	cost
	bytes int64         // that the cost is over; 0 without a corpus
	cut   time.Duration // above 0: the work is too slow, and the cost is an estimate
	took  time.Duration // of the budget, where nothing was cut
}

// try has a cell do the work of a schedule, of which so many kinds are to come, then, where
// that takes too long, one item of it. Of one that is too slow even so it tries a piece of
// that item, from which its cost is estimated.
func (e *engine) try(ctx context.Context, c result.Cell, schedule *journal.Schedule, kinds int) (trial, error) {
	at := sampleIndex(schedule.Subsets, c)
	var t trial
	if at >= 0 {
		t.bytes = schedule.Subsets[at].Bytes
	}
	err := e.attempt(ctx, c, schedule, kinds, &t)
	if !errors.Is(err, errTrial) {
		return t, err
	}
	cut := t.took
	t.cost = cost{pass: unknownDoubt * max(cut, leastTrial), items: 1, lanes: 1, timed: e.timed(c)}
	if at < 0 {
		t.cut = cut
		return t, nil
	}
	one := schedule.Subsets[at]
	if one.Items > 1 {
		if one, err = e.draw().least(one.Corpus, one.Block, 1, 0); err != nil {
			return trial{}, err
		}
		less := trial{bytes: one.Bytes}
		err := e.attempt(ctx, c, &journal.Schedule{Subsets: []journal.Subset{one}}, kinds, &less)
		if !errors.Is(err, errTrial) {
			return less, err
		}
		cut = max(cut, less.took)
	}
	t.cut, t.bytes = cut, one.Bytes
	piece, ok, err := e.Data[one.Corpus].Piece(one, pilotBytes)
	if err != nil || !ok {
		return t, err
	}
	var part trial
	err = e.attempt(ctx, c, &journal.Schedule{Subsets: []journal.Subset{piece}}, kinds, &part)
	if err == nil {
		k := part.cost.scaled(pieceDoubt*one.Bytes, piece.Bytes, 1)
		if k.prepare+k.pass < cut { // it took longer than that: so much is known
			k.pass = cut
		}
		t.cost = k
	}
	if errors.Is(err, errTrial) {
		err = nil // and no estimate
	}
	return t, err
}

// attempt probes a cell within its share of the time. It returns errTrial where that is
// not enough.
func (e *engine) attempt(ctx context.Context, c result.Cell, schedule *journal.Schedule, kinds int, t *trial) error {
	begin := e.now()
	until := begin.Add(e.deadline.Sub(begin) / time.Duration(min(kinds+1, trialShares)))
	within, cancel := context.WithDeadlineCause(ctx, until, errTrial)
	defer cancel()
	var err error
	t.cost, err = e.probe(within, c, schedule)
	t.took = e.now().Sub(begin)
	return err
}

// The pilot run times probeSlices slices of probeTime or more, each after a warm-up of
// the same work, and believes the fastest: the machine may be having a slow second, and
// never has one that is too fast.
const (
	probeSlices = 4
	probeTime   = 2 * time.Millisecond
	slowPass    = 50 * time.Millisecond // whose own time says enough
)

// probe prepares one worker and returns the cost of its work.
func (e *engine) probe(ctx context.Context, c result.Cell, schedule *journal.Schedule) (k cost, err error) {
	begin := e.now()
	conn, ready, err := e.launch(ctx, c, schedule, false)
	if err != nil {
		return cost{}, err
	}
	defer func() {
		if err != nil {
			conn.Kill()
		}
	}()
	k = cost{pass: time.Duration(ready.PassNS), items: ready.Items, lanes: 1, timed: e.timed(c)}
	start := conn.Greeted().Sub(begin)
	k.prepare = max(e.now().Sub(conn.Greeted())-k.pass, 0)
	if !k.timed && c.Rate == 0 && k.pass < slowPass && (c.Workers == 1 || ready.Lanes > 0) {
		if k.pass, err = e.fastestPass(ctx, conn, ready); err != nil {
			return cost{}, err
		}
	}
	ending := e.now()
	if _, err := conn.Close(ctx); err != nil {
		return cost{}, err
	}
	k.start = start + e.now().Sub(ending)
	return k, nil
}

// fastestPass is the time that one worker takes for a pass, by the fastest of some
// slices.
func (e *engine) fastestPass(ctx context.Context, conn WorkerConn, ready worker.Ready) (time.Duration, error) {
	perTask := max(1, float64(ready.PassNS)/float64(ready.Items))
	lanes := float64(max(ready.Lanes, 1))
	for n := range probeSlices {
		// As many tasks as it takes, by what is known of them so far.
		count := min(max(ready.Items, int(float64(probeTime)*lanes/perTask)), maxSliceTasks)
		s, _, err := conn.Slice(ctx, worker.Slice{ID: uncounted + n, Count: count, Warmup: count, Mode: worker.ModeThroughput})
		if err != nil {
			return 0, err
		}
		perTask = min(perTask, max(1, float64(s.WallNS)*lanes/float64(count)))
	}
	return time.Duration(perTask * float64(ready.Items)), nil
}
