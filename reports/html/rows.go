package html

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// A Table has a cell for every column in each row.
type Table struct {
	Heading string
	Columns []Column
	Rows    []Row
	Main    int // the column that its picture draws first, -1 for none
}

// A Column is named Name, and Head with its unit and direction.
type Column struct {
	Name, Unit, Head string
	Right            bool
	Key              bool    // tells rows apart
	More             bool    // shown when asked for: a phone or a window has no room for all
	Most             float64 // the longest bar, in base units; 0 where no cell has a value
}

// Class is how the column looks.
func (c Column) Class() string {
	var all []string
	for _, of := range []struct {
		so   bool
		name string
	}{{c.Right, "r"}, {c.Key, "key"}, {c.More, "more"}} {
		if of.so {
			all = append(all, of.name)
		}
	}
	return strings.Join(all, " ")
}

// Nth is the number of the column with index i, as selectors count.
func (Column) Nth(i int) int { return i + 1 }

// A Row has its name beside its picture.
type Row struct {
	Name                   string
	Failed, Leads, Ceiling bool
	Cells                  []Cell
}

// A Cell is an entry of a row. Sort is what it sorts by, "" its text.
type Cell struct {
	Mark, Text, Bounds, Notes, Sort string
	Value                           *result.Interval // that Text draws, in base units; may be nil
}

// Pictures of rows. Above them stand head and ticks; the name of a row is at its left,
// or above it where the picture is narrow.
const (
	barHeight = 20.0
	rowsHead  = 40.0
	rowsLeft  = 265.0 // where names end
)

func newRows(label string, width float64, rows []Row) *picture {
	p := &picture{Label: label, W: width}
	p.H = rowsHead + p.rowHeight()*float64(len(rows)) + 6
	return p
}

func (p *picture) rowHeight() float64 {
	if p.narrow() {
		return barHeight + 18
	}
	return barHeight
}

// left is where the drawings of rows begin.
func (p *picture) left() float64 {
	if p.narrow() {
		return 4
	}
	return rowsLeft
}

// row writes the name of row i, and returns the top of its drawing.
func (p *picture) row(i int, name string) (y float64) {
	y = rowsHead + p.rowHeight()*float64(i)
	if p.narrow() {
		p.text(4, y+13, "name", "", shortened(name, p.W-8)).Tip = name
		return y + 16
	}
	p.text(rowsLeft-8, y+14, "name", "end", shortened(name, rowsLeft-16)).Tip = name
	return y
}

// upright draws a line through all rows.
func (p *picture) upright(x float64, class string) { p.line(x, rowsHead-6, x, p.H-6, class) }

// guide draws a line through all rows with its value above.
func (p *picture) guide(x float64, text string) {
	p.upright(x, "guide")
	p.text(x, rowsHead-10, "tick", "middle", text)
}

// newGlance draws a table: for each row the main figure with its interval, and where
// there is room the cores it kept busy against those there are, and how long tasks
// took. It is nil where there is nothing to draw.
func newGlance(id string, t Table, cpus int, width float64) *picture {
	cores := t.column("cores")
	if t.Main < 0 && cores < 0 {
		return nil
	}
	p := newRows("figures of each row of the table below", width, t.Rows)
	main := t.Main
	bars := scale{from: p.left(), to: 445}
	busy := scale{from: 565, to: 695}
	times, percentiles := t.times()
	if p.narrow() {
		bars.to, busy.from, busy.to, percentiles = p.W-70, p.left(), p.W-70, nil
		if main >= 0 {
			cores = -1
		}
	}
	if main >= 0 {
		bars.hi = t.Columns[main].Most
		p.text(bars.from, 14, "head", "", t.Columns[main].Head)
		p.upright(bars.from, "axis")
	}
	if cores >= 0 {
		busy.hi = max(float64(cpus), t.Columns[cores].Most)
		p.text(busy.from, 14, "head", "", "cores kept busy")
		p.upright(busy.from, "axis")
		for n := 1; n <= cpus; n += max(cpus-1, 1) { // the first and the last
			p.guide(busy.at(float64(n)), tickText(float64(n)))
		}
	}
	if percentiles != nil {
		p.text(times.from, 14, "head", "", "task time: p50, p90, p99, and the longest")
		for _, ns := range times.ticks(4) {
			p.guide(times.at(ns), nanoseconds(ns))
		}
	}
	for i, r := range t.Rows {
		y, row := p.row(i, r.Name), fmt.Sprintf("%s-%d", id, i)
		if main >= 0 {
			class := "bar"
			if r.Ceiling {
				class = "bar ceiling"
			} else if r.Cells[main].Mark != "" {
				class = "bar best"
			}
			p.bar(bars, r.Cells[main], y, class, row)
		}
		if cores >= 0 {
			p.bar(busy, r.Cells[cores], y, "bar", row)
		}
		if percentiles != nil {
			p.strip(times, t, r, percentiles, y, row)
		}
	}
	return p
}

// bar draws one figure with its interval, or in words why there is none.
func (p *picture) bar(s scale, c Cell, y float64, class, row string) {
	if c.Value == nil {
		if c.Text != "" {
			p.text(s.from+6, y+14, "bad", "", c.Text)
		}
		return
	}
	tip := strings.TrimSpace(c.Text + " " + c.Bounds)
	end := s.at(c.Value.Est)
	if c.Value.Est > s.hi {
		p.text(end+2, y+14, "value", "", "▸ "+c.Text).of(row, tip)
		p.rect(s.from, y+3, end, y+barHeight-3, class)
		return
	}
	p.rect(s.from, y+3, end, y+barHeight-3, class).of(row, tip)
	after := end
	if c.Value.Lo != nil && c.Value.Hi != nil {
		after = max(end, s.at(*c.Value.Hi))
		p.line(s.at(*c.Value.Lo), y+barHeight/2, after, y+barHeight/2, "whisker")
	}
	p.text(after+6, y+14, "value", "", c.Text).of(row, "")
}

