package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
)

// rowFile is the verdicts so far, in memory and, where it has a name, on disk.
type rowFile struct {
	all  []analyze.Trial
	file *os.File // nil: memory only
	told []string // what a reader of the table should know of the file
}

// openRows reads the rows of the present way of comparing and goes on behind the last
// whole line. path may be "" and need not exist. The file is this process's own until it
// is closed: two that wrote to one would write into each other's lines.
func openRows(path string) (*rowFile, error) {
	rows := &rowFile{}
	if path == "" {
		return rows, nil
	}
	t, err := targetOf(path)
	if err == nil && t.special != nil {
		err = errors.New("it is no regular file, and verdicts are read from it again: name a file")
	}
	if err != nil {
		return nil, fmt.Errorf("--rows %q: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("--rows %q: %w", path, reason(err))
	}
	if journal.LockFile(f) {
		return nil, errors.Join(fmt.Errorf("--rows %s: another calibrate writes to it; wait for it, or name another file and join them later", path), f.Close())
	}
	text, err := io.ReadAll(f)
	good := bytes.LastIndexByte(text, '\n') + 1 // behind it is nothing, or a line that was cut
	n, others := 0, 0
	for line := range bytes.Lines(text[:good]) {
		n++
		var t analyze.Trial
		err := json.Unmarshal(line, &t)
		if mistyped := new(json.UnmarshalTypeError); errors.As(err, &mistyped) {
			err = fmt.Errorf("%s where a verdict has something else", mistyped.Value)
		}
		if err == nil {
			err = t.Check()
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("--rows %s, line %d: %w; remove the line, or name another file", path, n, err), f.Close())
		}
		if t.Method != comparing(t.Workload) {
			others++
			continue
		}
		t.Raw = nil // only the file needs it
		rows.all = append(rows.all, t)
	}
	if others > 0 {
		rows.told = append(rows.told, fmt.Sprintf("--rows %s: %d of %d verdicts were made by another way of comparing and are not counted", path, others, n))
	}
	if good < len(text) {
		rows.told = append(rows.told, fmt.Sprintf("--rows %s: its last line was cut off and is removed", path))
	}
	if err == nil {
		err = f.Truncate(int64(good))
	}
	if err == nil {
		_, err = f.Seek(int64(good), io.SeekStart)
	}
	if err != nil {
		return nil, fmt.Errorf("--rows: %w", errors.Join(err, f.Close()))
	}
	rows.file = f
	return rows, nil
}

func (rows *rowFile) add(r analyze.Trial) error {
	if rows.file != nil {
		line, err := json.Marshal(r)
		if err == nil {
			_, err = rows.file.Write(append(line, '\n'))
		}
		if err != nil {
			return fmt.Errorf("write --rows: %w", err)
		}
	}
	r.Raw = nil
	rows.all = append(rows.all, r)
	return nil
}

// counts is how many rows there are of each kind.
func (rows *rowFile) counts() map[analyze.TrialKind]int {
	n := map[analyze.TrialKind]int{}
	for _, r := range rows.all {
		n[r.TrialKind]++
	}
	return n
}

func (rows *rowFile) close() {
	if rows.file != nil {
		rows.file.Close()
	}
}
