package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// The panels of a glance, from left to right.
const (
	glanceRow    = 20.0 // height
	glanceLabel  = 265.0
	glanceSpeed  = 555.0 // right ends
	glanceCores  = 755.0
	glanceTiming = 1015.0
	glanceHead   = 40.0
)

// newGlance draws a table: for each row the main figure with its interval, the
// cores it kept busy against those there are, and how long tasks took. rows are
// the ids of the table's rows. It is nil where there is nothing to draw.
func newGlance(t *table, rows []string, cpus int) *picture {
	speed, cores := t.mainFigure(), t.columnNamed("cores")
	if speed < 0 && cores < 0 {
		return nil
	}
	p := &picture{Label: "figures of each row of the table below", W: 1035, H: glanceHead + glanceRow*float64(len(t.rows)) + 6}
	bottom := p.H - 6
	var bars, busy scale
	if speed >= 0 {
		c := t.columns[speed]
		bars = scale{lo: 0, hi: t.competing().largest(speed), from: glanceLabel, to: glanceSpeed - 110}
		p.text(glanceLabel, 14, "head", "", strings.TrimSpace(c.name+" "+unitText(c)))
		p.line(glanceLabel, glanceHead-6, glanceLabel, bottom, "axis")
	}
	if cores >= 0 {
		busy = scale{lo: 0, hi: max(float64(cpus), t.largest(cores)), from: glanceSpeed + 10, to: glanceCores - 60}
		p.text(busy.from, 14, "head", "", "cores kept busy")
		p.line(busy.from, glanceHead-6, busy.from, bottom, "axis")
		for n := 1; n <= cpus; n++ {
			if n == 1 || n == cpus {
				x := busy.at(float64(n))
				p.line(x, glanceHead-6, x, bottom, "guide")
				p.text(x, glanceHead-10, "tick", "middle", tickText(float64(n)))
			}
		}
	}
	timing, percentiles := t.timing()
	if percentiles != nil {
		p.text(timing.from, 14, "head", "", "task time: p50, p90, p99, and the longest")
		for _, ns := range timing.ticks(4) {
			x := timing.at(ns)
			p.line(x, glanceHead-6, x, bottom, "guide")
			p.text(x, glanceHead-10, "tick", "middle", nanoseconds(ns))
		}
	}
	for i, r := range t.rows {
		y := glanceHead + glanceRow*float64(i)
		name := t.rowName(i)
		p.text(glanceLabel-8, y+14, "name", "end", shortened(name, glanceLabel-16)).Tip = name
		if speed >= 0 {
			p.bar(bars, r.cells[speed], y, lookOf(r, speed), rows[i])
		}
		if cores >= 0 {
			p.bar(busy, r.cells[cores], y, "bar", rows[i])
		}
		if percentiles != nil {
			p.strip(timing, t, i, *percentiles, y, rows[i])
		}
	}
	return p
}

// lookOf is the class of a row's main bar.
func lookOf(r row, column int) string {
	switch {
	case r.ceiling != "":
		return "bar ceiling"
	case r.cells[column].mark != "":
		return "bar best"
	}
	return "bar"
}

// bar draws one figure with its interval, or in words why there is none.
func (p *picture) bar(s scale, c cell, y float64, class, row string) {
	if c.value == nil {
		if c.text != "" {
			p.text(s.from+6, y+14, "bad", "", visible(c.text))
		}
		return
	}
	tip := visible(strings.TrimSpace(c.text + " " + c.bounds))
	end := s.at(c.value.Est)
	if c.value.Est > s.hi {
		p.text(end+2, y+14, "value", "", "▸ "+c.text).of(row, tip)
		p.rect(s.from, y+3, end, y+glanceRow-3, class)
		return
	}
	p.rect(s.from, y+3, end, y+glanceRow-3, class).of(row, tip)
	after := end
	if c.value.Lo != nil && c.value.Hi != nil {
		after = max(end, s.at(*c.value.Hi))
		p.line(s.at(*c.value.Lo), y+glanceRow/2, after, y+glanceRow/2, "whisker")
	}
	p.text(after+6, y+14, "value", "", c.text).of(row, "")
}

