package history

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite" // driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Store is an open history. It may be used from several goroutines, and several
// processes may have the same history open.
type Store struct {
	db       *sql.DB
	postgres bool
	// Note is what Open had to do about damage, "" for nothing.
	Note string
}

// DefaultPath is the SQLite file under the folder of the program's state.
func DefaultPath(state string) string { return filepath.Join(state, "history.db") }

// Open opens the history at location: a postgres:// URL, or the path of a SQLite
// file, which is made where it does not exist. A file that is damaged is renamed
// and a new one takes over what can still be read of it; Note says so.
func Open(ctx context.Context, location string) (*Store, error) {
	if strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://") {
		db, err := sql.Open("pgx", location)
		if err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
		s := &Store{db: db, postgres: true}
		if err := s.migrate(ctx); err != nil {
			db.Close()
			return nil, fmt.Errorf("history %s: %w", withoutPassword(location), err)
		}
		return s, nil
	}
	if err := os.MkdirAll(filepath.Dir(location), 0o700); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	s, err := openFile(ctx, location)
	for begin := time.Now(); isBusy(err) && time.Since(begin) < lockTimeout && ctx.Err() == nil; {
		time.Sleep(10 * time.Millisecond)
		s, err = openFile(ctx, location)
	}
	if err == nil || !isDamage(err) {
		return s, err
	}
	return replaceDamaged(ctx, location, err)
}

// lockTimeout is how long to wait for others who write.
const lockTimeout = 30 * time.Second

// isBusy reports whether somebody else held a lock. SQLite waits by itself for most of
// them, but not for the one that a new file is switched to write-ahead logging with.
func isBusy(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_BUSY
}

// openFile opens a SQLite file. Each write is a transaction that is on the disk
// when it ends (synchronous=FULL), and waits for other writers.
func openFile(ctx context.Context, path string) (*Store, error) {
	db, err := sql.Open("sqlite", "file:"+escapePath(path)+
		"?_pragma=busy_timeout("+strconv.FormatInt(lockTimeout.Milliseconds(), 10)+")&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("history %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	s := &Store{db: db}
	var sound string
	if err = db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&sound); err == nil && sound != "ok" {
		err = fmt.Errorf("%w: %s", errDamaged, sound)
	}
	if err == nil {
		err = s.migrate(ctx)
	}
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("history %s: %w", path, err)
	}
	return s, nil
}

// escapePath keeps what has a meaning in a URI out of a file's name.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.ToSlash(path))
}

// withoutPassword is a URL for messages.
func withoutPassword(location string) string {
	scheme, rest, _ := strings.Cut(location, "://")
	if at := strings.LastIndex(rest, "@"); at >= 0 {
		rest = rest[at+1:]
	}
	return scheme + "://" + rest
}

// migrate brings the schema up to date. Programs that begin at once wait for each
// other.
func (s *Store) migrate(ctx context.Context) error {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if s.postgres {
		dialect = goose.DialectPostgres
	}
	for try := 0; ; try++ {
		p, err := goose.NewProvider(dialect, s.db, folder)
		if err == nil {
			_, err = p.Up(ctx)
		}
		if err == nil {
			return nil
		}
		// Another program may be making the same tables: then they are there soon.
		if try == migrateTries || ctx.Err() != nil || isDamage(err) {
			return fmt.Errorf("bring its schema up to date: %w", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try+1) * 20 * time.Millisecond):
		}
	}
}

const migrateTries = 20

// Close releases the history.
func (s *Store) Close() error { return s.db.Close() }

