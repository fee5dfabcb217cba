package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/machine"
)

// workload is one kind of work that calibration compares with itself.
type workload struct {
	name string
	cell harness.Cell
}

// workloads are the five kinds that stress a measurement in different ways.
func workloads() []workload {
	coded := func(scenario, codec, runner string, workers int, block int64) harness.Cell {
		return harness.Cell{Scenario: scenario, Corpus: "logs", Codec: codec, Level: 3, Runner: runner, Workers: workers, Block: block}
	}
	return []workload{
		{"klauspost-16k", coded("compress", "klauspost", "single", 1, 16<<10)},
		{"datadog-256k", coded("compress", "datadog", "single", 1, 256<<10)},
		{"klauspost-pool", coded("compress", "klauspost", "pool", 2, 16<<10)},
		{"garbage", coded("compressnew", "klauspost", "single", 1, 64<<10)},
		{"cpuburn", harness.Cell{Scenario: "cpuburn", Runner: "single", Workers: 1, Tasks: 1, Iters: 100_000}},
	}
}

// row is one verdict of a calibration, a line of its file.
type row struct {
	Engine   string           `json:"engine"` // of the measuring method
	Workload string           `json:"workload"`
	Planted  int              `json:"planted_permille"`
	Budget   time.Duration    `json:"budget_ns"`
	Seed     uint64           `json:"seed"`
	Note     string           `json:"note,omitempty"` // conditions, such as "burner"
	Verdict  string           `json:"verdict"`
	Ratio    harness.Ratio    `json:"time_ratio"`
	MDE      *float64         `json:"mde"`
	Pairs    int              `json:"pairs"`
	Took     time.Duration    `json:"took_ns"`
	Logs     []float64        `json:"log_ratios"`
	Machine  string           `json:"machine"` // fingerprint
	Raw      [][]harness.Fork `json:"raw,omitempty"`
}

type calibration struct {
	workloads []string
	planted   []int
	trials    int
	per       duration
	rows      string
	note      string
	raw       int
	seed      uint64
	timeout   time.Duration
	full      bool
}

func (a *app) calibrate() *cobra.Command {
	c := calibration{}
	c.per.value = 5 * time.Second
	cmd := &cobra.Command{
		Use:   "calibrate",
		Short: "check the verdicts on this machine: false alarms, and slowdowns that were planted",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.runCalibration(cmd.Context(), c) },
	}
	f := cmd.Flags()
	var names []string
	for _, w := range workloads() {
		names = append(names, w.name)
	}
	f.StringSliceVar(&c.workloads, "workload", names, "kinds of work")
	f.IntSliceVar(&c.planted, "planted", []int{0}, "slowdowns to plant, in permille; 0 compares equals")
	f.IntVar(&c.trials, "trials", 4, "verdicts of each kind")
	f.Var(&c.per, "per", "most time of one verdict")
	f.StringVar(&c.rows, "rows", "", "file of verdicts, one JSON object a line; those already in it are not repeated")
	f.StringVar(&c.note, "note", "", "conditions to write down with each verdict")
	f.IntVar(&c.raw, "raw", 0, "keep the raw slices of the first N verdicts of each kind")
	f.Uint64Var(&c.seed, "seed", 0, "first seed")
	f.DurationVar(&c.timeout, "timeout", 30*time.Second, "silence after which a worker is taken for hung")
	f.BoolVar(&c.full, "full", false, "run each verdict for all of its time, decided or not")
	return cmd
}

// kind is what makes two rows trials of the same thing.
func (r row) kind() string {
	return fmt.Sprintf("%s/%s/%d/%v/%s", r.Engine, r.Workload, r.Planted, r.Budget, r.Note)
}

func (a *app) runCalibration(ctx context.Context, c calibration) error {
	done, err := readRows(c.rows)
	if err != nil {
		return err
	}
	have := map[string]int{}
	for _, r := range done {
		have[r.kind()]++
	}
	info := machine.Current()
	exe, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the worker program: %w", err)
	}
	dir, err := os.MkdirTemp("", "zstdshop-calibrate-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	loadedCorpora, err := load(ctx, []string{"logs"}, a.stdin)
	if err != nil {
		return err
	}
	data, _, err := spool(ctx, loadedCorpora, []int64{16 << 10, 64 << 10, 256 << 10}, dir)
	if err != nil {
		return err
	}
	engine := &harness.Engine{Registry: a.reg, Data: data, Now: time.Now,
		Launcher: harness.Processes{Argv: []string{exe, workerCommand}, Patience: c.timeout}}
	layouts := map[string]*harness.Layout{}
	for n := range c.trials {
		for _, w := range workloads() {
			if !contains(c.workloads, w.name) {
				continue
			}
			for _, planted := range c.planted {
				r := row{Engine: harness.Method, Workload: w.name, Planted: planted, Budget: c.per.value, Note: c.note,
					Seed: c.seed + uint64(rand.Uint32()), Machine: info.Fingerprint}
				if have[r.kind()] > n {
					continue
				}
				key := w.name
				got, err := engine.Trial(ctx, harness.Trial{Cell: w.cell, Planted: planted, Budget: c.per.value, Seed: r.Seed, Layout: layouts[key]}, info)
				if err != nil {
					return err
				}
				layouts[key] = got.Log.Layout
				r.Verdict, r.Ratio, r.MDE, r.Pairs, r.Took, r.Logs = got.Verdict, got.TimeRatio, got.MDE, got.Pairs, got.Took, got.LogRatios
				if n < c.raw {
					for _, cell := range got.Log.Cells {
						r.Raw = append(r.Raw, cell.Forks)
					}
				}
				if err := appendRow(c.rows, r); err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "%-15s planted %3d: %-10s %6.2f %% in %v, %d pairs\n", w.name, planted, r.Verdict, 100*(r.Ratio.Est-1), r.Took.Round(10*time.Millisecond), r.Pairs)
			}
		}
	}
	return nil
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// readRows reads what an earlier sitting wrote; a cut last line is passed over.
func readRows(path string) ([]row, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var rows []row
	in := bufio.NewReader(f)
	for n := 1; ; n++ {
		line, err := in.ReadString('\n')
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		var r row
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, n, err)
		}
		rows = append(rows, r)
	}
}

func appendRow(path string, r row) error {
	if path == "" {
		return nil
	}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Close())
}
