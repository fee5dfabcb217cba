package reports

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness/result"
	"zstdshop/reports/html"
)

// writeHTML puts a document into a page, which always has every column.
func writeHTML(b *bytes.Buffer, r *result.Result, o Options) error {
	o.Wide = true
	d := newDocument(r, o)
	p := &html.Page{
		Answers: mapped(slices.Concat(d.advice, d.answers), visible), Legend: mapped(d.legend, visible), Remarks: mapped(d.remarks, visible), Notes: mapped(d.notes, visible),
		Models: mapped(d.models, visible), Records: sliceRecords(r), Noise: noise(r), CPUs: cpusOf(r), Result: r,
	}
	if len(r.Comparisons) > 0 {
		p.Delta = r.Comparisons[0].Delta
	}
	p.Facts = mapped(d.facts, func(f fact) [2]string { return [2]string{f.name, visible(f.text)} })
	ofRatios := func(t table) html.Table {
		return htmlTable(&t, max(t.columnNamed("new/old"), t.columnNamed(ratioColumn)))
	}
	if r.Sides != nil {
		p.Tables = mapped(d.tables, ofRatios)
	} else {
		p.Tables = mapped(d.tables, func(t table) html.Table { return htmlTable(&t, t.mainFigure()) })
		p.Verdicts, p.Fronts, p.Curves = mapped(verdictTables(r), ofRatios), fronts(r), scalingCurves(r)
		p.Sizes = sizes(r)
	}
	return html.Write(b, p)
}

// htmlTable is a table whose picture draws the column main first.
func htmlTable(t *table, main int) html.Table {
	h := html.Table{Heading: cmp.Or(visible(t.words), t.title(visible)), Main: main}
	sorts := make([]bool, len(t.columns)) // by its value, not by its text
	for i, c := range t.columns {
		from := t
		if i == main {
			from = t.competing()
		}
		h.Columns = append(h.Columns, html.Column{
			Name: c.name, Unit: c.unit, Head: c.head(), Right: c.right, Key: i < t.keys, More: c.wide, Most: from.largest(i),
		})
		for _, r := range t.rows {
			_, err := strconv.ParseFloat(r.cells[i].text, 64)
			sorts[i] = sorts[i] || r.cells[i].value != nil && (r.cells[i].mark != "" || r.cells[i].bounds != "" || err != nil)
		}
	}
	for n, r := range t.rows {
		row := html.Row{Name: t.rowName(n), Failed: r.failed, Ceiling: r.ceiling != ""}
		for i, c := range r.cells {
			row.Leads = row.Leads || c.mark != ""
			out := html.Cell{
				Mark: c.mark, Text: strings.TrimSpace(visible(c.text)), Bounds: c.bounds, Notes: numbers(c.notes), Value: c.value,
			}
			if c.value != nil && sorts[i] {
				out.Sort = strconv.FormatFloat(c.value.Est, 'g', 6, 64)
			}
			row.Cells = append(row.Cells, out)
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}
