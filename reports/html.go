package reports

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"zstdshop/harness/result"
)

//go:embed html.tmpl
var htmlText string

//go:embed html.js
var htmlScript string

var htmlPage = template.Must(template.New("html").Parse(htmlText))

// mostDrawn is how many rows of all tables together have a picture of each kind. A
// page with more cells has the others in its tables alone, and its data are without
// comparisons.
const mostDrawn = 300

// htmlView is what the page's template reads; its texts are visible.
type htmlView struct {
	Title, Closing  string
	Sections        [][2]string // id and name
	Facts           [][2]string
	Tables          []htmlTable
	Verdicts        []htmlTable
	Legend, Remarks []string
	Notes, Models   []string
	Fronts          []front
	Curves          []curves
	Noise           *picture
	Records         []record
	Data, Script    template.JS
	ScriptHash      string
}

type htmlTable struct {
	Heading string
	Columns []htmlColumn
	Rows    []htmlRow
	Picture *picture
}

type htmlColumn struct {
	Text  string
	Right bool
}

type htmlRow struct {
	ID            string
	Failed, Leads bool
	Cells         []htmlCell
}

// An htmlCell is an entry of a row; Value is what it sorts by, "" its text.
type htmlCell struct {
	Text, Bounds, Notes, Value string
	Right                      bool
}

// writeHTML draws a document as one page that needs no network: readable without
// its script, which sorts and filters the tables. It always has every column. The
// result without its raw samples is embedded as JSON.
func writeHTML(b *bytes.Buffer, r *result.Result, o Options) error {
	o.Wide = true
	d := newDocument(r, o)
	v := htmlView{
		Title: "zstdshop report", Closing: visible(d.closing), Script: template.JS(htmlScript), ScriptHash: scriptHash(),
		Legend: visibleAll(d.legend), Remarks: visibleAll(d.remarks), Notes: visibleAll(d.notes), Models: visibleAll(d.models),
		Noise: noise(r), Records: sliceRecords(r),
	}
	for _, f := range d.facts {
		v.Facts = append(v.Facts, [2]string{f.name, visible(f.text)})
	}
	delta, comparison := deltaOf(r), r.Sides != nil
	drawn := 0
	for k, t := range d.tables {
		h := newHTMLTable(t, fmt.Sprintf("c%d", k))
		if drawn += len(t.rows); drawn <= mostDrawn && comparison {
			h.Picture = newForest(&t, h.ids(), "new/old", delta)
		} else if drawn <= mostDrawn {
			h.Picture = newGlance(&t, h.ids(), cpusOf(r))
		}
		if h.Picture == nil {
			for i := range h.Rows {
				h.Rows[i].ID = "" // nothing points there
			}
		}
		v.Tables = append(v.Tables, h)
	}
	if !comparison {
		v.Fronts = upTo(mostDrawn, fronts(r), func(f front) int { return len(f.Points) })
		v.Curves = upTo(mostDrawn, scalingCurves(r), func(c curves) int { return len(c.Points) })
		drawn = 0
		for k, t := range verdictTables(r) {
			if drawn += len(t.rows); drawn > mostDrawn {
				break
			}
			h := newHTMLTable(t, fmt.Sprintf("v%d", k))
			h.Picture = newForest(&t, h.ids(), ratioColumn, delta)
			v.Verdicts = append(v.Verdicts, h)
		}
	}
	v.Sections = v.sections()
	data, err := htmlData(r)
	if err != nil {
		return err
	}
	v.Data = data
	return htmlPage.Execute(b, v)
}

// upTo are the first ones of all that have at most so many points together.
func upTo[T any](most int, all []T, points func(T) int) []T {
	for i, one := range all {
		if most -= points(one); most < 0 {
			return all[:i]
		}
	}
	return all
}

// sections are those that the page has.
func (v *htmlView) sections() (all [][2]string) {
	for _, s := range []struct {
		has      bool
		id, name string
	}{
		{true, "cells", "All cells"}, {v.Fronts != nil, "fronts", "Ratio against speed"}, {v.Curves != nil, "scaling", "Scaling"},
		{v.Verdicts != nil, "verdicts", "Verdicts"}, {true, "machine", "Machine and run"}, {v.Records != nil, "slices", "Raw slices"},
	} {
		if s.has {
			all = append(all, [2]string{s.id, s.name})
		}
	}
	return all
}

