package analyze

import (
	"maps"
	"math"

	"github.com/HdrHistogram/hdrhistogram-go"

	"zstdshop/harness/journal"
	"zstdshop/harness/result"
	"zstdshop/stats"
)

// Derive computes a Result from what a run has recorded so far, whole or not. known
// has the entries that the run was planned with.
func Derive(log *journal.Log, known result.Catalogue) *result.Result {
	h := log.Header
	r := &result.Result{
		Sides: h.Sides, Schema: result.Schema, Machine: h.Machine, Build: h.Build, Plan: h.Plan,
		Cells: []result.CellResult{}, Comparisons: []result.Comparison{}, Warnings: []result.Warning{},
	}
	r.Build.Libraries = maps.Clone(h.Build.Libraries)
	r.Plan.Elapsed, r.Plan.Delta = log.Elapsed, h.Delta
	r.Plan.Spent = SpentOf(log)
	r.Plan.Complete = log.End != nil && log.End.Complete
	r.Warnings = append(r.Warnings, h.Warnings...)
	all := AllFigures(log)
	times := CleanTimes(log, all)
	toBest, toReference := RelativeToBest(log, all, known), RelativeToReference(log, all)
	for i := range log.Cells {
		one := &log.Cells[i]
		time := inDoubt(times[i], disagreement(one.Cell, one.Forks))
		time = inDoubt(time, asIfAlone(lostShare(one.Cell, warmForks(one.Forks), lanesOf(one))))
		c := cellResult(one, all[i], time, h.Plan.Confidence, log)
		if s := baselineOf(log, i, known); s >= 0 && c.Status == result.StatusOK && c.NSPerOp != nil {
			c.SpeedUp = interval(quotient(all[i], all[s], h.Plan.Confidence), 1) // the baseline's time over this cell's
		}
		if h.Sides == nil && c.NSPerOp != nil {
			c.VsBest, c.VsReference = toBest[i].interval(), toReference[i].interval()
		}
		c.About = result.AboutOf(c.Cell, known)
		r.Cells = append(r.Cells, c)
	}
	r.Comparisons = append(r.Comparisons, Comparisons(log, all)...)
	r.Warnings = append(r.Warnings, aboutWhole(log)...)
	r.Warnings = append(r.Warnings, aboutDicts(r)...)
	completeSides(r, false)
	if h.Limits != nil {
		r.Checks = Checks(r, h.Limits, true)
	}
	r.Warnings = append(r.Warnings, warnings(r)...)
	return r
}

func (s Relative) interval() *result.Interval {
	if s.Against < 0 {
		return nil
	}
	return interval(s.Ratio, 1)
}

// inDoubt widens an interval of times to where the time would be if it were less by a
// log, of what other slices of the same work say or of what others took.
func inDoubt(e stats.Estimate, log float64) stats.Estimate {
	e.Lo, e.Hi = min(e.Lo, e.Est*math.Exp(-log)), max(e.Hi, e.Est*math.Exp(-log))
	return e
}

// SpentOf is where the time of a run went; nil where its forks do not tell.
func SpentOf(log *journal.Log) *result.RunSpent { return result.SpentBy(log.Elapsed, forksOf(log)) }

// forksOf is the forks of all cells, one after another.
func forksOf(log *journal.Log) func(yield func(*result.Fork) bool) {
	return func(yield func(*result.Fork) bool) {
		for i := range log.Cells {
			for k := range log.Cells[i].Forks {
				if !yield(&log.Cells[i].Forks[k]) {
					return
				}
			}
		}
	}
}

func interval(e stats.Estimate, scale float64) *result.Interval {
	if e.N == 0 {
		return nil
	}
	out := &result.Interval{Est: e.Est * scale}
	if e.N >= 2 {
		lo, hi := e.Lo*scale, e.Hi*scale
		out.Lo, out.Hi = result.Finite(lo), result.Finite(hi)
	}
	return out
}

