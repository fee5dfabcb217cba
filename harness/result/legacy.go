package result

import "slices"

// What v1 says in other words than Result does, here and nowhere else: what the sides of
// a comparison are stands among its warnings, and the command lines of runs that were
// merged stand in one list, with a + between them.
const (
	codeSideOld = "side_old"
	codeSideNew = "side_new"
	nextRun     = "+"
)

// asV1 is r without its cells as v1 has it.
func (r *Result) asV1() Result {
	out := *r
	out.Schema, out.Cells = Schema, nil
	if r.Sides != nil {
		out.Warnings = slices.Insert(slices.Clone(r.Warnings), min(r.Sides.at, len(r.Warnings)),
			Warning{Code: codeSideOld, Text: r.Sides.Old}, Warning{Code: codeSideNew, Text: r.Sides.New})
	}
	for _, args := range r.Plan.Others {
		out.Plan.Args = append(append(slices.Clone(out.Plan.Args), nextRun), args...)
	}
	return out
}

// fromV1 takes out of v1's members what Result has of its own.
func (r *Result) fromV1() {
	// A gate of one program on both sides measures no cell, and has checks.
	compared := len(r.Cells)+len(r.Checks) > 0 && !slices.ContainsFunc(r.Cells, func(c CellResult) bool { return c.Build != SideOld && c.Build != SideNew })
	if compared {
		r.Sides = &TwoSides{Old: "not known", New: "not known"}
		r.Sides.at = max(0, slices.IndexFunc(r.Warnings, func(w Warning) bool { return w.Code == codeSideOld }))
	}
	r.Warnings = slices.DeleteFunc(r.Warnings, func(w Warning) bool {
		switch {
		case compared && w.Code == codeSideOld:
			r.Sides.Old = w.Text
		case compared && w.Code == codeSideNew:
			r.Sides.New = w.Text
		default:
			return false
		}
		return true
	})
	if at := slices.Index(r.Plan.Args, nextRun); at >= 0 {
		args := r.Plan.Args
		r.Plan.Args = args[:at:at]
		for _, arg := range args[at:] {
			if arg == nextRun {
				r.Plan.Others = append(r.Plan.Others, nil)
			} else {
				last := &r.Plan.Others[len(r.Plan.Others)-1]
				*last = append(*last, arg)
			}
		}
	}
}