// scriptHash is what the page's policy allows to run.
func scriptHash() string {
	sum := sha256.Sum256([]byte(htmlScript))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// deltaOf is how far from 1 a ratio counts as equal; 0 where nothing was compared.
func deltaOf(r *result.Result) float64 {
	for _, c := range r.Comparisons {
		return c.Delta
	}
	return 0
}

// htmlData is r as JSON without raw samples, digests, names of workers and what does not apply, its
// figures to six digits. It holds nothing but ASCII, no < and no >, so it cannot end
// its element or turn the direction of what follows.
func htmlData(r *result.Result) (template.JS, error) {
	slim := *r
	slim.Cells = append([]result.CellResult(nil), r.Cells...)
	for i := range slim.Cells {
		slim.Cells[i].Samples = nil
	}
	if len(slim.Cells) > mostDrawn {
		slim.Comparisons = nil
	}
	var text bytes.Buffer
	if err := result.Encode(&text, &slim); err != nil {
		return "", err
	}
	d := json.NewDecoder(&text)
	d.UseNumber() // checksums have more digits than a float
	var tree any
	if err := d.Decode(&tree); err != nil {
		return "", fmt.Errorf("encode result: %w", err)
	}
	data, err := json.Marshal(slimmed(tree))
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

// slimmed is a value of JSON without nulls, empty lists, digests and the names of
// workers, with fractions of six digits.
func slimmed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if list, ok := member.([]any); member == nil || name == "digest" || name == "implementation" || ok && len(list) == 0 {
				delete(v, name)
			} else {
				v[name] = slimmed(member)
			}
		}
	case []any:
		for i := range v {
			v[i] = slimmed(v[i])
		}
	case json.Number:
		if strings.ContainsAny(v.String(), ".e") {
			if f, err := v.Float64(); err == nil {
				return json.Number(strconv.FormatFloat(f, 'g', 6, 64))
			}
		}
	}
	return v
}

// newHTMLTable lays out a table whose rows have ids that begin with id.
func newHTMLTable(t table, id string) htmlTable {
	var heading []string
	for _, f := range t.heading {
		heading = append(heading, f.name+" "+visible(f.text))
	}
	h := htmlTable{Heading: strings.Join(heading, ", ")}
	for _, c := range t.columns {
		h.Columns = append(h.Columns, htmlColumn{strings.TrimSpace(c.name + " " + unitText(c)), c.right})
	}
	sorts := make([]bool, len(t.columns)) // by its value, not by its text
	for _, r := range t.rows {
		for i, c := range r.cells {
			sorts[i] = sorts[i] || c.value != nil && (c.mark != "" || c.bounds != "" || !plain(c.text))
		}
	}
	for n, r := range t.rows {
		row := htmlRow{ID: fmt.Sprintf("%s-%d", id, n), Failed: r.failed}
		for i, c := range r.cells {
			row.Leads = row.Leads || c.mark != ""
			out := htmlCell{Text: strings.TrimSpace(c.mark + " " + visible(c.text)), Bounds: c.bounds, Notes: numbers(c.notes), Right: t.columns[i].right}
			if c.value != nil && sorts[i] {
				out.Value = strconv.FormatFloat(c.value.Est, 'g', 6, 64)
			}
			row.Cells = append(row.Cells, out)
		}
		h.Rows = append(h.Rows, row)
	}
	return h
}

// plain reports whether a text sorts as the number that it is.
func plain(text string) bool {
	_, err := strconv.ParseFloat(text, 64)
	return err == nil
}

func (h *htmlTable) ids() []string {
	var all []string
	for _, r := range h.Rows {
		all = append(all, r.ID)
	}
	return all
}

func visibleAll(lines []string) []string {
	var out []string
	for _, s := range lines {
		out = append(out, visible(s))
	}
	return out
}