// bind writes the place of the nth value as the database has it.
func (s *Store) bind(query string) string {
	if !s.postgres {
		return query
	}
	var b strings.Builder
	n := 0
	for _, c := range query {
		if c == '?' {
			n++
			b.WriteString("$" + strconv.Itoa(n))
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
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
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return false, fmt.Errorf("history: add run %s: %w", r.ID, err)
	}
	defer tx.Rollback()
	done, err := tx.ExecContext(ctx, s.bind(`INSERT INTO runs (id, started, revision, branch, dirty, machine, host, go_version, libraries, method, figures)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`),
		r.ID, r.Started.UTC().Format(timeFormat), r.Commit, r.Branch, r.Dirty, r.Machine, r.Host, r.Go, string(libraries), r.Method, len(r.Figures))
	if err != nil {
		return false, fmt.Errorf("history: add run %s: %w", r.ID, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	insert, err := tx.PrepareContext(ctx, s.bind("INSERT INTO figures (run, position, cell, metric, est, lo, hi) VALUES (?, ?, ?, ?, ?, ?, ?)"))
	if err != nil {
		return false, fmt.Errorf("history: add run %s: %w", r.ID, err)
	}
	defer insert.Close()
	for i, f := range r.Figures {
		if _, err := insert.ExecContext(ctx, r.ID, i, f.Cell, f.Metric, f.Est, f.Lo, f.Hi); err != nil {
			return false, fmt.Errorf("history: add run %s: %w", r.ID, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return false, fmt.Errorf("history: add run %s: %w", r.ID, err)
	}
	return true, nil
}

// timeFormat sorts as text as it does as time.
const timeFormat = "2006-01-02T15:04:05.000Z"

// Filter chooses runs and figures. Empty fields choose all.
type Filter struct {
	Machine, Branch, Metric string
	Cell                    string // part of its name
}

// Runs reads the runs that fit, oldest first, with their figures in the order in
// which they were added.
func (s *Store) Runs(ctx context.Context, f Filter) ([]Run, error) {
	rows, err := s.db.QueryContext(ctx, s.bind(`SELECT id, started, revision, branch, dirty, machine, host, go_version, libraries, method FROM runs
		WHERE (? = '' OR machine = ?) AND (? = '' OR branch = ?) ORDER BY started, id`), f.Machine, f.Machine, f.Branch, f.Branch)
	if err != nil {
		return nil, fmt.Errorf("history: read runs: %w", err)
	}
	defer rows.Close()
	var out []Run
	at := map[string]int{}
	for rows.Next() {
		var r Run
		var started, libraries string
		if err := rows.Scan(&r.ID, &started, &r.Commit, &r.Branch, &r.Dirty, &r.Machine, &r.Host, &r.Go, &libraries, &r.Method); err != nil {
			return nil, fmt.Errorf("history: read runs: %w", err)
		}
		if r.Started, err = time.Parse(timeFormat, started); err != nil {
			return nil, fmt.Errorf("history: run %s: %w", r.ID, err)
		}
		if err := json.Unmarshal([]byte(libraries), &r.Libraries); err != nil {
			return nil, fmt.Errorf("history: run %s: libraries: %w", r.ID, err)
		}
		at[r.ID] = len(out)
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("history: read runs: %w", err)
	}
	return out, s.readFigures(ctx, f, out, at)
}

func (s *Store) readFigures(ctx context.Context, f Filter, out []Run, at map[string]int) error {
	rows, err := s.db.QueryContext(ctx, s.bind(`SELECT run, cell, metric, est, lo, hi FROM figures
		WHERE (? = '' OR metric = ?) ORDER BY run, position`), f.Metric, f.Metric)
	if err != nil {
		return fmt.Errorf("history: read figures: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var run string
		var v Figure
		if err := rows.Scan(&run, &v.Cell, &v.Metric, &v.Est, &v.Lo, &v.Hi); err != nil {
			return fmt.Errorf("history: read figures: %w", err)
		}
		if i, ok := at[run]; ok && strings.Contains(v.Cell, f.Cell) {
			out[i].Figures = append(out[i].Figures, v)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("history: read figures: %w", err)
	}
	return nil
}

// Series reads what became of each metric of each cell that fits, machine by
// machine, in order of first appearance.
func (s *Store) Series(ctx context.Context, f Filter) ([]Series, error) {
	runs, err := s.Runs(ctx, f)
	if err != nil {
		return nil, err
	}
	var out []Series
	at := map[[3]string]int{}
	for _, r := range runs {
		for _, v := range r.Figures {
			key := [3]string{r.Machine, v.Cell, v.Metric}
			n, ok := at[key]
			if !ok {
				n = len(out)
				at[key] = n
				out = append(out, Series{Machine: r.Machine, Host: r.Host, Cell: v.Cell, Metric: v.Metric})
			}
			out[n].Points = append(out[n].Points, Point{r.ID, r.Started, r.Commit, r.Branch, v.Est, v.Lo, v.Hi})
		}
	}
	return out, nil
}

// Prune removes runs that began before a time, except the newest keep of each
// machine. It returns how many.
func (s *Store) Prune(ctx context.Context, before time.Time, keep int) (int, error) {
	done, err := s.db.ExecContext(ctx, s.bind(`DELETE FROM runs WHERE started < ? AND id NOT IN (
		SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY machine ORDER BY started DESC, id DESC) AS age FROM runs) AS aged WHERE age <= ?)`),
		before.UTC().Format(timeFormat), keep)
	if err != nil {
		return 0, fmt.Errorf("history: prune: %w", err)
	}
	n, err := done.RowsAffected()
	return int(n), err
}

// errDamaged is wrapped where a file's content is not what was written.
var errDamaged = errors.New("the file is damaged")

// isDamage reports whether SQLite could not make sense of the file.
func isDamage(err error) bool {
	if errors.Is(err, errDamaged) {
		return true
	}
	text := err.Error()
	return strings.Contains(text, "malformed") || strings.Contains(text, "not a database") || strings.Contains(text, "SQLITE_CORRUPT")
}

// replaceDamaged sets the file aside and begins a new one with what can be read.
func replaceDamaged(ctx context.Context, path string, damage error) (*Store, error) {
	aside := path + ".damaged-" + time.Now().UTC().Format("20060102T150405.000")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Rename(path+suffix, aside+suffix); err != nil && !(suffix != "" && errors.Is(err, os.ErrNotExist)) {
			return nil, fmt.Errorf("%w, and cannot be set aside: %w", damage, err)
		}
	}
	s, err := openFile(ctx, path)
	if err != nil {
		return nil, err
	}
	saved := s.rescue(ctx, aside)
	s.Note = fmt.Sprintf("%v; it is now %s, and %d of its runs that could be read whole are in a new one", damage, filepath.Base(aside), saved)
	return s, nil
}

// rescue adds what runs of a damaged file are whole. Each run is read by itself:
// damage ends a query at its first bad page.
func (s *Store) rescue(ctx context.Context, path string) (saved int) {
	db, err := sql.Open("sqlite", "file:"+escapePath(path)+"?mode=ro")
	if err != nil {
		return 0
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	old := &Store{db: db}
	for _, order := range []string{"ASC", "DESC"} {
		ids, _ := old.ids(ctx, order) // as many as can be read from this end
		for _, id := range ids {
			r, err := old.run(ctx, id)
			if err != nil {
				continue
			}
			if added, err := s.Add(ctx, r); err == nil && added {
				saved++
			}
		}
	}
	return saved
}

// ids reads the names of runs until the first that cannot be read.
func (s *Store) ids(ctx context.Context, order string) (out []string, err error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id FROM runs ORDER BY rowid "+order)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return out, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// run reads one run; an error where any of it is missing.
func (s *Store) run(ctx context.Context, id string) (r Run, err error) {
	var started, libraries string
	var figures int
	row := s.db.QueryRowContext(ctx, s.bind(`SELECT id, started, revision, branch, dirty, machine, host, go_version, libraries, method, figures FROM runs WHERE id = ?`), id)
	if err := row.Scan(&r.ID, &started, &r.Commit, &r.Branch, &r.Dirty, &r.Machine, &r.Host, &r.Go, &libraries, &r.Method, &figures); err != nil {
		return r, err
	}
	if r.Started, err = time.Parse(timeFormat, started); err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(libraries), &r.Libraries); err != nil {
		return r, err
	}
	one := []Run{r}
	if err := s.figuresOf(ctx, &one[0]); err != nil {
		return r, err
	}
	if len(one[0].Figures) != figures {
		return r, fmt.Errorf("%w: %d of %d figures", errDamaged, len(one[0].Figures), figures)
	}
	return one[0], nil
}

func (s *Store) figuresOf(ctx context.Context, r *Run) error {
	rows, err := s.db.QueryContext(ctx, s.bind("SELECT cell, metric, est, lo, hi FROM figures WHERE run = ? ORDER BY position"), r.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var v Figure
		if err := rows.Scan(&v.Cell, &v.Metric, &v.Est, &v.Lo, &v.Hi); err != nil {
			return err
		}
		r.Figures = append(r.Figures, v)
	}
	return rows.Err()
}
