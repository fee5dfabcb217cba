// Package html draws the page of a report: one file that needs no network, readable
// without its script, which sorts and filters the tables. It decides nothing: package
// reports, its one caller, fills in a Page, and Write draws pictures and tables of it.
//
// Texts of a Page must be harmless to draw; what HTML itself needs is escaped here.
package html

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"slices"
	"sync"

	"zstdshop/harness/result"
)

//go:embed page.tmpl
var pageText string

//go:embed page.js
var script string

// pageTemplate is parsed at its first use: each worker process would pay for it.
var pageTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("html").Parse(pageText)) })

// A Page is all that is shown.
type Page struct {
	Answers         []string
	Facts           [][2]string // name and text
	Tables          []Table
	Verdicts        []Table // each of a set's cells against one of it
	Legend, Remarks []string
	Notes, Models   []string
	Fronts          []Front
	Sizes           []Sizes
	Curves          []Curves
	Records         []Record
	Noise           []float64 // time of the sentinel over its fastest, during the run
	CPUs            int       // that cells could keep busy
	Delta           float64   // how far from 1 a time ratio counts as equal
	// Result is embedded as JSON, without its raw samples.
	Result *result.Result
}

// drawn is a part of the page with its picture, nil for none, and the one for phones. ID
// begins the ids of its rows, which shapes of the pictures point to; Heads is that of its
// table.
type drawn[T any] struct {
	ID, Heads string
	Of        T
	pictures
}

// pictures are the same one at both widths.
type pictures struct{ Picture, Narrow *picture }

// bothWidths is draw for windows and for phones.
func bothWidths[T any](draw func(id string, one T, width float64) *picture) func(string, T) pictures {
	return func(id string, one T) pictures { return pictures{draw(id, one, wideWidth), draw(id, one, narrowWidth)} }
}

// view is what the template reads.
type view struct {
	*Page
	Tables, Verdicts []drawn[Table]
	Fronts           []drawn[Front]
	Sizes            []drawn[Sizes]
	Curves           []drawn[Curves]
	Records          []drawn[Record]
	Noise            pictures
	More             bool        // has figures that are shown when asked for
	Sections         [][2]string // id and name
	Data, Script     template.JS
	ScriptHash       string
}

// Write draws the page.
func Write(w io.Writer, p *Page) error {
	data, err := dataOf(p.Result)
	if err != nil {
		return err
	}
	v := view{Page: p, Data: data, Script: template.JS(script), ScriptHash: scriptHash()}
	if p.Noise != nil {
		v.Noise = bothWidths(newNoise)("", p.Noise)
	}
	forest := bothWidths(func(id string, t Table, width float64) *picture { return newForest(id, t, p.Delta, width) })
	glance := bothWidths(func(id string, t Table, width float64) *picture { return newGlance(id, t, p.CPUs, width) })
	if p.Result.Sides != nil {
		glance = forest
	}
	rows := func(t Table) int { return len(t.Rows) }
	v.Tables = draw("c", p.Tables, rows, glance)
	for i := range v.Tables {
		if v.Tables[i].Picture == nil {
			v.Tables[i].ID = "" // nothing points there
		}
	}
	v.More = slices.ContainsFunc(p.Tables, func(t Table) bool { return slices.ContainsFunc(t.Columns, func(c Column) bool { return c.More }) })
	v.Verdicts = pictured(draw("v", p.Verdicts, rows, forest))
	v.Fronts = pictured(draw("f", p.Fronts, Front.points, bothWidths(newFront)))
	v.Sizes = pictured(draw("d", p.Sizes, Sizes.points, bothWidths(newSizes)))
	v.Curves = pictured(draw("s", p.Curves, Curves.points, bothWidths(newCurves)))
	v.Records = draw("", p.Records, func(Record) int { return 0 }, func(_ string, r Record) pictures { return pictures{Picture: newRecord(r)} })
	v.Sections = slices.DeleteFunc([][2]string{
		{"cells", "All cells"}, has(p.Models, "words", "In words"), has(v.Fronts, "fronts", "Ratio against speed"), has(v.Sizes, "sizes", "Dictionaries"), has(v.Curves, "scaling", "Scaling"),
		has(v.Verdicts, "verdicts", "Verdicts"), {"machine", "Machine and run"}, has(v.Records, "slices", "Raw slices"),
	}, func(s [2]string) bool { return s[0] == "" })
	return pageTemplate().Execute(w, v)
}

// draw makes a picture of each one of all, as long as they have no more than MostDrawn
// rows together.
func draw[T any](id string, all []T, rows func(T) int, look func(id string, one T) pictures) []drawn[T] {
	var out []drawn[T]
	total := 0
	for i, one := range all {
		d := drawn[T]{ID: fmt.Sprintf("%s%d", id, i), Heads: fmt.Sprintf("table-%s%d", id, i), Of: one}
		if total += rows(one); total <= MostDrawn {
			d.pictures = look(d.ID, one)
		}
		out = append(out, d)
	}
	return out
}

// pictured is the first ones of all, up to one without a picture.
func pictured[T any](all []drawn[T]) []drawn[T] {
	if i := slices.IndexFunc(all, func(d drawn[T]) bool { return d.Picture == nil }); i >= 0 {
		return all[:i]
	}
	return all
}

// has is the id and name of a section; empty where the page has none.
func has[T any](parts []T, id, name string) (section [2]string) {
	if parts != nil {
		section = [2]string{id, name}
	}
	return section
}

// scriptHash is what the page's policy allows to run.
func scriptHash() string {
	sum := sha256.Sum256([]byte(script))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
