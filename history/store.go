package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Store is an open history. It may be used from several goroutines, and several
// processes may have the same history open.
type Store struct {
	db *sql.DB
	// first is set where the schema is that of the first migration, which is met only in
	// files that are damaged.
	first bool
	// remove takes away the copy that is read; nil for none.
	remove func() error
	// Note is what Open had to do about damage, "" for nothing.
	Note string
}

// Close releases the history.
func (s *Store) Close() error {
	err := s.db.Close()
	if s.remove != nil {
		err = errors.Join(err, s.remove())
	}
	return err
}

// Add keeps a run; false where it was kept already. When it returns nil the run
// is on the disk.
func (s *Store) Add(ctx context.Context, r Run) (added bool, err error) {
	if err := r.check(); err != nil {
		return false, fmt.Errorf("history: run %s: %w", r.ID, err)
	}
	libraries, err := json.Marshal(r.Libraries)
	if err != nil {
		return false, fmt.Errorf("history: run %s: %w", r.ID, err)
	}
	if added, err = s.insert(ctx, r, string(libraries)); err != nil {
		return false, fmt.Errorf("history: add run %s: %w", r.ID, err)
	}
	return added, nil
}

// insert is one transaction: the run with all of its figures, or nothing.
func (s *Store) insert(ctx context.Context, r Run, libraries string) (added bool, err error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	done, err := tx.ExecContext(ctx, `INSERT INTO runs (id, started, revision, branch, dirty, machine, host, go_version, libraries, method, figures, committed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
		r.ID, r.Started.UTC().Format(timeFormat), r.Commit, r.Branch, r.Dirty, r.Machine, r.Host, r.Go, libraries, r.Method, len(r.Figures), timeText(r.Committed))
	if err != nil {
		return false, err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	insert, err := tx.PrepareContext(ctx, "INSERT INTO figures (run, position, cell, metric, est, lo, hi, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
	if err != nil {
		return false, err
	}
	defer insert.Close()
	for i, f := range r.Figures {
		if _, err := insert.ExecContext(ctx, r.ID, i, f.Cell, f.Metric, f.Est, f.Lo, f.Hi, f.Data); err != nil {
			return false, err
		}
	}
	return true, tx.Commit()
}

// timeFormat sorts as text as it does as time.
const timeFormat = "2006-01-02T15:04:05.000Z"

// timeText is a time in a database; "" for the zero time.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeFormat)
}

// timeOf reads what timeText wrote.
func timeOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	return time.Parse(timeFormat, text)
}

// Filter chooses runs and figures. Empty fields choose all.
type Filter struct {
	Machine, Branch, Metric string
	Cell                    string // part of its name
}

// Runs reads the runs that fit, oldest first, with their figures in the order in
// which they were added.
func (s *Store) Runs(ctx context.Context, f Filter) ([]Run, error) {
	var out []Run
	at := map[string]int{}
	err := s.runs(ctx, "($1 = '' OR machine = $1) AND ($2 = '' OR branch = $2)", []any{f.Machine, f.Branch}, func(r Run, _ int) {
		at[r.ID] = len(out)
		out = append(out, r)
	})
	if err != nil {
		return nil, fmt.Errorf("history: read runs: %w", err)
	}
	err = s.figures(ctx, "$1 = '' OR metric = $1", f.Metric, func(run string, v Figure) {
		if i, ok := at[run]; ok && strings.Contains(v.Cell, f.Cell) {
			out[i].Figures = append(out[i].Figures, v)
		}
	})
	if err != nil {
		return out, fmt.Errorf("history: read figures: %w", err)
	}
	return out, nil
}

// runs reads the runs of which the condition holds, oldest first, without their
// figures but with how many there are.
func (s *Store) runs(ctx context.Context, where string, args []any, add func(r Run, figures int)) error {
	return s.query(ctx, func(rows *sql.Rows) error {
		var r Run
		var started, libraries, committed string
		var figures int
		err := rows.Scan(&r.ID, &started, &r.Commit, &r.Branch, &r.Dirty, &r.Machine, &r.Host, &r.Go, &libraries, &r.Method, &figures, &committed)
		if err != nil {
			return err
		}
		if r.Started, err = time.Parse(timeFormat, started); err != nil {
			return fmt.Errorf("run %s: %w", r.ID, err)
		}
		if r.Committed, err = timeOf(committed); err != nil {
			return fmt.Errorf("run %s: %w", r.ID, err)
		}
		if err := json.Unmarshal([]byte(libraries), &r.Libraries); err != nil {
			return fmt.Errorf("run %s: libraries: %w", r.ID, err)
		}
		add(r, figures)
		return nil
	}, `SELECT id, started, revision, branch, dirty, machine, host, go_version, libraries, method, figures, `+s.since("committed")+` FROM runs
		WHERE `+where+" ORDER BY started, id", args...)
}

// figures reads the figures of which the condition holds, those of a run in the order
// in which they were added.
func (s *Store) figures(ctx context.Context, where, arg string, add func(run string, f Figure)) error {
	return s.query(ctx, func(rows *sql.Rows) error {
		var run string
		var v Figure
		if err := rows.Scan(&run, &v.Cell, &v.Metric, &v.Est, &v.Lo, &v.Hi, &v.Data); err != nil {
			return err
		}
		add(run, v)
		return nil
	}, "SELECT run, cell, metric, est, lo, hi, "+s.since("data")+" FROM figures WHERE "+where+" ORDER BY run, position", arg)
}

// since is a column that the first schema lacks, or what stands for it there.
func (s *Store) since(column string) string {
	if s.first {
		return "''"
	}
	return column
}

// query calls scan for each row. Both databases know the nth argument as $n.
func (s *Store) query(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Series reads what became of each metric of each cell that fits, by machine and
// branch, in order of first appearance.
func (s *Store) Series(ctx context.Context, f Filter) ([]Series, error) {
	runs, err := s.Runs(ctx, f)
	if err != nil {
		return nil, err
	}
	return seriesOf(runs), nil
}

// Prune removes runs that began before a time, except the newest keep of each
// machine. It returns how many.
func (s *Store) Prune(ctx context.Context, before time.Time, keep int) (int, error) {
	done, err := s.db.ExecContext(ctx, `DELETE FROM runs WHERE started < $1 AND id NOT IN (
		SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY machine ORDER BY started DESC, id DESC) AS age FROM runs) AS aged WHERE age <= $2)`,
		before.UTC().Format(timeFormat), keep)
	if err != nil {
		return 0, fmt.Errorf("history: prune: %w", err)
	}
	n, err := done.RowsAffected()
	return int(n), err
}
