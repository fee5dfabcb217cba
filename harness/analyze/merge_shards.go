package analyze

import (
	"cmp"
	"fmt"
	"slices"

	"zstdshop/harness/result"
)

// joinShards is of which matrix results are, where they are shards: nil where none is.
// Whether they are the whole of it their cells tell.
func joinShards(results []*result.Result, names []string) (*result.Shard, error) {
	var first *result.Shard
	for i, r := range results {
		switch {
		case r.Shard == nil && first != nil || r.Shard != nil && first == nil && i > 0:
			a, b := names[0], names[i]
			if first == nil {
				a, b = b, a
			}
			return nil, fmt.Errorf("%s is a shard and %s is not: put the shards of one matrix together first", a, b)
		case r.Shard == nil:
		case first == nil:
			first = r.Shard
		case !first.SameMatrix(r.Shard):
			return nil, fmt.Errorf("%s is a shard of another matrix than %s (%s): measure all shards with the same flags, data and --shard N/%d",
				names[i], names[0], shardDifference(first, r.Shard), first.Of)
		}
	}
	if first == nil {
		return nil, nil
	}
	return &result.Shard{Of: first.Of, Units: first.Units}, nil
}

// shardDifference says how the matrices of two shards differ.
func shardDifference(a, b *result.Shard) string {
	if a.Of != b.Of {
		return fmt.Sprintf("of %d shards instead of %d", b.Of, a.Of)
	}
	for _, u := range b.Units {
		at := slices.IndexFunc(a.Units, func(have result.ShardUnit) bool { return have.Name == u.Name })
		switch {
		case at < 0:
			return "with unit " + u.Name
		case a.Units[at].ID != u.ID:
			return "unit " + u.Name + " has other cells, data or --seed"
		}
	}
	return fmt.Sprintf("%d units instead of %d", len(b.Units), len(a.Units))
}

// inMatrixOrder puts the cells and comparisons of shards in the order of the matrix that
// was cut, and takes a result that is whole for that of no shard.
func inMatrixOrder(r *result.Result) {
	if r.Shard == nil {
		return
	}
	place := map[string]int{}
	for i, u := range r.Shard.Units {
		place[u.Name] = i
	}
	unit := map[string]int{} // by the names of cells
	for i := range r.Cells {
		unit[r.Cells[i].Name] = place[r.Cells[i].UnitName()]
	}
	slices.SortStableFunc(r.Cells, func(a, b result.CellResult) int { return cmp.Compare(unit[a.Name], unit[b.Name]) })
	slices.SortStableFunc(r.Comparisons, func(a, b result.Comparison) int { return cmp.Compare(unit[a.Old], unit[b.Old]) })
	if len(r.Missing()) == 0 {
		r.Shard = nil
	}
}
