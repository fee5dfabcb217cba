package reports

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// Options is how the drawn formats look. The zero value is what a report in a
// file gets: no colour, UTF-8, the default columns, DefaultWidth.
type Options struct {
	View
	// Bars draws the main figure and the cores of each row as bars under its table,
	// in the table format only; markdown has them folded anyway.
	Bars bool
	// Wide shows every column and every interval there is, whatever the width.
	Wide bool
	// Width is the terminal's width in columns, 0 for DefaultWidth. A table of
	// the table format leaves out its least needed columns until it fits, and
	// says which. The other formats have no width.
	Width int
	// Color writes ANSI colour codes, in the table format only.
	Color bool
	// ASCII writes nothing outside ASCII, in the table format only.
	ASCII bool
}

// DefaultWidth is the width in columns that a table keeps to unless told.
const DefaultWidth = 120

// A format is one way to write a Result.
type format struct {
	name string
	draw func(*bytes.Buffer, *result.Result, Options) error
}

// formats lists all there are, in the order in which they are shown.
func formats() []format {
	return []format{
		{"table", writeText},
		{"markdown", writeMarkdown},
		{"json", func(b *bytes.Buffer, r *result.Result, _ Options) error { return result.Encode(b, r) }},
		{"csv", writeCSV},
		{"gobench", writeGobench},
		{"html", writeHTML},
	}
}

// Formats lists the names that Write knows.
func Formats() []string { return mapped(formats(), func(f format) string { return f.name }) }

// Write writes r to w in the format of that name. r is only read. Nothing is
// written where the result cannot be put in that format. Errors name the
// format; those of w are wrapped.
func Write(w io.Writer, name string, r *result.Result, o Options) error {
	all := formats()
	i := slices.IndexFunc(all, func(f format) bool { return f.name == name })
	if i < 0 {
		return fmt.Errorf("format %q is not known; known are %s", name, strings.Join(Formats(), ", "))
	}
	var b bytes.Buffer
	if err := all[i].draw(&b, r, o); err != nil {
		return fmt.Errorf("format %s: %w", name, err)
	}
	if _, err := b.WriteTo(w); err != nil {
		return fmt.Errorf("format %s: write: %w", name, err)
	}
	return nil
}
