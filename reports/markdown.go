package reports

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"

	"zstdshop/harness/result"
)

// writeMarkdown draws a document as GitHub Flavored Markdown: what was found out,
// the tables, each with a chart of bars folded behind it, what a reader must know,
// and behind a fold what they may want to look up.
func writeMarkdown(b *bytes.Buffer, r *result.Result, o Options) error {
	d := newDocument(r, o)
	markdownList(b, "- ", d.advice)
	if len(d.answers) == 1 {
		fmt.Fprintf(b, "%s\n", markdownText(d.answers[0]))
	} else {
		markdownList(b, "- ", d.answers)
	}
	for _, t := range d.tables {
		if err := markdownTable(b, &t); err != nil {
			return err
		}
		if chart := textChart(&t, cpusOf(r)); chart != "" && r.Sides == nil {
			folded(b, "As bars", fenced(chart))
		}
	}
	markdownList(b, "- ", d.models)
	markdownList(b, "- ", d.remarks)
	markdownList(b, "%d. ", d.notes)
	var facts strings.Builder
	for _, f := range d.facts {
		fmt.Fprintf(&facts, "- %s: %s\n", f.name, markdownText(f.text))
	}
	for _, line := range d.legend {
		facts.WriteString("- " + markdownText(line) + "\n")
	}
	folded(b, "Machine, run, and how to read this", facts.String())
	return nil
}

// markdownList puts lines below an empty one, each after its mark with its number.
func markdownList(b *bytes.Buffer, mark string, lines []string) {
	if len(lines) > 0 {
		b.WriteByte('\n')
	}
	for i, line := range lines {
		b.WriteString(strings.ReplaceAll(mark, "%d", strconv.Itoa(i+1)) + markdownText(line) + "\n")
	}
}

// folded puts lines of markdown behind a summary.
func folded(b *bytes.Buffer, summary, lines string) {
	fmt.Fprintf(b, "\n<details><summary>%s</summary>\n\n%s\n</details>\n", summary, lines)
}

func markdownTable(b *bytes.Buffer, t *table) error {
	fmt.Fprintf(b, "\n**%s**\n\n", t.title(markdownText))

	head := mapped(t.columns, func(c column) any { return markdownText(c.head()) })
	rows := mapped(t.rows, func(r row) []any {
		return mapped(r.cells, func(c cell) any {
			s := markdownText(c.text)
			if c.mark != "" {
				s = markdownText(c.mark) + " " + s
			}
			if c.bounds != "" {
				s += " " + c.bounds
			}
			return s + numbers(c.notes)
		})
	})
	return drawGrid(b, t.columns, head, rows, tablewriter.WithRenderer(renderer.NewMarkdown()))
}

// markdownSpecial escapes what could end a cell or begin markup inside a line.
// Entities stand for the characters that begin HTML, for the @ of a mention
// and the : of an address that would become a link.
var markdownSpecial = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "|", `\|`, "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`, "#", `\#`, "$", `\$`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "@", "&#64;", "://", "&#58;//", "\n", "<br>",
)

// markdownText makes text a part of one line that shows as it is.
func markdownText(s string) string { return markdownSpecial.Replace(visibleLines(s)) }
