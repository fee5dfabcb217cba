package measure

import (
	"context"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// keyOf is what a cell's cost depends on: how it is run does not count, by whom it
// is does.
func keyOf(c result.Cell) result.Cell {
	c.Build = c.Arm()
	c.Host, c.Runner, c.CPUs, c.Env, c.Language = "", "", "", "", ""
	c.Workers, c.GOMAXPROCS, c.Rate = 0, 0, 0
	return c
}

// pilot runs one small worker for every kind of work, off the record, to learn
// what it costs, and cuts the run accordingly. A cell whose worker fails here
// is out.
func (e *engine) pilot(ctx context.Context, deadline time.Time) (*journal.Schedule, error) {
	log := &e.Journal.Log
	subsets := e.draw()
	samples, small, err := subsets.of(log.Header.Cells)
	if err != nil {
		return nil, err
	}
	schedule := &journal.Schedule{Subsets: small} // what start and data look into meanwhile
	seen := map[result.Cell]cost{}
	var cells []costed
	for i := range log.Cells {
		c := log.Cells[i].Cell
		if log.Cells[i].Failed != nil {
			continue
		}
		at := sampleIndex(samples, c)
		k, known := seen[keyOf(c)]
		if !known {
			e.tell("pilot run", c, 0)
			if k, err = e.probe(ctx, c, schedule); err != nil {
				if err := e.failWith(ctx, i, err); err != nil {
					return nil, err
				}
				continue
			}
			seen[keyOf(c)] = k
		}
		spawn, err := spawnOf(c, e.Registry, e.cpus())
		if err != nil {
			return nil, err
		}
		k.lanes = max(1, min(c.Workers, spawn.GOMAXPROCS, e.cpus()))
		k.bound = spawn.GOMAXPROCS < min(c.Workers, e.cpus())
		s := costed{index: i, cell: c, cost: k, sample: at}
		if at >= 0 {
			s.bytes = small[at].Bytes
		}
		cells = append(cells, s)
	}
	if len(cells) == 0 {
		return &journal.Schedule{Subsets: samples}, nil
	}
	if err := e.wholeCorpora(ctx, cells, samples); err != nil {
		return nil, err
	}
	left := deadline.Sub(e.now())
	return fit(cells, samples, left*95/100, subsets.halved)
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
