package measure

import (
	"context"
	"errors"
	"time"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/machine"
	"zstdshop/harness/result"
)

// Trial is one comparison of a cell with itself, slowed down on one side or
// not: what calibration is made of.
type Trial struct {
	Cell    result.Cell
	Planted int // share of tasks that the new side follows with another one, in permille
	Budget  time.Duration
	Seed    uint64
	Delta   float64 // of equivalence
	// Schedule is nil, or that of an earlier trial of the same cell, to go
	// without the pilot run.
	Schedule *journal.Schedule
}

// Outcome is what a trial found.
type Outcome struct {
	result.Comparison
	// LogRatios are those of the fork pairs, new over old, in order.
	LogRatios []float64
	Took      time.Duration
	Log       *journal.Log // raw record
}

// Names of a trial's sides.
const (
	armOld = "a"
	armNew = "b"
)

// Trial runs t with e's registry, launcher and data; e's journal is replaced.
func (e *Engine) Trial(ctx context.Context, t Trial, info machine.Info) (Outcome, error) {
	old, new := t.Cell, t.Cell
	old.Build, new.Build = armOld, armNew
	e.Journal = &journal.Journal{}
	h := journal.Header{Machine: info, Cells: []result.Cell{old, new}, Delta: t.Delta, Verdicts: true,
		Arms: []journal.Arm{{Name: armOld}, {Name: armNew, Redo: t.Planted}},
		Plan: result.PlanInfo{Seed: t.Seed, Budget: int64(t.Budget), Confidence: 0.95}}
	if d := e.Data[t.Cell.Corpus]; d != nil {
		h.Corpora = []journal.CorpusInfo{d.Info()}
	}
	if err := e.Journal.Append(journal.Record{Header: &h}); err != nil {
		return Outcome{}, err
	}
	if t.Schedule != nil {
		if err := e.Journal.Append(journal.Record{Schedule: t.Schedule}); err != nil {
			return Outcome{}, err
		}
	}
	begin := e.Now()
	if err := e.Run(ctx, begin.Add(t.Budget)); err != nil {
		return Outcome{}, err
	}
	log := &e.Journal.Log
	out := Outcome{Took: e.Now().Sub(begin), Log: log}
	for i := range log.Cells {
		if f := log.Cells[i].Failed; f != nil {
			return out, &WorkerError{errors.New(f.Error), f.Stderr}
		}
	}
	all := analyze.AllFigures(log)
	out.LogRatios = analyze.PairLogs(all[0], all[1], true)
	if cs := analyze.Comparisons(log, all); len(cs) == 1 {
		out.Comparison = cs[0]
	}
	return out, nil
}
