package reports

import (
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// comparisonKeys and comparisonRun are the columns of other results that those
// of comparisons have too.
var (
	comparisonKeys = strings.Fields(`name scenario corpus codec level runner workers tasks block_bytes endpoint rate iters
		cpus env language gomaxprocs_asked`)
	comparisonRun = strings.Fields("seed started complete os arch cpu fingerprint")
)

// comparisonColumns are a comparison's own. old and new are in the unit that the
// row names; the quotient is of times for the metric time, else of the figures.
var comparisonColumns = strings.Fields(`metric unit old_status new_status old old_lo old_hi new new_lo new_hi
	new_over_old new_over_old_lo new_over_old_hi confidence verdict delta mde pairs more_ns`)

// comparisonRecords are the names and a row for every metric of every cell; one with an
// empty verdict for a cell that was not compared.
func comparisonRecords(r *result.Result, cols csvColumns) [][]string {
	keys, run := cols.named(comparisonKeys), cols.named(comparisonRun)
	records := [][]string{slices.Concat(keys.names(), comparisonColumns, run.names())}
	for _, c := range newContest(r).rows {
		for _, m := range result.Compared() {
			v, compared := c.by[m.Key]
			if m.Compare != result.ByTurns && !compared {
				continue
			}
			record := append(keys.fill(c.cell), m.Key, m.Bench, statusOf(c.Old), statusOf(c.New))
			for _, side := range []*result.CellResult{c.Old, c.New} {
				var iv *result.Interval
				if side != nil {
					iv = m.Of(side)
				}
				for _, v := range csvInterval(iv) {
					record = append(record, csvValue(v))
				}
			}
			verdict := []any{v.TimeRatio.Est, v.TimeRatio.Lo, v.TimeRatio.Hi, v.TimeRatio.Confidence, v.Verdict, v.Delta, v.MDE, v.Pairs, v.MoreNS}
			for _, v := range verdict {
				if !compared {
					v = ""
				}
				record = append(record, csvValue(v))
			}
			records = append(records, append(record, run.fill(c.cell)...))
		}
	}
	return records
}
