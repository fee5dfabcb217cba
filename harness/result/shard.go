package result

import "slices"

// A Shard says which part of a matrix a result has, of one that was cut into several to
// be measured apart (bench --shard), and what the others have.
type Shard struct {
	// Index is the number of the shard, from 1, of Of. It is 0 in a result that several
	// shards were put together into, of which some are missing.
	Index int         `json:"index,omitzero"`
	Of    int         `json:"of"`
	Units []ShardUnit `json:"units"` // of the whole matrix, in its order
}

// A ShardUnit is a unit of a matrix that was cut.
type ShardUnit struct {
	ID    string `json:"id"`   // as package plan has it
	Name  string `json:"name"` // the keys that its cells share
	Shard int    `json:"shard"`
	Cells int    `json:"cells"` // how many it has
}

// A Missing unit is one of a matrix of which a result lacks cells.
type Missing struct {
	ShardUnit
	Lacks int // of its cells
}

// missing lists the units of which cells are not all there.
func (s *Shard) missing(cells []CellResult) (all []Missing) {
	have := map[string]int{}
	seen := map[Cell]bool{}
	for i := range cells {
		c := cells[i].Cell
		c.Host = "" // measured on two machines it is there once
		if cells[i].Status != StatusUnmeasured && !seen[c] {
			seen[c] = true
			have[c.UnitName()]++
		}
	}
	for _, u := range s.Units {
		if n := have[u.Name]; n < u.Cells {
			all = append(all, Missing{u, u.Cells - n})
		}
	}
	return all
}

// SameMatrix reports whether two shards are of one matrix, cut alike.
func (s *Shard) SameMatrix(as *Shard) bool {
	return s.Of == as.Of && slices.Equal(s.Units, as.Units)
}
