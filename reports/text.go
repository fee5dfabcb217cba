package reports

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"zstdshop/harness/result"
)

// ANSI codes of the few things that colour tells.
const (
	ansiBold  = "\x1b[1m"
	ansiDim   = "\x1b[2m"
	ansiRed   = "\x1b[31m"
	ansiGreen = "\x1b[32m"
	ansiReset = "\x1b[0m"
)

// textWriter draws a document for a terminal.
type textWriter struct {
	b *bytes.Buffer
	Options
	escape func(string) string
}

func writeText(b *bytes.Buffer, r *result.Result, o Options) error {
	t := &textWriter{b: b, Options: o, escape: visible}
	if o.ASCII {
		t.escape = ascii
	}
	if t.Width <= 0 {
		t.Width = DefaultWidth
	}
	d := newDocument(r, o)
	label := ""
	if len(d.answers) > 1 {
		label = "- "
	}
	for _, line := range d.advice {
		t.para("- ", line)
	}
	if len(d.advice) > 0 && len(d.answers) > 0 {
		b.WriteByte('\n')
	}
	for _, line := range d.answers {
		t.para(label, line)
	}
	for i, table := range d.tables {
		heading := table.heading
		if i > 0 {
			heading = unlike(heading, d.tables[i-1].heading)
		}
		if err := t.table(&table, heading); err != nil {
			return err
		}
		if chart := textChart(&table, cpusOf(r)); o.Bars && chart != "" {
			b.WriteByte('\n')
			for line := range strings.Lines(chart) {
				if o.ASCII {
					line = strings.NewReplacer("█", "#", "▸", ">", "▏", "", "▎", "", "▍", "", "▌", "", "▋", "", "▊", "", "▉", "").Replace(line)
				}
				b.WriteString(t.escape(strings.TrimSuffix(line, "\n")) + "\n")
			}
		}
	}
	b.WriteByte('\n')
	end := b.Len()
	paras := func(label string, lines []string) {
		for i, line := range lines {
			t.para(strings.ReplaceAll(label, "%d", strconv.Itoa(i+1)), line)
		}
	}
	gap := func() { // an empty line after what was written since the last one
		if b.Len() > end {
			b.WriteByte('\n')
		}
		end = b.Len()
	}
	paras("", d.legend)
	paras("note: ", d.remarks)
	paras("[%d] ", d.notes)
	gap()
	paras("- ", d.models)
	gap()
	for _, f := range d.facts {
		t.para(fmt.Sprintf("%-11s", f.name+":"), f.text)
	}
	return nil
}

// color wraps text that stands on one line.
func (t *textWriter) color(code, text string) string {
	if !t.Color || code == "" || text == "" {
		return text
	}
	return code + text + ansiReset
}

// para writes text after a label, broken at spaces to the width, further lines
// under the first. A word longer than a line is left whole: names are copied
// from here.
func (t *textWriter) para(label, text string) { t.b.WriteString(wrap(label, t.escape(text), t.Width)) }

// Wrap breaks text at spaces into lines of at most so many columns. A word longer than
// that is left whole.
func Wrap(text string, width int) string { return wrap("", text, width) }

func wrap(label, text string, width int) string {
	var out strings.Builder
	indent := strings.Repeat(" ", len(label))
	line, used := label, len(label)
	for i, word := range strings.Fields(text) {
		w := displaywidth.String(word)
		switch {
		case i == 0:
		case used+1+w > width:
			out.WriteString(line + "\n")
			line, used = indent, len(indent)
		default:
			line += " "
			used++
		}
		line += word
		used += w
	}
	return out.String() + strings.TrimRight(line, " ") + "\n"
}

// A gridColumn is a column of strings, ready to be drawn but for colour.
type gridColumn struct {
	column
	head  [2]string // name, and unit with direction
	cells []string  // one a row, the inner parts aligned
	width int
}

// table writes one table: heading, columns that fit, and the names of those
// that do not.
func (t *textWriter) table(tab *table, heading []fact) error {
	t.b.WriteByte('\n')
	t.para("", titleOf(heading, func(s string) string { return s }))

	var grid []gridColumn
	for i := range tab.columns {
		grid = append(grid, t.gridColumn(tab, i))
	}
	var left []string
	if !t.Wide {
		grid, left = narrow(grid, t.Width)
	}
	if err := t.draw(tab, grid); err != nil {
		return err
	}
	if len(left) > 0 {
		t.para("", "(no room for "+strings.Join(left, ", ")+")")
	}
	return nil
}

// mostRepeated is how many facts of the heading above a heading repeats.
const mostRepeated = 2

