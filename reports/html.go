package reports

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"reflect"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"zstdshop/harness"
)

//go:embed html.tmpl
var htmlText string

var htmlPage = template.Must(template.New("html").Parse(htmlText))

// htmlView is what the page's template reads; its texts are visible.
type htmlView struct {
	Title, Closing  string
	Facts           [][2]string
	Tables          []htmlTable
	Legend, Remarks []string
	Notes, Models   []string
	Fronts          []frontPicture
	Data            template.JS
}

type htmlTable struct {
	Heading string
	Columns []htmlColumn
	Rows    []htmlRow
}

type htmlColumn struct {
	Text  string
	Right bool
}

type htmlRow struct {
	Failed, Leads bool
	Cells         []htmlCell
}

type htmlCell struct {
	Text, Bounds, Notes string
	Right               bool
}

// writeHTML draws a document as one page that needs no network and no script.
// The result without its raw samples is embedded as JSON.
func writeHTML(b *bytes.Buffer, r *harness.Result, o Options) error {
	d := newDocument(r, o)
	v := htmlView{
		Title: "zstdshop report", Closing: visible(d.closing),
		Legend: visibleAll(d.legend), Remarks: visibleAll(d.remarks), Notes: visibleAll(d.notes), Models: visibleAll(d.models),
	}
	for _, f := range d.facts {
		v.Facts = append(v.Facts, [2]string{f.name, visible(f.text)})
	}
	for _, t := range d.tables {
		v.Tables = append(v.Tables, newHTMLTable(t))
	}
	if !harness.IsComparison(r) {
		v.Fronts = frontPictures(r)
	}
	data, err := htmlData(r)
	if err != nil {
		return err
	}
	v.Data = data
	return htmlPage.Execute(b, v)
}

// htmlData is r without raw samples as JSON that holds nothing but ASCII, no <
// and no >, so it cannot end its element or turn the direction of what follows.
func htmlData(r *harness.Result) (template.JS, error) {
	slim := *r
	slim.Cells = append([]harness.CellResult(nil), r.Cells...)
	for i := range slim.Cells {
		slim.Cells[i].Samples = nil
	}
	data, err := json.Marshal(withoutNil(reflect.ValueOf(slim)).Interface())
	if err != nil {
		return "", fmt.Errorf("encode result: %w", err)
	}
	var b strings.Builder
	for _, c := range utf16.Encode([]rune(string(data))) {
		if c < utf8.RuneSelf && c != 0x7f {
			b.WriteByte(byte(c))
		} else {
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	return template.JS(b.String()), nil
}

func newHTMLTable(t table) htmlTable {
	var heading []string
	for _, f := range t.heading {
		heading = append(heading, f.name+" "+visible(f.text))
	}
	h := htmlTable{Heading: strings.Join(heading, ", ")}
	for _, c := range t.columns {
		h.Columns = append(h.Columns, htmlColumn{strings.TrimSpace(c.name + " " + unitText(c)), c.right})
	}
	for _, r := range t.rows {
		row := htmlRow{Failed: r.failed}
		for i, c := range r.cells {
			row.Leads = row.Leads || c.mark != ""
			row.Cells = append(row.Cells, htmlCell{
				strings.TrimSpace(c.mark + " " + visible(c.text)), c.bounds, numbers(c.notes), t.columns[i].right,
			})
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

func visibleAll(lines []string) []string {
	var out []string
	for _, s := range lines {
		out = append(out, visible(s))
	}
	return out
}
