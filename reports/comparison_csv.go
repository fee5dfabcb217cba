package reports

import (
	"bytes"
	"encoding/csv"
	"slices"

	"zstdshop/harness/result"
)

// comparisonKeys and comparisonRun are the columns of other results that those
// of comparisons have too.
var (
	comparisonKeys = []string{"scenario", "corpus", "codec", "level", "runner", "workers", "tasks", "block_bytes", "endpoint", "rate", "iters", "cpus", "env", "language", "gomaxprocs_asked"}
	comparisonRun  = []string{"seed", "started", "complete", "os", "arch", "cpu", "fingerprint"}
)

// comparisonColumns are a comparison's own. old and new are in the unit that the
// row names; the quotient is of times for the metric time, else of the figures.
var comparisonColumns = []string{
	"metric", "unit", "old_status", "new_status", "old", "old_lo", "old_hi", "new", "new_lo", "new_hi",
	"new_over_old", "new_over_old_lo", "new_over_old_hi", "confidence", "verdict", "delta", "mde", "pairs", "more_ns",
}

// writeComparisonCSV writes a row for every metric of every cell; one with an
// empty verdict for a cell that was not compared.
func writeComparisonCSV(b *bytes.Buffer, r *result.Result) error {
	w := csv.NewWriter(b)
	head := append(append(append([]string{"name"}, comparisonKeys...), comparisonColumns...), comparisonRun...)
	if err := w.Write(head); err != nil {
		return err
	}
	shared := func(names []string, c *result.CellResult) (out []string) {
		for _, col := range csvColumns() {
			if slices.Contains(names, col.name) {
				out = append(out, col.of(r, c))
			}
		}
		return out
	}
	for _, c := range newContest(r).rows {
		row := func(m result.Metric) error {
			record := append([]string{csvText(c.Name)}, shared(comparisonKeys, c.cell)...)
			record = append(record, m.Key, m.Bench, statusOf(c.Old), statusOf(c.New))
			for _, side := range []*result.CellResult{c.Old, c.New} {
				var iv *result.Interval
				if side != nil {
					iv = m.Of(side)
				}
				record = append(record, csvInterval(iv)...)
			}
			record = append(record, csvVerdict(c, m.Key)...)
			return w.Write(append(record, shared(comparisonRun, c.cell)...))
		}
		for _, m := range result.Compared() {
			if m.Compare != result.ByTurns && c.verdict(m.Key) == "" {
				continue
			}
			if err := row(m); err != nil {
				return err
			}
		}
	}
	w.Flush()
	return w.Error()
}

func csvInterval(iv *result.Interval) []string {
	if iv == nil {
		return []string{"", "", ""}
	}
	return []string{csvNumber(&iv.Est), csvNumber(iv.Lo), csvNumber(iv.Hi)}
}

// csvVerdict is new_over_old and what follows it.
func csvVerdict(c *contestant, metric string) []string {
	v, ok := c.by[metric]
	if !ok {
		return make([]string, 9)
	}
	t := v.TimeRatio
	return []string{csvNumber(&t.Est), csvNumber(t.Lo), csvNumber(t.Hi), csvNumber(&t.Confidence), v.Verdict,
		csvNumber(&v.Delta), csvNumber(v.MDE), csvInt(&v.Pairs), csvInt(v.MoreNS)}
}
