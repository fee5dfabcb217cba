package history

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite" // driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

//go:embed migrations/*.sql
var migrations embed.FS

// DefaultPath is the SQLite file under the folder of the program's state.
func DefaultPath(state string) string { return filepath.Join(state, "history.db") }

// Open opens the history at a location: the path of a SQLite file, which is made where it
// does not exist, or a PostgreSQL database in any notation that its driver takes: a
// URL, or keywords such as "host=db dbname=bench", either completed by the PG variables of
// the environment, the password file and the service file. A file that is damaged is
// renamed and a new one takes over what can still be read of it; Note says so. No error
// holds a password.
func Open(ctx context.Context, where string) (*Store, error) {
	at, err := parseLocation(where)
	if err != nil {
		return nil, err
	}
	if at.postgres != nil {
		db := stdlib.OpenDB(*at.postgres)
		if err := migrate(ctx, db, goose.DialectPostgres); err != nil {
			db.Close()
			return nil, fmt.Errorf("history %v: %w", at, at.hide(err))
		}
		return &Store{db: db}, nil
	}
	return openPath(ctx, at.path)
}

// openPath opens a SQLite file and replaces one that is damaged.
func openPath(ctx context.Context, location string) (*Store, error) {
	if err := regular(location); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(location), 0o700); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	s, err := openFile(ctx, location)
	for begin := time.Now(); isBusy(err) && time.Since(begin) < lockTimeout && ctx.Err() == nil; {
		time.Sleep(10 * time.Millisecond)
		s, err = openFile(ctx, location)
	}
	switch {
	case err == nil:
		return s, nil
	case isUnwritable(err):
		return nil, unwritable(location, err)
	case !isDamage(err):
		return nil, err
	}
	return replaceDamaged(ctx, location, err)
}

// regular returns an error where something else than a file is at path. SQLite takes a
// device for an empty file, and a pipe would make it wait.
func regular(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		kind := "a pipe, a device or a socket"
		if info.IsDir() {
			kind = "a folder"
		}
		return fmt.Errorf("history %s: it is %s: name a file with --db or $ZSTDSHOP_HISTORY", path, kind)
	}
	return nil
}

// isUnwritable reports whether SQLite could not write where it must.
func isUnwritable(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return false
	}
	code := e.Code() & 0xff
	return code == sqlite3.SQLITE_READONLY || code == sqlite3.SQLITE_CANTOPEN || code == sqlite3.SQLITE_PERM
}

// unwritable says in the system's words why a file cannot be written: SQLite tells that
// it cannot be opened. It makes files of its own beside it.
func unwritable(path string, err error) error {
	beside, why := os.CreateTemp(filepath.Dir(path), ".zstdshop-*")
	if why == nil {
		why = errors.Join(beside.Close(), os.Remove(beside.Name()))
	}
	if why == nil {
		var file *os.File
		if file, why = os.OpenFile(path, os.O_RDWR, 0); why == nil {
			why = file.Close()
		}
	}
	if e, ok := errors.AsType[*fs.PathError](why); ok {
		why = e.Err
	}
	if why == nil {
		return err
	}
	return fmt.Errorf("history %s cannot be written: %w: name another place with --db or $ZSTDSHOP_HISTORY; `zstdshop history show` and export read it all the same", path, why)
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
	var sound string
	if err = db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&sound); err == nil && sound != "ok" {
		err = fmt.Errorf("%w: %s", errDamaged, sound)
	}
	if err == nil {
		err = migrate(ctx, db, goose.DialectSQLite3)
	}
	if err != nil {
		db.Close()
		return nil, fmt.Errorf("history %s: %w", path, err)
	}
	return &Store{db: db}, nil
}

// escapePath keeps what has a meaning in a URI out of a file's name.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.ToSlash(path))
}

// migrate brings the schema up to date. Programs that begin at once wait for each
// other.
func migrate(ctx context.Context, db *sql.DB, dialect goose.Dialect) error {
	folder, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	for try := 0; ; try++ {
		p, err := goose.NewProvider(dialect, db, folder)
		if err == nil {
			_, err = p.Up(ctx)
		}
		if err == nil {
			return nil
		}
		// Another program may be making the same tables: then they are there soon.
		if try == migrateTries || ctx.Err() != nil || isDamage(err) || isUnreachable(err) {
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

// isUnreachable reports whether a server did not let anybody in, other than because it
// is starting.
func isUnreachable(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); !ok {
		return false
	}
	said, ok := errors.AsType[*pgconn.PgError](err)
	return !ok || said.Code != startingUp
}

// startingUp is PostgreSQL's code cannot_connect_now.
const startingUp = "57P03"

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
	_, err = db.ExecContext(ctx, "SELECT committed FROM runs LIMIT 0")
	old.first = err != nil && strings.Contains(err.Error(), "no such column")
	for _, order := range []string{"ASC", "DESC"} {
		var ids []string // as many as can be read from this end
		_ = old.query(ctx, func(rows *sql.Rows) error {
			ids = append(ids, "")
			return rows.Scan(&ids[len(ids)-1])
		}, "SELECT id FROM runs ORDER BY rowid "+order)
		for _, id := range ids {
			r, err := old.whole(ctx, id)
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

// whole reads one run; an error where any of it is missing.
func (s *Store) whole(ctx context.Context, id string) (run Run, err error) {
	want := -1
	if err := s.runs(ctx, "id = $1", []any{id}, func(r Run, figures int) { run, want = r, figures }); err != nil {
		return run, err
	}
	if err := s.figures(ctx, "run = $1", id, func(_ string, f Figure) { run.Figures = append(run.Figures, f) }); err != nil {
		return run, err
	}
	if len(run.Figures) != want {
		return run, fmt.Errorf("%w: %d of %d figures", errDamaged, len(run.Figures), want)
	}
	return run, nil
}
