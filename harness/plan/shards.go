package plan

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness/result"
)

// A Shard is one of several equal parts of a matrix, which processes that know nothing of
// each other cut alike.
type Shard struct {
	Index int // from 1
	Of    int
}

// MaxShards is the most parts of a matrix.
const MaxShards = 10_000

// ErrShard says how a shard is named.
var ErrShard = errors.New("want INDEX/COUNT with an index from 1 to the count, such as 2/5")

// ParseShard parses 2/5.
func ParseShard(text string) (Shard, error) {
	index, of, ok := strings.Cut(text, "/")
	i, errIndex := strconv.Atoi(index)
	n, errOf := strconv.Atoi(of)
	if !ok || errIndex != nil || errOf != nil || n < 1 || n > MaxShards || i < 1 || i > n {
		return Shard{}, ErrShard
	}
	return Shard{i, n}, nil
}

// Cut returns the units of the shard, in their order, and what its result says of itself.
// Units are dealt in the order of their ids, so that shards have as many as each other but
// for one, and the same whatever the order in which the matrix was asked for.
func (s Shard) Cut(units []Unit) (mine []Unit, about *result.Shard) {
	dealt := slices.SortedFunc(slices.Values(units), func(a, b Unit) int { return cmp.Compare(a.ID, b.ID) })
	shardOf := map[string]int{}
	for i, u := range dealt {
		shardOf[u.ID] = i%s.Of + 1
	}
	about = &result.Shard{Index: s.Index, Of: s.Of, Units: []result.ShardUnit{}}
	for _, u := range units {
		if shardOf[u.ID] == s.Index {
			mine = append(mine, u)
		}
		about.Units = append(about.Units, result.ShardUnit{ID: u.ID, Name: u.Name, Shard: shardOf[u.ID], Cells: len(u.Cells)})
	}
	return mine, about
}
