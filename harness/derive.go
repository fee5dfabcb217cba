package harness

import (
	"maps"
	"math"

	"zstdshop/stats"
)

// Derive computes a Result from what a run has recorded so far, whole or not.
func Derive(log *Log) *Result {
	h := log.Header
	r := &Result{
		Schema: Schema, Machine: h.Machine, Build: h.Build, Plan: h.Plan,
		Cells: []CellResult{}, Comparisons: []Comparison{}, Warnings: []Warning{},
	}
	r.Build.Libraries = maps.Clone(h.Build.Libraries)
	r.Plan.Elapsed = log.Elapsed
	r.Plan.Complete = log.End != nil && log.End.Complete
	r.Warnings = append(r.Warnings, h.Warnings...)
	corpora := map[string]CorpusInfo{}
	for _, c := range h.Corpora {
		corpora[c.Name] = c
	}
	all := log.figures()
	times := cleanTimes(log, all)
	for i := range log.Cells {
		c := cellResult(&log.Cells[i], all[i], times[i], h.Plan.Confidence, corpora)
		if s := log.single(i); s >= 0 && c.Status == StatusOK && c.NSPerOp != nil {
			// speed-up is the single goroutine's time over this cell's
			c.SpeedUp = interval(stats.GeometricMean(exps(pairLogs(all[i], all[s], false)), h.Plan.Confidence), 1)
		}
		r.Cells = append(r.Cells, c)
	}
	r.Comparisons = append(r.Comparisons, comparisons(log, all)...)
	completeSides(r, false)
	if h.Limits != nil {
		r.Checks = Checks(r, h.Limits, true)
	}
	r.Warnings = append(r.Warnings, warnings(r)...)
	return r
}

// published flattens a cell's keys.
func published(c Cell) CellResult {
	out := CellResult{
		Name: c.Name(), Scenario: c.Scenario, Corpus: text(c.Corpus), Codec: text(c.Codec), Level: number(c.Level),
		Runner: c.Runner, Workers: c.Workers, Tasks: number(c.Tasks), Iters: number(c.Iters),
		Endpoint: text(c.Endpoint), Rate: number(c.Rate), CPUs: text(c.CPUs), Env: text(c.Env), Language: text(c.Language), Host: text(c.Host), Build: text(c.Build),
		GOMAXPROCSAsked: number(c.GOMAXPROCS), Warnings: []string{}, Samples: []Fork{},
	}
	if c.Corpus != "" {
		block := c.Block
		out.Block = &block
	}
	return out
}

