package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// rowFile is the verdicts so far, in memory and, where it has a name, on disk.
type rowFile struct {
	all  []analyze.Trial
	file *os.File // nil: memory only
}

// openRows reads the rows of the present method and goes on behind the last
// whole line. path may be "" and need not exist.
func openRows(path string) (*rowFile, error) {
	rows := &rowFile{}
	if path == "" {
		return rows, nil
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("--rows: %w", err)
	}
	in, good := bufio.NewReader(f), int64(0)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // nothing, or a line that was cut
		}
		var r analyze.Trial
		if err == nil {
			err = json.Unmarshal(line, &r)
		}
		if err != nil {
			f.Close()
			return nil, fmt.Errorf("--rows %s, line %d: %w", path, n, err)
		}
		good += int64(len(line))
		if r.Method == result.Method {
			r.Raw = nil // only the file needs it
			rows.all = append(rows.all, r)
		}
	}
	if err := errors.Join(f.Truncate(good), seekTo(f, good)); err != nil {
		f.Close()
		return nil, fmt.Errorf("--rows: %w", err)
	}
	rows.file = f
	return rows, nil
}

func seekTo(f *os.File, offset int64) error {
	_, err := f.Seek(offset, io.SeekStart)
	return err
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

func (rows *rowFile) count(k analyze.TrialKind) int {
	n := 0
	for _, r := range rows.all {
		if r.Kind() == k {
			n++
		}
	}
	return n
}

// most is the largest number of rows of one kind.
func (rows *rowFile) most() int {
	most := 0
	for _, r := range rows.all {
		most = max(most, rows.count(r.Kind()))
	}
	return most
}

func (rows *rowFile) close() {
	if rows.file != nil {
		rows.file.Close()
	}
}
