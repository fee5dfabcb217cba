package reports

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"zstdshop/harness/result"
)

// A csvColumn is one column: its name with the base unit, and how a cell fills
// it, with what csvValue draws.
type csvColumn struct {
	name string
	of   func(*result.CellResult) any
}

type csvColumns []csvColumn

// named are those of some names.
func (cols csvColumns) named(names []string) csvColumns {
	return slices.DeleteFunc(slices.Clone(cols), func(c csvColumn) bool { return !slices.Contains(names, c.name) })
}

func (cols csvColumns) names() []string {
	return mapped(cols, func(c csvColumn) string { return c.name })
}

func (cols csvColumns) fill(c *result.CellResult) []string {
	return mapped(cols, func(col csvColumn) string { return csvValue(col.of(c)) })
}

// placeIn is where a name stands in an order; names that it has not come last.
func placeIn(order []string, name string) int {
	if i := slices.Index(order, name); i >= 0 {
		return i
	}
	return len(order)
}

// csvText is text that a spreadsheet must take for text. One that begins like
// a formula (= + - @ and their full-width forms, tab, line break) gets an
// apostrophe in front.
func csvText(s string) string {
	first, _ := utf8.DecodeRuneInString(s)
	if s != "" && strings.ContainsRune("=+-@＝＋－＠\t\r\n", first) {
		return "'" + visible(s)
	}
	return visible(s)
}

// csvValue draws text, a truth or a number, or what a pointer points to. Numbers have
// all their digits; nil, which is what does not apply, is empty.
func csvValue(v any) string {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Pointer {
		if r.IsNil() {
			return ""
		}
		r = r.Elem()
	}
	switch r.Kind() {
	case reflect.String:
		return csvText(r.String())
	case reflect.Float64:
		return fixedPlaces(r.Float(), -1)
	}
	return fmt.Sprint(r)
}

// csvInterval is an estimate and its ends.
func csvInterval(iv *result.Interval) [3]*float64 {
	if iv == nil {
		return [3]*float64{}
	}
	return [3]*float64{&iv.Est, iv.Lo, iv.Hi}
}
