package result

import (
	"errors"
)

// Sides of a comparison of two programs or of two results: what Cell.Build
// says of their cells.
const (
	SideOld = "old"
	SideNew = "new"
)

// BothSides is every cell twice, once a side, the old one first. The two are a
// group of their own, so they take turns with each other and are compared with
// nothing else.
func BothSides(cells []Cell) []Cell {
	out := make([]Cell, 0, 2*len(cells))
	for _, c := range cells {
		for _, side := range []string{SideOld, SideNew} {
			c.Build = side
			out = append(out, c)
		}
	}
	return out
}

// TwoSides is what the sides of a comparison are, each in words.
type TwoSides struct {
	Old string `json:"old"`
	New string `json:"new"`

	at int // where they stand among v1's warnings
}

// Sides is one cell as the two sides have it.
type Sides struct {
	Name     string      // of the cell, without its side
	Old, New *CellResult // one of them may be nil
}

// SidesOf pairs the cells of a comparison, in order of first appearance. The
// pointers are into r.
func SidesOf(r *Result) []Sides {
	var out []Sides
	at := map[string]int{}
	for i := range r.Cells {
		c := &r.Cells[i]
		side := c.Build
		if side != SideOld && side != SideNew {
			continue
		}
		name := unsided(c)
		n, ok := at[name]
		if !ok {
			n = len(out)
			at[name] = n
			out = append(out, Sides{Name: name})
		}
		if side == SideOld {
			out[n].Old = c
		} else {
			out[n].New = c
		}
	}
	return out
}

func unsided(c *CellResult) string {
	cell := c.Cell
	cell.Build = ""
	return cell.Name()
}

// ErrUnusable is wrapped where two sides cannot be held against each other
// because of where they come from: another machine, another protocol.
var ErrUnusable = errors.New("foreign")

// ErrNothingInCommon is wrapped where no cell of one result is in the other.
var ErrNothingInCommon = errors.New("no cell in common")

// ErrPlan is wrapped by every error of a plan that cannot be carried out as
// asked: the user's to mend.
var ErrPlan = errors.New("plan")
