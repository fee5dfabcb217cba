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
	var cells []*CellResult
	for i := range r.Cells {
		if c := &r.Cells[i]; c.Build == SideOld || c.Build == SideNew {
			cells = append(cells, c)
		}
	}
	var out []Sides
	for _, of := range GroupBy(cells, func(c *CellResult) string { return c.Cell.Unsided() }) {
		s := Sides{Name: of[0].Cell.Unsided()}
		for _, c := range of {
			if c.Build == SideOld {
				s.Old = c
			} else {
				s.New = c
			}
		}
		out = append(out, s)
	}
	return out
}
