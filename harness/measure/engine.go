package measure

import (
	"context"
	"errors"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/harness/worker"
)

// engine measures the cells of a journal's header, which says what the run was told
// when it began; the request says how this sitting goes about it.
type engine struct {
	Request
	Journal *journal.Journal

	begun    time.Time
	deadline time.Time
	before   time.Duration // measured in earlier sittings
	place    place         // of the turn to come
	seen     view          // after the last round
}

// cpus is how many CPUs the run may use.
func (e *engine) cpus() int { return e.Journal.Log.Cpus() }

// draw takes subsets of the run's corpora.
func (e *engine) draw() draw {
	d := draw{data: e.Data}
	if plan := &e.Journal.Log.Header.Plan; plan.Seeded {
		d.asked = &plan.Seed
	}
	return d
}

func (e *engine) elapsed() int64 { return int64(e.before + e.now().Sub(e.begun)) }

func (e *engine) fail(cell int, f journal.Failure) error {
	return e.Journal.Append(journal.Record{Fail: &journal.FailedRecord{Cell: cell, Failure: f}})
}

// failWith marks a cell failed for err, unless err is the end of the run.
func (e *engine) failWith(ctx context.Context, cell int, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	f := journal.Failure{Status: result.StatusFailed, Error: err.Error()}
	if errors.Is(err, worker.ErrLacks) && e.Journal.Log.Cells[cell].Cell.Language != "" {
		f.Status = result.StatusUnavailable
	}
	if lost, ok := errors.AsType[*WorkerError](err); ok {
		f.Stderr = lost.Stderr
	}
	return e.fail(cell, f)
}

func (e *engine) timed(c result.Cell) bool {
	_, _, s := e.Registry.Infos("", "", c.Scenario)
	return s.TimedSlice
}

// tell reports how far the run is: between slices, never inside one.
func (e *engine) tell(phase string, c result.Cell, round int) {
	if e.Progress != nil {
		e.Progress(Progress{Phase: phase, Cell: c.Name(), Round: round, Elapsed: e.now().Sub(e.begun), Total: e.deadline.Sub(e.begun), Known: e.seen.known(c)})
	}
}

// launch starts a worker and prepares it with the data of a schedule; on an error
// there is none left.
func (e *engine) launch(ctx context.Context, c result.Cell, l *journal.Schedule, verify bool) (WorkerConn, worker.Ready, error) {
	spawn, err := spawnOf(c, e.Registry, e.cpus())
	if err != nil {
		return nil, worker.Ready{}, err
	}
	header := e.Journal.Log.Header
	spawn.Argv = header.Arm(c.Arm()).Argv
	var conn WorkerConn
	if spawn.Processes > 1 {
		conn, err = startMultiProcess(ctx, e.launcher, spawn, spawn.Processes)
	} else {
		conn, err = e.launcher.Start(ctx, spawn)
	}
	if err != nil {
		return nil, worker.Ready{}, err
	}
	ready, err := conn.Prepare(ctx, worker.Prepare{
		Cell: cellSpec(c), Data: dataOf(l, c), Dict: header.Dicts.Worker(c), Seed: header.Plan.Seed, Verify: verify, RedoPermille: header.Arm(c.Arm()).Redo})
	if err != nil {
		conn.Kill()
	}
	return conn, ready, err
}
