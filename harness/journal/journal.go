package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Journal keeps a Log on disk: a folder of its own under the state folder, with
// journal.jsonl (one Record a line, written whole and synced after each round)
// and, until the run is complete, the spooled data. A kill at any moment loses
// at most the round under way.
type Journal struct {
	Log Log
	Dir string

	file *os.File
}

const (
	// FileName is the journal in the folder of its run.
	FileName = "journal.jsonl"

	journalSchema = "zstdshop/journal/v1"
	// keepRuns is how many runs' folders are kept.
	keepRuns = 50
)

// journalLine is a Record on disk; the first line carries the schema.
type journalLine struct {
	Schema string `json:"schema,omitempty"`
	Record
}

// StateDir is where runs are kept: $XDG_STATE_HOME/zstdshop, or
// ~/.local/state/zstdshop.
func StateDir(getenv func(string) string) (string, error) {
	if base := getenv("XDG_STATE_HOME"); filepath.IsAbs(base) {
		return filepath.Join(base, "zstdshop"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the state folder: %w (set XDG_STATE_HOME)", err)
	}
	return filepath.Join(home, ".local", "state", "zstdshop"), nil
}

// CreateJournal makes the folder of a new run under state and removes the data
// and folders of old ones.
func CreateJournal(state string, now time.Time) (*Journal, error) {
	runs := filepath.Join(state, "runs")
	if err := os.MkdirAll(runs, 0o700); err != nil {
		return nil, fmt.Errorf("create the run's folder: %w (set XDG_STATE_HOME to a folder that can be written)", err)
	}
	prune(runs)
	dir, err := os.MkdirTemp(runs, nameAfter(runNames(runs), now)+"-*")
	if err != nil {
		return nil, fmt.Errorf("create the run's folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, FileName), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create the run's journal: %w", err)
	}
	LockFile(f)
	return &Journal{Dir: dir, file: f}, nil
}

// Append takes a record in and writes it through to the disk.
func (j *Journal) Append(r Record) error {
	if err := j.Log.apply(r); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if j.file == nil {
		return nil
	}
	line := journalLine{Record: r}
	if r.Header != nil {
		line.Schema = journalSchema
	}
	data, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if _, err = j.file.Write(append(data, '\n')); err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		return fmt.Errorf("write the run's journal: %w", err)
	}
	return nil
}

// Close closes the file; what was appended stays.
func (j *Journal) Close() error {
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file = nil
	return err
}

// DropData removes the spooled data of a run that will not be resumed.
func (j *Journal) DropData() error {
	entries, err := os.ReadDir(j.Dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() != FileName {
			err = errors.Join(err, os.RemoveAll(filepath.Join(j.Dir, e.Name())))
		}
	}
	return err
}

// ErrNoRun is returned where the state folder holds no run to go on from.
var ErrNoRun = errors.New("no saved run")

// LastRun is the folder of the newest run under state that got as far as its
// header, damaged or not; ErrNoRun where there is none.
func LastRun(state string) (string, error) {
	names := runNames(filepath.Join(state, "runs"))
	for _, name := range slices.Backward(names) {
		dir := filepath.Join(state, "runs", name)
		_, err := ReadJournal(dir)
		if !errors.Is(err, errNoHeader) && !errors.Is(err, fs.ErrNotExist) {
			return dir, nil
		}
	}
	return "", fmt.Errorf("%w under %s: run `zstdshop bench` first", ErrNoRun, state)
}

// errNoHeader is wrapped where a journal has no whole line.
var errNoHeader = errors.New("is empty: the run was ended before it began")

// nameTime is how the name of a run's folder begins, so that names sort by age.
const nameTime = "20060102T150405.000Z"

// nameAfter is how the name of a run begins that comes after those of names, which are
// in order. Its time is now, or just after theirs where the clock was set back since.
func nameAfter(names []string, now time.Time) string {
	if len(names) > 0 {
		text, _, _ := strings.Cut(names[len(names)-1], "-")
		if last, err := time.Parse(nameTime, text); err == nil && !last.Before(now.Truncate(time.Millisecond)) {
			now = last.Add(time.Millisecond)
		}
	}
	return now.UTC().Format(nameTime)
}

func runNames(runs string) []string {
	entries, _ := os.ReadDir(runs) // a missing folder has no runs
	var names []string
	for _, e := range entries {
		if e.IsDir() && strings.Contains(e.Name(), "Z-") {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names
}

// prune keeps the newest runs, and the spooled data of the newest alone, which
// is the only one that can be resumed. Runs that another process has at work
// are left alone, and what cannot be removed is left for next time.
func prune(runs string) {
	names := runNames(runs)
	for i, name := range names {
		dir := filepath.Join(runs, name)
		f, err := os.OpenFile(filepath.Join(dir, FileName), os.O_RDWR, 0o600)
		if err != nil {
			continue // it may be just being made
		}
		switch {
		case LockFile(f):
		case len(names)-i >= keepRuns:
			os.RemoveAll(dir)
		case i < len(names)-1:
			(&Journal{Dir: dir}).DropData()
		}
		f.Close()
	}
}

// ReadJournal reads a run's folder. A last line that is cut, as a kill leaves
// it, is passed over; any other damage is an error that names the line.
func ReadJournal(dir string) (*Log, error) {
	path := filepath.Join(dir, FileName)
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	defer f.Close()
	log, _, err := parseJournal(f, path)
	return log, err
}

// ErrRunning is wrapped where a run is to be resumed that has not ended.
var ErrRunning = errors.New("the last run is still going on")

// ResumeJournal opens a run's folder to append to it, a cut last line removed.
func ResumeJournal(dir string) (j *Journal, err error) {
	path := filepath.Join(dir, FileName)
	f, err := os.OpenFile(path, os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("resume: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	if LockFile(f) {
		return nil, fmt.Errorf("resume: %w: wait for its end, or interrupt it", ErrRunning)
	}
	log, good, err := parseJournal(f, path)
	if err != nil {
		return nil, err
	}
	if err = f.Truncate(good); err == nil {
		_, err = f.Seek(good, io.SeekStart)
	}
	if err != nil {
		return nil, fmt.Errorf("resume: %w", err)
	}
	return &Journal{Log: *log, Dir: dir, file: f}, nil
}

// parseJournal returns the log and how many bytes of the file are whole lines.
func parseJournal(r io.Reader, path string) (*Log, int64, error) {
	in := bufio.NewReader(r)
	log, good := &Log{}, int64(0)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // a line without its end was cut by a kill
		}
		if err != nil {
			return nil, 0, fmt.Errorf("read journal %s: %w", path, err)
		}
		var l journalLine
		if err := json.Unmarshal(bytes.TrimSpace(line), &l); err != nil {
			return nil, 0, fmt.Errorf("journal %s, line %d is damaged: %w", path, n, err)
		}
		if n == 1 && l.Schema != journalSchema {
			return nil, 0, fmt.Errorf("journal %s: schema %q, this program reads %q", path, l.Schema, journalSchema)
		}
		if err := log.apply(l.Record); err != nil {
			return nil, 0, fmt.Errorf("journal %s, line %d: %w", path, n, err)
		}
		good += int64(len(line))
	}
	if log.Cells == nil {
		return nil, 0, fmt.Errorf("journal %s %w", path, errNoHeader)
	}
	return log, good, nil
}
