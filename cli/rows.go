package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"zstdshop/harness/measure"
	"zstdshop/harness/result"
)

// row is one verdict of a calibration.
type row struct {
	Method   string          `json:"method"` // of measuring; only rows of the present one count
	Workload string          `json:"workload"`
	Planted  int             `json:"planted_permille"`
	Budget   time.Duration   `json:"budget_ns"`
	Delta    float64         `json:"delta"`
	Note     string          `json:"note,omitempty"` // conditions, such as a burner beside it
	Seed     uint64          `json:"seed"`
	Machine  string          `json:"machine"` // fingerprint
	Verdict  string          `json:"verdict"`
	Ratio    result.Ratio    `json:"time_ratio"`
	MDE      *float64        `json:"mde"`
	Pairs    int             `json:"pairs"`
	Took     time.Duration   `json:"took_ns"`
	Logs     []float64       `json:"log_ratios"`    // of the fork pairs, in order
	Raw      [][]result.Fork `json:"raw,omitempty"` // old side, new side
}

// take fills in what a trial found.
func (r *row) take(o measure.Outcome, raw bool) {
	r.Verdict, r.Ratio, r.MDE, r.Pairs, r.Took = o.Verdict, o.TimeRatio, o.MDE, o.Pairs, o.Took
	for _, log := range o.LogRatios {
		r.Logs = append(r.Logs, math.Round(log*1e6)/1e6) // more digits say nothing
	}
	if r.Verdict == "" { // not even two pairs
		r.Verdict, r.Ratio.Est = result.VerdictUndecided, 1
	}
	if raw {
		for _, c := range o.Log.Cells {
			r.Raw = append(r.Raw, c.Forks)
		}
	}
}

// kind is what makes two rows verdicts on the same thing.
type kind struct {
	method, workload, note string
	planted                int
	budget                 time.Duration
	delta                  float64
}

func (r row) kind() kind { return kind{r.Method, r.Workload, r.Note, r.Planted, r.Budget, r.Delta} }

// rowFile is the verdicts so far, in memory and, where it has a name, on disk.
type rowFile struct {
	all  []row
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
		var r row
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

func (rows *rowFile) add(r row) error {
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

func (rows *rowFile) count(k kind) int {
	n := 0
	for _, r := range rows.all {
		if r.kind() == k {
			n++
		}
	}
	return n
}

// most is the largest number of rows of one kind.
func (rows *rowFile) most() int {
	most := 0
	for _, r := range rows.all {
		most = max(most, rows.count(r.kind()))
	}
	return most
}

func (rows *rowFile) close() {
	if rows.file != nil {
		rows.file.Close()
	}
}
