package reports

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

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