// unlike is a heading that says what differs from the one above it, and that no more does,
// where it would repeat much of that: two headings with the same names.
func unlike(heading, above []fact) []fact {
	names := func(facts []fact) []string { return mapped(facts, func(f fact) string { return f.name }) }
	if !slices.Equal(names(heading), names(above)) {
		return heading
	}
	own := slices.DeleteFunc(slices.Clone(heading), func(f fact) bool { return slices.Contains(above, f) })
	if len(own) == 0 || len(heading)-len(own) <= mostRepeated {
		return heading
	}
	return append(own, fact{"the rest", "as above"})
}

// gridColumn draws column i of tab: numbers end at one place, intervals begin
// at one, marks stand before.
func (t *textWriter) gridColumn(tab *table, i int) gridColumn {
	col := tab.columns[i]
	g := gridColumn{column: col, head: [2]string{t.escape(col.name), t.escape(unitText(col))}}
	var text, bounds, mark int
	for _, r := range tab.rows {
		c := r.cells[i]
		if c.bounds != "" {
			text = max(text, displaywidth.String(t.escape(c.text)))
			bounds = max(bounds, displaywidth.String(t.escape(c.bounds)))
		}
		mark = max(mark, len(c.mark))
	}
	for _, r := range tab.rows {
		c := r.cells[i]
		s := t.escape(c.text)
		if c.value != nil && bounds > 0 {
			s = padLeft(s, text) + " " + padRight(t.escape(c.bounds), bounds)
		}
		if mark > 0 && c.value != nil {
			s = cmp.Or(c.mark, " ") + " " + s
		}
		if c.notes != nil {
			s = numbers(c.notes)
		}
		g.cells = append(g.cells, s)
		g.width = max(g.width, displaywidth.String(s))
	}
	g.width = max(g.width, displaywidth.String(g.head[0]), displaywidth.String(g.head[1]))
	return g
}

// narrow leaves out the columns that are needed least until the others fit.
// left names those, in their old order.
func narrow(grid []gridColumn, width int) (kept []gridColumn, left []string) {
	const between = 3 // " │ "
	total := 2 - between
	out := make(map[int]bool)
	for _, g := range grid {
		total += g.width + between
	}
	for total > width {
		least := -1
		for i, g := range grid {
			if g.spare > 0 && !out[i] && (least < 0 || g.spare < grid[least].spare) {
				least = i
			}
		}
		if least < 0 {
			break
		}
		out[least] = true
		total -= grid[least].width + between
	}
	for i, g := range grid {
		if out[i] {
			left = append(left, g.name)
		} else {
			kept = append(kept, g)
		}
	}
	return kept, left
}

// draw has the grid drawn with light lines between the columns.
func (t *textWriter) draw(tab *table, grid []gridColumn) error {
	style := tw.StyleLight
	if t.ASCII {
		style = tw.StyleASCII
	}
	units := slices.ContainsFunc(grid, func(g gridColumn) bool { return g.head[1] != "" })
	head := mapped(grid, func(g gridColumn) any {
		if !units {
			return t.color(ansiBold, g.head[0])
		}
		return t.color(ansiBold, g.head[0]) + "\n" + g.head[1]
	})
	var rows [][]any
	for n, r := range tab.rows {
		rows = append(rows, mapped(grid, func(g gridColumn) any { return t.color(rowColor(r), g.cells[n]) }))
	}
	columns := mapped(grid, func(g gridColumn) column { return g.column })
	var b bytes.Buffer
	err := drawGrid(&b, columns, head, rows, tablewriter.WithTrimSpace(tw.Off), tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
		Borders: tw.Border{Left: tw.Off, Right: tw.Off, Top: tw.Off, Bottom: tw.Off},
		Symbols: tw.NewSymbols(style),
	})))
	for line := range strings.Lines(b.String()) {
		t.b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return err
}

// drawGrid writes texts that are escaped already as a table.
func drawGrid(b *bytes.Buffer, columns []column, head []any, rows [][]any, look ...tablewriter.Option) error {
	align := mapped(columns, func(c column) tw.Align {
		if c.right {
			return tw.AlignRight
		}
		return tw.AlignLeft
	})
	w := tablewriter.NewTable(b, append(look,
		tablewriter.WithAlignment(align),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithEastAsian(false), // or ± and µ change width with the locale
		tablewriter.WithHeaderAutoFormat(tw.Off))...)
	w.Header(head...)
	for n, row := range rows {
		if err := w.Append(row...); err != nil {
			return fmt.Errorf("table row %d: %w", n+1, err)
		}
	}
	if err := w.Render(); err != nil {
		return fmt.Errorf("draw table: %w", err)
	}
	return nil
}

// rowColor tells leaders, failures and the ceiling from the rest.
func rowColor(r row) string {
	switch {
	case r.failed || r.tone == toneBad:
		return ansiRed
	case r.ceiling != "":
		return ansiDim
	case r.tone == toneGood:
		return ansiGreen
	}
	if slices.ContainsFunc(r.cells, func(c cell) bool { return c.mark != "" }) {
		return ansiGreen
	}
	return ""
}
