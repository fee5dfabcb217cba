package reports

import (
	"slices"

	"zstdshop/harness/result"
)

// A contest is a comparison laid out by cells: what each side has of a cell and
// what was found out about the two.
type contest struct {
	rows []*contestant
	at   map[*result.CellResult]*contestant // by its cell
}

// A contestant is one cell of it.
type contestant struct {
	result.Sides
	cell *result.CellResult           // stands for both sides where it is about keys
	by   map[string]result.Comparison // by metric; none where it was not compared
}

func newContest(r *result.Result) *contest {
	t := &contest{at: make(map[*result.CellResult]*contestant)}
	named := make(map[[2]string]*contestant)
	for _, s := range result.SidesOf(r) {
		c := &contestant{Sides: s, cell: keysOf(s), by: make(map[string]result.Comparison)}
		if s.Old != nil && s.New != nil {
			named[[2]string{s.Old.Name, s.New.Name}] = c
		}
		t.rows = append(t.rows, c)
		t.at[c.cell] = c
	}
	for _, v := range r.Comparisons {
		if c := named[[2]string{v.Old, v.New}]; c != nil {
			c.by[v.Metric] = v
		}
	}
	return t
}

// keysOf is a copy of the side that knows most of its keys.
func keysOf(s result.Sides) *result.CellResult {
	from := s.New
	if from == nil || from.Status != result.StatusOK && s.Old != nil {
		from = s.Old
	}
	c := *from
	c.Build, c.Name = "", s.Name
	return &c
}

// verdict is the word on a metric; "" where it was not compared.
func (c *contestant) verdict(metric string) string { return c.by[metric].Verdict }

func (c *contestant) side(name string) *result.CellResult {
	if name == result.SideOld {
		return c.Old
	}
	return c.New
}

func statusOf(c *result.CellResult) string {
	if c == nil {
		return result.StatusUnmeasured
	}
	return c.Status
}

// exactMetrics are the metrics that two sides are compared by without an interval.
func exactMetrics() []result.Metric {
	return slices.DeleteFunc(result.Compared(), func(m result.Metric) bool {
		return m.Compare != result.Exactly && m.Compare != result.Counted
	})
}
