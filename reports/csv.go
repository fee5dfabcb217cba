package reports

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
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

// csvOrder is the columns of cells as they have always stood; younger keys and metrics
// follow them.
var csvOrder = strings.Fields(`name scenario corpus codec level effective_level runner workers tasks block_bytes endpoint rate iters
	cpus env host language implementation gil_enabled build gomaxprocs gomaxprocs_asked status error stderr
	items bytes_in bytes_out corpus_bytes ratio ns_per_op ns_per_op_lo ns_per_op_hi tasks_per_s tasks_per_s_lo tasks_per_s_hi
	mb_per_s mb_per_s_lo mb_per_s_hi speed_up speed_up_lo speed_up_hi parallelism parallelism_lo parallelism_hi
	latency_p50_ns latency_p90_ns latency_p99_ns latency_max_ns latency_n allocs_per_op alloc_bytes_per_op
	prepared_rss_bytes peak_rss_bytes threads checksum digest disturbed forks warnings`)

// csvColumns lists every key and figure of a cell, intervals as three columns,
// and at the end what is needed to tell the rows of several files apart.
func csvColumns() []csvColumn {
	cols := csvOfCells()
	place := func(c csvColumn) int {
		if i := slices.Index(csvOrder, c.name); i >= 0 {
			return i
		}
		return len(csvOrder)
	}
	slices.SortStableFunc(cols, func(a, b csvColumn) int { return place(a) - place(b) })
	return append(cols, csvOfRuns()...)
}

// csvOfCells is what a cell has, in any order.
func csvOfCells() []csvColumn {
	var cols []csvColumn
	add := func(name string, of func(*result.CellResult) string) {
		cols = append(cols, csvColumn{name, func(_ *result.Result, c *result.CellResult) string { return of(c) }})
	}
	for _, k := range result.Keys() {
		add(k.CSVName(), func(c *result.CellResult) string { return csvText(k.Raw(c.Cell)) })
	}
	for _, m := range result.Metrics() {
		part := func(suffix string, of func(*result.Interval) *float64) {
			add(m.CSV+suffix, func(c *result.CellResult) string {
				if iv := m.Of(c); iv != nil {
					return csvNumber(of(iv))
				}
				return ""
			})
		}
		if m.CSV != "" {
			part("", func(iv *result.Interval) *float64 { return &iv.Est })
		}
		if m.Spread {
			part("_lo", func(iv *result.Interval) *float64 { return iv.Lo })
			part("_hi", func(iv *result.Interval) *float64 { return iv.Hi })
		}
	}
	add("name", func(c *result.CellResult) string { return csvText(c.Name) })
	add("effective_level", func(c *result.CellResult) string { return csvInt(c.EffectiveLevel) })
	add("implementation", func(c *result.CellResult) string { return csvText(value(c.Implementation)) })
	add("gil_enabled", func(c *result.CellResult) string {
		if c.GILEnabled == nil {
			return ""
		}
		return strconv.FormatBool(*c.GILEnabled)
	})
	add("gomaxprocs", func(c *result.CellResult) string { return csvInt(&c.EffectiveGOMAXPROCS) })
	add("status", func(c *result.CellResult) string { return csvText(c.Status) })
	add("error", func(c *result.CellResult) string { return csvText(value(c.Error)) })
	add("stderr", func(c *result.CellResult) string { return csvText(value(c.Stderr)) })
	add("items", func(c *result.CellResult) string { return csvInt(&c.Items) })
	add("bytes_in", func(c *result.CellResult) string { return csvInt(&c.BytesIn) })
	add("bytes_out", func(c *result.CellResult) string { return csvInt(&c.BytesOut) })
	add("corpus_bytes", func(c *result.CellResult) string { return csvInt(&c.CorpusBytes) })
	add("latency_n", func(c *result.CellResult) string {
		if c.LatencyUS == nil {
			return ""
		}
		return csvInt(&c.LatencyUS.N)
	})
	add("checksum", func(c *result.CellResult) string { return csvInt(c.Checksum) })
	add("digest", func(c *result.CellResult) string { return csvText(c.Digest) })
	return append(cols, csvColumn{"warnings", func(r *result.Result, c *result.CellResult) string {
		return csvText(strings.Join(newFootnotes(r).warnings(c), "; "))
	}})
}

// csvOfRuns is what is the same in every row of a run.
func csvOfRuns() []csvColumn {
	var cols []csvColumn
	run := func(name string, of func(*result.Result) string) {
		cols = append(cols, csvColumn{name, func(r *result.Result, _ *result.CellResult) string { return of(r) }})
	}
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
	if r.Sides != nil {
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
