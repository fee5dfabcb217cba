package result

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
		if c.Build != SideOld && c.Build != SideNew {
			continue
		}
		name := c.Cell.Unsided()
		n, ok := at[name]
		if !ok {
			n = len(out)
			at[name] = n
			out = append(out, Sides{Name: name})
		}
		if c.Build == SideOld {
			out[n].Old = c
		} else {
			out[n].New = c
		}
	}
	return out
}
