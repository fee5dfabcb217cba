package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// mostMissing is how many units of a shard are named.
const mostMissing = 3

// Missing says which parts of a matrix a result lacks, of one that was cut into shards: a
// line for each shard that is not there, and for each unit that is there in part.
func Missing(r *result.Result) (lines []string) {
	if r.Shard == nil {
		return nil
	}
	units := map[int]int{} // of each shard
	for _, u := range r.Shard.Units {
		units[u.Shard]++
	}
	missing := r.Missing()
	slices.SortStableFunc(missing, func(a, b result.Missing) int { return cmp.Compare(a.Shard, b.Shard) })
	for _, of := range result.GroupBy(missing, func(m result.Missing) int { return m.Shard }) {
		shard := fmt.Sprintf("%d/%d", of[0].Shard, r.Shard.Of)
		var whole []string
		cells := 0
		for _, m := range of {
			if m.Lacks == m.Cells {
				whole = append(whole, m.Name)
				cells += m.Cells
			} else {
				lines = append(lines, fmt.Sprintf("unit %s of shard %s lacks %d of %s", m.Name, shard, m.Lacks, plural(m.Cells, "cell")))
			}
		}
		switch {
		case len(whole) == units[of[0].Shard]:
			lines = append(lines, fmt.Sprintf("shard %s is missing, with %s: %s", shard, plural(cells, "cell"), someUnits(whole)))
		case len(whole) > 0:
			lines = append(lines, fmt.Sprintf("%s of shard %s are missing, with %s: %s", plural(len(whole), "unit"), shard, plural(cells, "cell"), someUnits(whole)))
		}
	}
	return lines
}

// someUnits names units, of many the first.
func someUnits(names []string) string {
	if more := len(names) - mostMissing; more > 0 {
		names = append(names[:mostMissing:mostMissing], plural(more, "more unit"))
	}
	return strings.Join(names, ", ")
}

// shardLines says in a report of which part of a matrix it is.
func shardLines(r *result.Result) []string {
	if s := r.Shard; s != nil && s.Index > 0 {
		return []string{fmt.Sprintf("this is shard %d/%d of a matrix of %s: `zstdshop report` with the results of all shards puts them together", s.Index, s.Of, plural(len(s.Units), "unit"))}
	}
	return Missing(r)
}