// Cell answers the keys of a published cell.
func (c CellResult) Cell() Cell {
	out := Cell{Scenario: c.Scenario, Corpus: value(c.Corpus), Codec: value(c.Codec), Level: value(c.Level), Runner: c.Runner,
		Workers: c.Workers, Tasks: value(c.Tasks), Block: value(c.Block), Iters: value(c.Iters),
		Endpoint: value(c.Endpoint), Rate: value(c.Rate), CPUs: value(c.CPUs), Env: value(c.Env), Language: value(c.Language), Host: value(c.Host), Build: value(c.Build),
		GOMAXPROCS: value(c.GOMAXPROCSAsked)}
	return out
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func number(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func interval(e stats.Estimate, scale float64) *Interval {
	if e.N == 0 {
		return nil
	}
	out := &Interval{Est: e.Est * scale}
	if e.N >= 2 {
		lo, hi := e.Lo*scale, e.Hi*scale
		out.Lo, out.Hi = finite(lo), finite(hi)
	}
	return out
}

func cellResult(c *CellLog, fs []forkFigures, e stats.Estimate, confidence float64, corpora map[string]CorpusInfo) CellResult {
	out := published(c.Cell)
	out.Samples = append(out.Samples, c.Forks...)
	out.Forks = len(c.Forks)
	out.CorpusBytes = corpora[c.Cell.Corpus].Bytes
	if h := c.Hello; h != nil {
		out.Implementation, out.GILEnabled = text(h.Implementation), &h.GILEnabled
	}
	if f := c.Facts; f != nil {
		out.Items, out.BytesIn, out.BytesOut = f.Items, f.BytesIn, f.BytesOut
		out.Digest, out.EffectiveLevel, out.GOMAXPROCS = f.Digest, number(f.EffectiveLevel), f.GOMAXPROCS
		if f.BytesOut > 0 {
			out.Ratio = finite(float64(f.BytesIn) / float64(f.BytesOut))
		}
	}
	switch {
	case c.Failed != nil:
		out.Status = c.Failed.Status
		out.Error, out.Stderr = text(c.Failed.Error), text(c.Failed.Stderr)
		return out
	case len(fs) == 0:
		out.Status = StatusUnmeasured
		return out
	}
	out.Status = StatusOK
	timed := c.Facts.PassNS == 0
	if !timed {
		out.TasksPerS = interval(stats.Estimate{Est: 1 / e.Est, Lo: 1 / e.Hi, Hi: 1 / e.Lo, N: e.N}, 1e9)
	}
	if cores := coresBusy(fs, confidence); cores.Est > 0 { // else there is no CPU clock
		out.Parallelism = interval(cores, 1)
	}
	if !timed && c.Cell.Rate == 0 {
		out.NSPerOp = interval(e, 1)
		if c.Facts.BytesIn > 0 {
			perTask := float64(c.Facts.BytesIn) / float64(c.Facts.Items)
			out.MBPerS = interval(stats.Estimate{Est: 1 / e.Est, Lo: 1 / e.Hi, Hi: 1 / e.Lo, N: e.N}, perTask*1e3)
		}
	}
	memoryAndLatency(&out, c)
	if share, ok := disturbed(c); ok {
		out.Disturbed = &share
	}
	if c.Cell.Codec == "" && c.Cell.Endpoint == "" {
		sum := c.Checksum
		out.Checksum = &sum
	}
	return out
}

func exps(logs []float64) []float64 {
	out := make([]float64, len(logs))
	for i, l := range logs {
		out[i] = math.Exp(l)
	}
	return out
}

// memoryAndLatency fills what is gathered over forks without an interval.
func memoryAndLatency(out *CellResult, c *CellLog) {
	h := newHistogram()
	var tasks int64
	var mallocs, bytes uint64
	var prepared, peak int64
	threads := 0
	for _, f := range c.Forks {
		record(h, f.TaskNS)
		tasks += f.TimedTasks
		mallocs += f.Mallocs
		bytes += f.AllocBytes
		prepared, peak, threads = max(prepared, f.PreparedRSSBytes), max(peak, f.PeakRSSBytes), max(threads, f.Threads)
	}
	if tasks > 0 {
		us := func(q float64) float64 { return float64(h.ValueAtQuantile(q)) / 1e3 }
		out.LatencyUS = &Latency{P50: us(50), P90: us(90), P99: us(99), Max: float64(h.Max()) / 1e3, N: tasks}
		out.AllocsPerOp, out.AllocBytesPerOp = finite(float64(mallocs)/float64(tasks)), finite(float64(bytes)/float64(tasks))
	}
	if peak > 0 {
		out.PreparedRSSBytes, out.PeakRSSBytes = &prepared, &peak
	}
	if threads > 0 {
		out.Threads = &threads
	}
}

// single is the index of the cell that differs from cell i in nothing but
// having one goroutine; -1 where there is none.
func (l *Log) single(i int) int {
	for j := range l.Cells {
		if l.Cells[j].Failed != nil || l.Cells[j].Cell.Runner != "single" {
			continue
		}
		a, b := l.Cells[i].Cell, l.Cells[j].Cell
		// Workers follow from the runner; GOMAXPROCS is part of the model.
		a.Runner, a.Workers, a.GOMAXPROCS = b.Runner, b.Workers, b.GOMAXPROCS
		if a == b {
			return j
		}
	}
	return -1
}