// strip draws how task times spread: a line from p50 to p99, a mark at p90, a
// ring at the longest.
func (p *picture) strip(s scale, t *table, i int, columns [4]int, y float64, row string) {
	var at [4]float64
	var said []string
	for k, column := range columns {
		c := t.rows[i].cells[column]
		if c.value == nil {
			return
		}
		at[k] = s.at(c.value.Est)
		said = append(said, strings.TrimSpace(t.columns[column].name+" "+c.text+" "+t.columns[column].unit))
	}
	tip, middle := strings.Join(said, ", "), y+glanceRow/2
	p.path(fmt.Sprintf("M%g %gH%gM%g %gv10M%g %gv10", round1(at[0]), middle, round1(at[2]), round1(at[1]), middle-5, round1(at[2]), middle-5), "spread")
	p.dot(at[0], middle, 3.5, "dot")
	p.dot(at[3], middle, 3, "ring")
	p.rect(s.from, y, s.to, y+glanceRow, "hit").of(row, tip)
}

// mainFigure is the column of the first figure with values, -1 where there is
// none.
func (t *table) mainFigure() int {
	for i, c := range t.columns {
		if c.better != result.Neither && t.largest(i) > 0 {
			return i
		}
	}
	return -1
}

func (t *table) columnNamed(name string) int {
	for i, c := range t.columns {
		if c.name == name && t.largest(i) > 0 {
			return i
		}
	}
	return -1
}

// competing is the table without the ceiling, which may be a hundred times as fast as
// all others; the table itself where there is nothing else.
func (t *table) competing() *table {
	own := *t
	own.rows = slices.DeleteFunc(slices.Clone(t.rows), func(r row) bool { return r.ceiling != "" })
	if len(own.rows) == 0 {
		return t
	}
	return &own
}

// largest is the largest value of a column, ends of intervals included; 0 where
// it has none.
func (t *table) largest(column int) float64 {
	most := 0.0
	for _, r := range t.rows {
		if v := r.cells[column].value; v != nil {
			most = max(most, v.Est)
			if v.Hi != nil && *v.Hi < 3*v.Est { // a wild interval must not squeeze all bars
				most = max(most, *v.Hi)
			}
		}
	}
	return most
}

// timing is the scale of the percentiles and their columns, nil where the table
// lacks one.
func (t *table) timing() (scale, *[4]int) {
	var columns [4]int
	for k, name := range []string{"p50", "p90", "p99", "max"} {
		if columns[k] = t.columnNamed(name); columns[k] < 0 {
			return scale{}, nil
		}
	}
	lo, hi := math.Inf(1), 0.0
	for _, r := range t.rows {
		if v := r.cells[columns[0]].value; v != nil && v.Est > 0 {
			lo = min(lo, v.Est)
		}
		if v := r.cells[columns[3]].value; v != nil {
			hi = max(hi, v.Est)
		}
	}
	if !(hi > lo) {
		return scale{}, nil
	}
	return scale{lo: lo / 1.3, hi: hi * 1.3, from: glanceCores, to: glanceTiming, logarithmic: true}, &columns
}

// rowName is what tells a row from the others of its table.
func (t *table) rowName(i int) string {
	var parts []string
	for k, c := range t.columns {
		if k == t.keys {
			break
		}
		if text := visible(t.rows[i].cells[k].text); text != "" {
			if c.right {
				text = c.name + " " + text
			}
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " ")
}

// nanoseconds draws a round time: 50 µs.
func nanoseconds(ns float64) string {
	u := timeUnit([]float64{ns})
	return tickText(ns/u.size) + " " + u.name
}

// cpusOf is how many CPUs there were to keep busy.
func cpusOf(r *result.Result) int {
	if r.Machine.Usable > 0 {
		return r.Machine.Usable
	}
	return r.Machine.CPUs
}
