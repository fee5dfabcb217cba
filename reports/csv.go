package reports

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"time"

	"zstdshop/harness/result"
)

// csvOrder is the columns of cells as they have always stood; younger keys and metrics
// follow them.
var csvOrder = strings.Fields(`name scenario corpus codec level effective_level runner workers tasks block_bytes endpoint rate iters
	cpus env host language implementation gil_enabled build gomaxprocs gomaxprocs_asked status error stderr
	items bytes_in bytes_out corpus_bytes ratio ns_per_op ns_per_op_lo ns_per_op_hi tasks_per_s tasks_per_s_lo tasks_per_s_hi
	mb_per_s mb_per_s_lo mb_per_s_hi speed_up speed_up_lo speed_up_hi parallelism parallelism_lo parallelism_hi
	latency_p50_ns latency_p90_ns latency_p99_ns latency_max_ns latency_n allocs_per_op alloc_bytes_per_op
	prepared_rss_bytes peak_rss_bytes threads checksum digest disturbed forks warnings`)

// csvOf lists every key and figure of a cell, intervals as three columns,
// and at the end what is needed to tell the rows of several files apart.
func csvOf(r *result.Result) csvColumns {
	var cols csvColumns
	add := func(name string, of func(*result.CellResult) any) { cols = append(cols, csvColumn{name, of}) }
	for _, k := range result.Keys() {
		add(k.CSVName(), func(c *result.CellResult) any { return k.Raw(c.Cell) })
	}
	for _, m := range result.Metrics() {
		for i, suffix := range []string{"", "_lo", "_hi"} {
			if m.CSV != "" && (m.Spread || i == 0) {
				add(m.CSV+suffix, func(c *result.CellResult) any { return csvInterval(m.Of(c))[i] })
			}
		}
	}
	add("name", func(c *result.CellResult) any { return c.Name })
	add("effective_level", func(c *result.CellResult) any { return c.EffectiveLevel })
	add("implementation", func(c *result.CellResult) any { return c.Implementation })
	add("gil_enabled", func(c *result.CellResult) any { return c.GILEnabled })
	add("gomaxprocs", func(c *result.CellResult) any { return c.EffectiveGOMAXPROCS })
	add("status", func(c *result.CellResult) any { return c.Status })
	add("error", func(c *result.CellResult) any { return c.Error })
	add("stderr", func(c *result.CellResult) any { return c.Stderr })
	add("items", func(c *result.CellResult) any { return c.Items })
	add("bytes_in", func(c *result.CellResult) any { return c.BytesIn })
	add("bytes_out", func(c *result.CellResult) any { return c.BytesOut })
	add("corpus_bytes", func(c *result.CellResult) any { return c.CorpusBytes })
	add("latency_n", func(c *result.CellResult) any {
		if c.LatencyUS == nil {
			return ""
		}
		return c.LatencyUS.N
	})
	add("checksum", func(c *result.CellResult) any { return c.Checksum })
	add("digest", func(c *result.CellResult) any { return c.Digest })
	notes := newFootnotes(r)
	add("warnings", func(c *result.CellResult) any { return strings.Join(notes.warnings(c), "; ") })
	slices.SortStableFunc(cols, func(a, b csvColumn) int { return placeIn(csvOrder, a.name) - placeIn(csvOrder, b.name) })
	add("confidence", func(*result.CellResult) any { return r.Plan.Confidence })
	add("seed", func(*result.CellResult) any { return r.Plan.Seed })
	add("started", func(*result.CellResult) any { return r.Plan.Started.UTC().Format(time.RFC3339Nano) })
	add("complete", func(*result.CellResult) any { return r.Plan.Complete })
	for _, of := range []struct {
		name  string
		value func(result.Host) any
	}{
		{"commit", func(h result.Host) any { return h.Build.Commit }}, {"dirty", func(h result.Host) any { return h.Build.Dirty }},
		{"go", func(h result.Host) any { return h.Build.Go }}, {"cgo", func(h result.Host) any { return h.Build.CGO }},
		{"os", func(h result.Host) any { return h.Machine.OS }}, {"arch", func(h result.Host) any { return h.Machine.Arch }},
		{"cpu", func(h result.Host) any { return h.Machine.CPU }}, {"fingerprint", func(h result.Host) any { return h.Machine.Fingerprint }},
	} {
		add(of.name, func(c *result.CellResult) any { return of.value(r.HostOf(c.Cell)) })
	}
	if r.Answers != nil {
		add("answers", func(c *result.CellResult) any {
			own := slices.DeleteFunc(slices.Clone(r.Answers), func(a result.Answer) bool { return a.Cell != c.Name })
			return strings.Join(mapped(own, func(a result.Answer) string { return a.Words }), "; ")
		})
	}
	return cols
}

// writeCSV writes a row per cell, whatever became of it, under a row of names.
func writeCSV(b *bytes.Buffer, r *result.Result, _ Options) error {
	cols := csvOf(r)
	if r.Sides != nil {
		return csv.NewWriter(b).WriteAll(comparisonRecords(r, cols))
	}
	return csv.NewWriter(b).WriteAll(slices.Insert(mapped(cellsOf(r), cols.fill), 0, cols.names()))
}
