package result

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

//go:embed schema/result-v1.json
var resultSchema []byte

// ResultSchema is the JSON Schema (draft 2020-12) of a saved Result, with the
// unit and range of every field. The bytes are the caller's.
func ResultSchema() []byte { return slices.Clone(resultSchema) }

// Encode writes r as JSON that follows ResultSchema: two spaces a level,
// members in the order of the Go fields, arrays of numbers on one line, a line
// feed at the end. Equal results make equal bytes, and what Read returns is
// written as it was read. r is only read; its Schema may be "" for this one.
// A figure that is no number (NaN, infinity) is an error, and then nothing is
// written.
//
// It goes cell by cell: they hold nearly all there is, and the whole in one piece
// would take three times the memory. What could fail is tried before anything is
// written; raw samples are whole numbers and cannot.
func Encode(w io.Writer, r *Result) error {
	if r.Schema != "" && r.Schema != Schema {
		return fmt.Errorf("encode result: schema is %q, this program writes %q", r.Schema, Schema)
	}
	compact, err := compactJSON(r.asV1())
	if err != nil {
		return err
	}
	for _, figures := range r.Cells {
		figures.Samples = nil
		if _, err := compactJSON(figures); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	flush := func() error {
		if _, err := b.WriteTo(w); err != nil {
			return fmt.Errorf("write result: %w", err)
		}
		return nil
	}
	before, after, _ := bytes.Cut(compact, []byte(noCells))
	indent(&b, before, 0)
	b.WriteString(`"cells": [`)
	for i := range r.Cells {
		cell, err := compactJSON(r.Cells[i])
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		indent(&b, cell, 2)
		if err := flush(); err != nil {
			return err
		}
	}
	if len(r.Cells) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteByte(']')
	indent(&b, after, 1)
	b.WriteByte('\n')
	return flush()
}

// noCells stands for the cells in the compact form of a result without them. In no
// string can it be: quotes are escaped there.
const noCells = `"cells":[]`

// compactJSON is v on one line, nil slices and maps as empty ones: null says that
// something does not apply, and it is pointers that say so.
func compactJSON[T any](v T) ([]byte, error) {
	text, err := json.Marshal(v, json.Deterministic(true), jsontext.EscapeForJS(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return nil, fmt.Errorf("encode result: %w", err)
	}
	return text, nil
}

// indent writes compact JSON over lines: one for each member and element,
// except that an array without objects is one line. It may be a part, which begins
// that many levels deep.
func indent(b *bytes.Buffer, compact []byte, depth int) {
	line := func() {
		b.WriteByte('\n')
		for range depth {
			b.WriteString("  ")
		}
	}
	for i := 0; i < len(compact); i++ {
		switch c := compact[i]; c {
		case '"':
			end := stringEnd(compact, i)
			b.Write(compact[i:end])
			i = end - 1
		case '[', '{':
			if end, flat := flatEnd(compact, i); flat {
				b.Write(compact[i:end])
				i = end - 1
				continue
			}
			b.WriteByte(c)
			depth++
			line()
		case ']', '}':
			depth--
			line()
			b.WriteByte(c)
		case ',':
			b.WriteByte(c)
			line()
		case ':':
			b.WriteString(": ")
		default:
			b.WriteByte(c)
		}
	}
}

// flatEnd reports whether what begins at i is an empty object or an array that
// holds no object, and where it ends.
func flatEnd(compact []byte, i int) (end int, flat bool) {
	if compact[i] == '{' {
		return i + 2, compact[i+1] == '}'
	}
	for depth := 0; i < len(compact); i++ {
		switch compact[i] {
		case '"':
			i = stringEnd(compact, i) - 1
		case '{':
			return 0, false
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return i, true
}

// stringEnd is where the string that begins at i ends.
func stringEnd(compact []byte, i int) int {
	for i++; compact[i] != '"'; i++ {
		if compact[i] == '\\' {
			i++
		}
	}
	return i + 1
}