func cellResult(c *journal.CellLog, fs []forkFigures, e stats.Estimate, confidence float64, log *journal.Log) result.CellResult {
	out := result.NewCellResult(c.Cell)
	out.Samples = append(out.Samples, c.Forks...)
	out.Forks = len(c.Forks)
	whole := log.Header.Corpus(c.Cell.Corpus)
	out.CorpusBytes, out.CorpusDigest = whole.Bytes, whole.Digest
	subset := log.Schedule.Subset(c.Cell.Corpus, c.Cell.ItemBytes())
	out.ItemsDigest, out.CorpusItems = subset.Digest, subset.WholeItems
	if h := c.Hello; h != nil {
		out.Implementation, out.GILEnabled = result.NonZero(h.Implementation), &h.GILEnabled
	}
	if f := c.Facts; f != nil {
		out.Items, out.BytesIn, out.BytesOut, out.Lanes = f.Items, f.BytesIn, f.BytesOut, lanesOf(c)
		out.Digest, out.EffectiveLevel, out.EffectiveGOMAXPROCS = f.Digest, result.NonZero(f.EffectiveLevel), f.GOMAXPROCS
		if f.BytesOut > 0 {
			out.Ratio = result.Finite(float64(f.BytesIn) / float64(f.BytesOut))
		}
		wholeRatio(&out, c, confidence)
		out.Flushes, out.StreamWindowBytes = f.Flushes, result.NonZero(f.StreamWindow)
		out.StreamMemoryBytes, out.StreamSetupNS = result.NonZero(f.StreamMemory), result.NonZero(f.StreamSetup)
	}
	if d := log.Header.Dicts.Of(c.Cell); d != nil {
		own := d.Dictionary
		if c.Facts != nil {
			own.ContextNS = c.Facts.ContextNS
		}
		out.Dictionary = &own
	}
	switch {
	case c.Failed != nil:
		out.Status = c.Failed.Status
		out.Error, out.Stderr = result.NonZero(c.Failed.Error), result.NonZero(c.Failed.Stderr)
		return out
	case len(fs) == 0:
		out.Status = result.StatusUnmeasured
		return out
	}
	out.Status = result.StatusOK
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

// memoryAndLatency fills what is gathered over forks without an interval. The first fork
// checks what it computes and keeps what that takes: its memory counts where there is no
// other.
func memoryAndLatency(out *result.CellResult, c *journal.CellLog) {
	h := result.TaskTimes(c.Forks)
	var tasks int64
	var mallocs, bytes uint64
	var prepared, peak, added int64
	threads := 0
	for i, f := range c.Forks {
		tasks += f.TimedTasks
		mallocs += f.Mallocs
		bytes += f.AllocBytes
		threads = max(threads, f.Threads)
		if i == 0 && len(c.Forks) > 1 {
			continue
		}
		added = max(added, f.MemoryBytes)
		prepared, peak = max(prepared, f.PreparedRSSBytes), max(peak, f.PeakRSSBytes)
	}
	if tasks > 0 {
		out.LatencyUS = latency(h, tasks)
		if flushes := result.FlushTimes(c.Forks); flushes.TotalCount() > 0 {
			out.FlushUS = latency(flushes, flushes.TotalCount())
		}
		out.AllocsPerOp, out.AllocBytesPerOp = result.Finite(float64(mallocs)/float64(tasks)), result.Finite(float64(bytes)/float64(tasks))
	}
	if peak > 0 {
		out.PreparedRSSBytes, out.PeakRSSBytes = &prepared, &peak
	}
	out.MemoryBytes = result.NonZero(added)
	if threads > 0 {
		out.Threads = &threads
	}
}

// latency is the distribution of n times.
func latency(h *hdrhistogram.Histogram, n int64) *result.Latency {
	us := func(q float64) float64 { return float64(h.ValueAtQuantile(q)) / 1e3 }
	return &result.Latency{P50: us(50), P90: us(90), P99: us(99), Max: float64(h.Max()) / 1e3, N: n}
}

// baselineOf is the index of the cell that differs from cell i in nothing but being of
// the model that speed-ups are over; -1 where there is none.
func baselineOf(l *journal.Log, i int, known result.Catalogue) int {
	for j := range l.Cells {
		if l.Cells[j].Failed != nil || !result.AboutOf(l.Cells[j].Cell, known).Runner.Baseline {
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