// strip draws how task times spread: a line from p50 to p99, a mark at p90, a
// ring at the longest.
func (p *picture) strip(s scale, t Table, r Row, percentiles []int, y float64, row string) {
	var at []float64
	var said []string
	for _, k := range percentiles {
		c := r.Cells[k]
		if c.Value == nil {
			return
		}
		at = append(at, s.at(c.Value.Est))
		said = append(said, strings.TrimSpace(t.Columns[k].Name+" "+c.Text+" "+t.Columns[k].Unit))
	}
	middle := y + barHeight/2
	p.path(fmt.Sprintf("M%g %gH%gM%g %gv10M%g %gv10", round1(at[0]), middle, round1(at[2]), round1(at[1]), middle-5, round1(at[2]), middle-5), "spread")
	p.dot(at[0], middle, 3.5, "dot")
	p.dot(at[3], middle, 3, "ring")
	p.rect(s.from, y, s.to, y+barHeight, "hit").of(row, strings.Join(said, ", "))
}

// column is the number of the column of a name that has values, -1 for none.
func (t *Table) column(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name && c.Most > 0 })
}

// times is the scale of the percentiles and their columns, nil where the table
// lacks one.
func (t *Table) times() (scale, []int) {
	var columns []int
	for _, name := range []string{"p50", "p90", "p99", "max"} {
		columns = append(columns, t.column(name))
	}
	if slices.Contains(columns, -1) {
		return scale{}, nil
	}
	lo, hi := math.Inf(1), 0.0
	for _, r := range t.Rows {
		if v := r.Cells[columns[0]].Value; v != nil && v.Est > 0 {
			lo = min(lo, v.Est)
		}
		if v := r.Cells[columns[3]].Value; v != nil {
			hi = max(hi, v.Est)
		}
	}
	if !(hi > lo) {
		return scale{}, nil
	}
	return scale{lo: lo / 1.3, hi: hi * 1.3, from: 755, to: 1015, logarithmic: true}, columns
}

// nanoseconds draws a round time: 50 µs.
func nanoseconds(ns float64) string {
	switch {
	case ns >= 1e9:
		return tickText(ns/1e9) + " s"
	case ns >= 1e6:
		return tickText(ns/1e6) + " ms"
	case ns >= 1e3:
		return tickText(ns/1e3) + " µs"
	}
	return tickText(ns) + " ns"
}

// newForest draws the time ratios of a table, its main column, with their intervals
// about 1, which is equal; delta is how far from 1 a difference does not matter. It is
// nil where the table has none.
func newForest(id string, t Table, delta, width float64) *picture {
	if t.Main < 0 {
		return nil
	}
	reach, below := 1.1, false
	for _, r := range t.Rows {
		for _, v := range ends(r.Cells[t.Main].Value) {
			below = below || v < 1
			if v > 0 {
				reach = max(reach, min(max(v, 1/v), 20)*1.05)
			}
		}
	}
	p := newRows("time over another's time, with intervals", width, t.Rows)
	s := scale{lo: 1 / reach, hi: reach, from: p.left(), to: p.W - 260, logarithmic: true}
	ticks := 5
	if p.narrow() {
		s.to, ticks = p.W-16, 3
	}
	if !below {
		s.lo = 1 / min(reach, 1.1)
	}
	p.text(s.from, 14, "head", "", "time over the other's: ← faster, slower →")
	if delta > 0 {
		p.rect(s.at(1-delta), rowsHead-6, s.at(1+delta), p.H-6, "same").Tip = "no difference that matters"
	}
	for _, v := range s.ticks(ticks) {
		p.guide(s.at(v), tickText(v))
	}
	p.upright(s.at(1), "axis")
	verdict := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == "verdict" })
	for i, r := range t.Rows {
		y, row, c := p.row(i, r.Name), fmt.Sprintf("%s-%d", id, i), r.Cells[t.Main]
		if c.Value == nil || !(c.Value.Est > 0) {
			continue
		}
		word, class := r.Cells[verdict].Text, "open"
		switch word {
		case result.VerdictFaster:
			class = "good"
		case result.VerdictSlower:
			class = "worse"
		}
		tip := c.Text + " " + c.Bounds + " " + word
		if all := ends(c.Value); len(all) == 3 {
			p.line(s.at(max(all[1], s.lo)), y+barHeight/2, s.at(all[2]), y+barHeight/2, class+" reach").of(row, tip)
		}
		p.dot(s.at(c.Value.Est), y+barHeight/2, 4.5, class+" on").of(row, tip)
		if !p.narrow() {
			p.text(s.to+20, y+14, "value", "", c.Text+" "+c.Bounds+"  "+word).of(row, "")
		}
	}
	return p
}

// ends are the estimate and, where they are known and finite, both ends.
func ends(v *result.Interval) []float64 {
	if v == nil {
		return nil
	}
	if v.Lo == nil || v.Hi == nil || math.IsInf(*v.Hi, 0) {
		return []float64{v.Est}
	}
	return []float64{v.Est, *v.Lo, *v.Hi}
}
