package harness

import (
	"fmt"
	"maps"
	"slices"

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
	for i := range log.Cells {
		c := cellResult(&log.Cells[i], all[i], log.cpus(), h.Plan.Confidence, corpora)
		if s := log.single(i); s >= 0 && c.Status == StatusOK && c.NSPerOp != nil {
			// speed-up is the single goroutine's time over this cell's
			c.SpeedUp = interval(stats.GeometricMean(pairRatios(all[i], all[s]), h.Plan.Confidence), 1)
		}
		r.Cells = append(r.Cells, c)
	}
	r.Comparisons = append(r.Comparisons, comparisons(log, all)...)
	r.Warnings = append(r.Warnings, warnings(r)...)
	return r
}

// published flattens a cell's keys.
func published(c Cell) CellResult {
	out := CellResult{
		Name: c.Name(), Scenario: c.Scenario, Corpus: text(c.Corpus), Codec: text(c.Codec), Level: number(c.Level),
		Runner: c.Runner, Workers: c.Workers, Tasks: number(c.Tasks), Iters: number(c.Iters), CPUs: text(c.CPUs), Env: text(c.Env), Build: text(c.Build),
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
		Workers: c.Workers, Tasks: value(c.Tasks), Block: value(c.Block), Iters: value(c.Iters), CPUs: value(c.CPUs), Env: value(c.Env), Build: value(c.Build),
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

func cellResult(c *CellLog, fs []forkFigures, cpus int, confidence float64, corpora map[string]CorpusInfo) CellResult {
	out := published(c.Cell)
	out.Samples = append(out.Samples, c.Forks...)
	out.Forks = len(c.Forks)
	out.CorpusBytes = corpora[c.Cell.Corpus].Bytes
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
	times, cores := timesPerOp(fs), make([]float64, len(fs))
	known := true
	for i, f := range fs {
		cores[i] = f.cores
		known = known && f.cores > 0
	}
	if known {
		out.Parallelism = interval(stats.GeometricMean(cores, confidence), 1)
	}
	if !timed {
		e := stats.GeometricMean(times, confidence)
		out.NSPerOp = interval(e, 1)
		if c.Facts.BytesIn > 0 {
			perTask := float64(c.Facts.BytesIn) / float64(c.Facts.Items)
			out.MBPerS = interval(stats.Estimate{Est: 1 / e.Est, Lo: 1 / e.Hi, Hi: 1 / e.Lo, N: e.N}, perTask*1e3)
		}
	}
	memoryAndLatency(&out, c)
	if share, ok := disturbed(c, cpus); ok {
		out.Disturbed = &share
	}
	if c.Cell.Codec == "" {
		sum := c.Checksum
		out.Checksum = &sum
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

// warnings says what a reader must know of the cells.
func warnings(r *Result) []Warning {
	var out []Warning
	few, imprecise, rough := 0, 0, 0
	sampled := map[string]CellResult{}
	for _, c := range r.Cells {
		if c.Status == StatusUnmeasured {
			out = append(out, Warning{Cell: c.Name, Code: "unmeasured", Text: "not measured before the run ended: `zstdshop bench --resume` goes on, or raise --budget"})
		}
		if c.Status != StatusOK {
			continue
		}
		if c.Forks < minForks {
			few++
		}
		if c.Disturbed != nil && *c.Disturbed > 0.9 && c.Parallelism != nil && c.Runner == "single" && c.Parallelism.Est < 0.95 {
			rough++
		}
		if iv := c.MBPerS; iv != nil && iv.Lo != nil && (*iv.Hi-*iv.Lo)/2/iv.Est > 0.03 {
			imprecise++
		}
		if c.BytesIn < c.CorpusBytes {
			sampled[fmt.Sprintf("%s in %s-byte blocks", *c.Corpus, BlockName(*c.Block))] = c
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sampled)) {
		c := sampled[name]
		out = append(out, Warning{Code: "sampled", Text: fmt.Sprintf(
			"%s: measured on a seeded sample of %d of %d bytes, because the slowest level would not fit the budget otherwise: raise --budget or drop that level to measure it whole",
			name, c.BytesIn, c.CorpusBytes)})
	}
	if rough > 0 {
		out = append(out, Warning{Code: "starved", Text: fmt.Sprintf(
			"%s of a single goroutine got less than 0.95 of a CPU: other processes took the rest, and all figures of this run are too low; end them, or see `zstdshop doctor`", plural(rough, "cell"))})
	}
	if few > 0 {
		out = append(out, Warning{Code: "few_forks", Text: fmt.Sprintf(
			"%s had fewer than %d forks, too few to tell cells apart: raise --budget or ask for fewer cells", plural(few, "cell"), minForks)})
	}
	if imprecise > 0 {
		out = append(out, Warning{Code: "imprecise", Text: fmt.Sprintf(
			"known no better than +-3 %%: %s; raise --budget, or see `zstdshop doctor` for what disturbs this machine", plural(imprecise, "cell"))})
	}
	return out
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
