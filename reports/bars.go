package reports

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/clipperhouse/displaywidth"

	"zstdshop/harness/result"
)

// barWidth is how many columns the longest bar of a text chart takes.
const barWidth = 24

// textBar is a bar of a value out of most, in eighths of a column; "" for nil.
func textBar(iv *result.Interval, most float64) string {
	const eighths = " ▏▎▍▌▋▊▉"
	if iv == nil || !(iv.Est > 0) || !(most > 0) {
		return ""
	}
	value := iv.Est
	if value > most*1.001 {
		return strings.Repeat("█", barWidth-1) + "▸" // goes on
	}
	n := int(min(value/most, 1)*barWidth*8 + 0.5)
	bar := strings.Repeat("█", n/8)
	if n%8 > 0 {
		bar += string([]rune(eighths)[n%8])
	}
	return bar
}

// textChart draws the main figure of a table and the cores its rows kept busy as
// lines of bars, those of cores out of all CPUs. It is "" where there are fewer
// than two rows to hold against each other.
func textChart(t *table, cpus int) string {
	figure, cores := t.mainFigure(), t.columnNamed("cores")
	if figure < 0 || len(t.rows) < 2 {
		return ""
	}
	most, names, values := t.competing().largest(figure), make([]string, len(t.rows)), make([]string, len(t.rows))
	wide, number := 0, 0
	for i, r := range t.rows {
		names[i], values[i] = t.rowName(i), visible(r.cells[figure].text)
		wide, number = max(wide, displaywidth.String(names[i])), max(number, displaywidth.String(values[i]))
	}
	unit := strings.TrimSpace(t.columns[figure].name + " " + t.columns[figure].unit)
	var b strings.Builder
	head := strings.Repeat(" ", wide+2) + padRight(unit, number+1+barWidth)
	if cores >= 0 {
		head += "  cores, of " + plural(cpus, "CPU")
	}
	b.WriteString(strings.TrimRight(head, " ") + "\n")
	for i, r := range t.rows {
		line := padRight(names[i], wide) + "  " + padLeft(values[i], number) + " " + padRight(textBar(r.cells[figure].value, most), barWidth)
		if cores >= 0 && r.cells[cores].value != nil {
			line += "  " + r.cells[cores].text + " " + textBar(r.cells[cores].value, max(float64(cpus), t.largest(cores)))
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// fenced puts lines into a code block that nothing in them can end.
func fenced(text string) string {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fmt.Sprintf("%stext\n%s%s\n", fence, text, fence)
}

// cpusOf is how many CPUs there were to keep busy.
func cpusOf(r *result.Result) int {
	return cmp.Or(r.Machine.Usable, r.Machine.CPUs)
}

func padRight(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-displaywidth.String(s)))
}

func padLeft(s string, n int) string {
	return strings.Repeat(" ", max(0, n-displaywidth.String(s))) + s
}
