package reports

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"zstdshop/harness/result"
)

// A csvColumn is one column: its name with the base unit, and how a cell fills
// it. What does not apply is empty.
type csvColumn struct {
	name string
	of   func(*result.Result, *result.CellResult) string
}

// csvColumns lists every key and figure of a cell, intervals as three columns,
// and at the end what is needed to tell the rows of several files apart.
func csvColumns() []csvColumn {
	var cols []csvColumn
	run := func(name string, of func(*result.Result) string) {
		cols = append(cols, csvColumn{name, func(r *result.Result, _ *result.CellResult) string { return of(r) }})
	}
	add := func(name string, of func(*result.CellResult) string) {
		cols = append(cols, csvColumn{name, func(_ *result.Result, c *result.CellResult) string { return of(c) }})
	}
	text := func(name string, of func(*result.CellResult) *string) {
		add(name, func(c *result.CellResult) string { return csvText(value(of(c))) })
	}
	interval := func(name string, of func(*result.CellResult) *result.Interval) {
		part := func(suffix string, of func(*result.Interval) *float64, iv func(*result.CellResult) *result.Interval) {
			add(name+suffix, func(c *result.CellResult) string {
				if iv(c) == nil {
					return ""
				}
				return csvNumber(of(iv(c)))
			})
		}
		part("", func(iv *result.Interval) *float64 { return &iv.Est }, of)
		part("_lo", func(iv *result.Interval) *float64 { return iv.Lo }, of)
		part("_hi", func(iv *result.Interval) *float64 { return iv.Hi }, of)
	}
	latencyNS := func(name string, of func(*result.Latency) float64) {
		add(name, func(c *result.CellResult) string {
			if c.LatencyUS == nil {
				return ""
			}
			ns := of(c.LatencyUS) * 1e3
			return csvNumber(&ns)
		})
	}
	str := func(of func(*result.CellResult) string) func(*result.CellResult) *string {
		return func(c *result.CellResult) *string { s := of(c); return &s }
	}

	text("name", str(func(c *result.CellResult) string { return c.Name }))
	text("scenario", str(func(c *result.CellResult) string { return c.Scenario }))
	text("corpus", func(c *result.CellResult) *string { return c.Corpus })
	text("codec", func(c *result.CellResult) *string { return c.Codec })
	add("level", func(c *result.CellResult) string { return csvInt(c.Level) })
	add("effective_level", func(c *result.CellResult) string { return csvInt(c.EffectiveLevel) })
	text("runner", str(func(c *result.CellResult) string { return c.Runner }))
	add("workers", func(c *result.CellResult) string { return csvInt(&c.Workers) })
	add("tasks", func(c *result.CellResult) string { return csvInt(c.Tasks) })
	add("block_bytes", func(c *result.CellResult) string { return csvInt(c.Block) })
	text("endpoint", func(c *result.CellResult) *string { return c.Endpoint })
	add("rate", func(c *result.CellResult) string { return csvInt(c.Rate) })
	add("iters", func(c *result.CellResult) string { return csvInt(c.Iters) })
	text("cpus", func(c *result.CellResult) *string { return c.CPUs })
	text("env", func(c *result.CellResult) *string { return c.Env })
	text("host", func(c *result.CellResult) *string { return c.Host })
	text("language", func(c *result.CellResult) *string { return c.Language })
	text("implementation", func(c *result.CellResult) *string { return c.Implementation })
	add("gil_enabled", func(c *result.CellResult) string {
		if c.GILEnabled == nil {
			return ""
		}
		return strconv.FormatBool(*c.GILEnabled)
	})
	text("build", func(c *result.CellResult) *string { return c.Build })
	add("gomaxprocs", func(c *result.CellResult) string { return csvInt(&c.GOMAXPROCS) })
	add("gomaxprocs_asked", func(c *result.CellResult) string { return csvInt(c.GOMAXPROCSAsked) })
	text("status", str(func(c *result.CellResult) string { return c.Status }))
	text("error", func(c *result.CellResult) *string { return c.Error })
	text("stderr", func(c *result.CellResult) *string { return c.Stderr })

	add("items", func(c *result.CellResult) string { return csvInt(&c.Items) })
	add("bytes_in", func(c *result.CellResult) string { return csvInt(&c.BytesIn) })
	add("bytes_out", func(c *result.CellResult) string { return csvInt(&c.BytesOut) })
	add("corpus_bytes", func(c *result.CellResult) string { return csvInt(&c.CorpusBytes) })
	add("ratio", func(c *result.CellResult) string { return csvNumber(c.Ratio) })
	interval("ns_per_op", func(c *result.CellResult) *result.Interval { return c.NSPerOp })
	interval("tasks_per_s", func(c *result.CellResult) *result.Interval { return c.TasksPerS })
	interval("mb_per_s", func(c *result.CellResult) *result.Interval { return c.MBPerS })
	interval("speed_up", func(c *result.CellResult) *result.Interval { return c.SpeedUp })
	interval("parallelism", func(c *result.CellResult) *result.Interval { return c.Parallelism })
	latencyNS("latency_p50_ns", func(l *result.Latency) float64 { return l.P50 })
	latencyNS("latency_p90_ns", func(l *result.Latency) float64 { return l.P90 })
	latencyNS("latency_p99_ns", func(l *result.Latency) float64 { return l.P99 })
	latencyNS("latency_max_ns", func(l *result.Latency) float64 { return l.Max })
	add("latency_n", func(c *result.CellResult) string {
		if c.LatencyUS == nil {
			return ""
		}
		return csvInt(&c.LatencyUS.N)
	})
	add("allocs_per_op", func(c *result.CellResult) string { return csvNumber(c.AllocsPerOp) })
	add("alloc_bytes_per_op", func(c *result.CellResult) string { return csvNumber(c.AllocBytesPerOp) })
	add("prepared_rss_bytes", func(c *result.CellResult) string { return csvInt(c.PreparedRSSBytes) })
	add("peak_rss_bytes", func(c *result.CellResult) string { return csvInt(c.PeakRSSBytes) })
	add("threads", func(c *result.CellResult) string { return csvInt(c.Threads) })
	add("checksum", func(c *result.CellResult) string { return csvInt(c.Checksum) })
	text("digest", str(func(c *result.CellResult) string { return c.Digest }))
	add("disturbed", func(c *result.CellResult) string { return csvNumber(c.Disturbed) })
	add("forks", func(c *result.CellResult) string { return csvInt(&c.Forks) })
	cols = append(cols, csvColumn{"warnings", func(r *result.Result, c *result.CellResult) string {
		return csvText(strings.Join(newFootnotes(r).warnings(c), "; "))
	}})

	run("confidence", func(r *result.Result) string { return csvNumber(&r.Plan.Confidence) })
	run("seed", func(r *result.Result) string { return csvInt(&r.Plan.Seed) })
	run("started", func(r *result.Result) string { return r.Plan.Started.UTC().Format(time.RFC3339Nano) })
	run("complete", func(r *result.Result) string { return strconv.FormatBool(r.Plan.Complete) })
	run("commit", func(r *result.Result) string { return csvText(r.Build.Commit) })
	run("dirty", func(r *result.Result) string { return strconv.FormatBool(r.Build.Dirty) })
	run("go", func(r *result.Result) string { return csvText(r.Build.Go) })
	run("cgo", func(r *result.Result) string { return strconv.FormatBool(r.Build.CGO) })
	run("os", func(r *result.Result) string { return csvText(r.Machine.OS) })
	run("arch", func(r *result.Result) string { return csvText(r.Machine.Arch) })
	run("cpu", func(r *result.Result) string { return csvText(r.Machine.CPU) })
	run("fingerprint", func(r *result.Result) string { return csvText(r.Machine.Fingerprint) })
	return cols
}

// writeCSV writes a row per cell, whatever became of it, under a row of names.
func writeCSV(b *bytes.Buffer, r *result.Result, _ Options) error {
	if result.IsComparison(r) {
		return writeComparisonCSV(b, r)
	}
	w := csv.NewWriter(b)
	cols := csvColumns()
	record := make([]string, len(cols))
	for i, col := range cols {
		record[i] = col.name
	}
	if err := w.Write(record); err != nil {
		return err
	}
	for n := range r.Cells {
		for i, col := range cols {
			record[i] = col.of(r, &r.Cells[n])
		}
		if err := w.Write(record); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// csvText is text that a spreadsheet must take for text. One that begins like
// a formula (= + - @ and their full-width forms, tab, line break) gets an
// apostrophe in front.
func csvText(s string) string {
	first, _ := utf8.DecodeRuneInString(s)
	if s != "" && strings.ContainsRune("=+-@＝＋－＠\t\r\n", first) {
		return "'" + visible(s)
	}
	return visible(s)
}

func csvInt[N int | int64 | uint64](n *N) string {
	if n == nil {
		return ""
	}
	return fmt.Sprint(*n)
}

func csvNumber(v *float64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}
