package measure

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
)

// Run measures q and returns its log, from which package analyze derives the
// result. It returns a log with an error, too, where the run had begun: what was
// measured until then. Failed cells are in the log. The error is that of the
// run itself: it wraps result.ErrPlan for one that cannot be carried out as asked,
// result.ErrUnusable for a program that cannot be compared, and the cause of the
// end of ctx.
//
// Where q has a State the log is in a journal there, too, written through after
// each round, and so are the programs and corpora until the run is complete.
func Run(ctx context.Context, q Request) (*journal.Log, error) {
	if q.now == nil {
		q.now = time.Now
	}
	if err := q.Check(ctx); err != nil {
		return nil, err
	}
	if q.launcher == nil {
		q.launcher = Processes{Timeout: q.Timeout}
	}
	if q.resumes != "" {
		record, err := q.reopen()
		if err != nil {
			return nil, err
		}
		return q.measure(ctx, record)
	}
	record := &journal.Journal{}
	if q.State != "" {
		var err error
		begun := q.Begun
		if begun.IsZero() {
			begun = q.now()
		}
		if record, err = journal.CreateJournal(q.State, begun); err != nil {
			return nil, err
		}
	}
	if err := q.begin(ctx, record); err != nil {
		return nil, errors.Join(err, record.Close(), forget(record))
	}
	log, err := q.measure(ctx, record)
	// A run that measured nothing must not hide the one before it.
	if log.Schedule == nil {
		err = errors.Join(err, forget(record))
	}
	return log, err
}

// begin puts the programs and corpora of a new run in place, and writes down what
// it was told.
func (q *Request) begin(ctx context.Context, record *journal.Journal) error {
	arms, sides, about, err := q.keepPrograms(record.Dir)
	if err != nil {
		return err
	}
	infos := []journal.CorpusInfo{}
	if q.Data == nil {
		if record.Dir == "" && len(q.Corpora) > 0 {
			return fmt.Errorf("%w: a run that is not kept has no place for corpora", result.ErrPlan)
		}
		if q.Data, err = Spool(ctx, q.Corpora, q.Cells, record.Dir); err != nil {
			return err
		}
	}
	dicts, lost, err := q.makeDicts(record.Dir)
	if err != nil {
		return err
	}
	about = append(about, lost...)
	for _, name := range slices.Sorted(maps.Keys(q.Data)) {
		infos = append(infos, q.Data[name].Info())
	}
	q.Corpora = nil // the workers read the files; the memory is theirs
	if q.Begun.IsZero() {
		q.Begun = q.now()
	}
	if err := record.Append(journal.Record{Header: q.header(arms, sides, infos, dicts, about)}); err != nil {
		return err
	}
	if q.Schedule == nil {
		return nil
	}
	return record.Append(journal.Record{Schedule: q.Schedule})
}

// measure runs the engine over a journal and closes it.
func (q *Request) measure(ctx context.Context, record *journal.Journal) (*journal.Log, error) {
	e := &engine{Request: *q, Journal: record}
	err := e.Run(ctx, q.Begun.Add(q.Budget-q.Reserve))
	log := &record.Log
	if log.Schedule != nil {
		calmMemory{q.Calm}.remember(log)
	}
	if end := log.End; err == nil && end != nil && end.Complete && record.Dir != "" {
		if err := record.DropData(); err != nil {
			log.Header.Warnings = append(log.Header.Warnings, result.Warning{Code: "data_left",
				Text: fmt.Sprintf("the run's data could not be removed: %v: remove %s by hand", err, record.Dir)})
		}
	}
	return log, errors.Join(err, record.Close())
}

// forget removes the folder of a run.
func forget(record *journal.Journal) error {
	if record.Dir == "" {
		return nil
	}
	return os.RemoveAll(record.Dir)
}
