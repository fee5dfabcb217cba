package reports

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"zstdshop/harness/result"
)

// writeMarkdown draws a document as GitHub Flavored Markdown: what was found out,
// the tables, each with a chart of bars folded behind it, what a reader must know,
// and behind a fold what they may want to look up.
func writeMarkdown(b *bytes.Buffer, r *result.Result, o Options) error {
	d := newDocument(r, o)
	fmt.Fprintf(b, "%s\n", markdownText(d.closing))
	list := func(mark func(int) string, lines []string) {
		if len(lines) > 0 {
			b.WriteByte('\n')
		}
		for i, line := range lines {
			b.WriteString(mark(i) + markdownText(line) + "\n")
		}
	}
	bullet := func(int) string { return "- " }
	list(bullet, d.models)
	for _, t := range d.tables {
		if err := markdownTable(b, &t); err != nil {
			return err
		}
		if chart := textChart(&t, cpusOf(r)); chart != "" && r.Sides == nil {
			folded(b, "As bars", fenced(chart))
		}
	}
	list(bullet, d.remarks)
	list(func(i int) string { return strconv.Itoa(i+1) + ". " }, d.notes)
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

// folded puts lines of markdown behind a summary.
func folded(b *bytes.Buffer, summary, lines string) {
	fmt.Fprintf(b, "\n<details><summary>%s</summary>\n\n%s\n</details>\n", summary, lines)
}

func markdownTable(b *bytes.Buffer, t *table) error {
	var heading []string
	for _, f := range t.heading {
		heading = append(heading, f.name+" "+markdownText(f.text))
	}
	fmt.Fprintf(b, "\n**%s**\n\n", strings.Join(heading, ", "))

	head := make([]any, len(t.columns))
	align := make(tw.Alignment, len(t.columns))
	for i, c := range t.columns {
		head[i] = markdownText(strings.TrimSpace(c.name + " " + unitText(c)))
		align[i] = tw.AlignLeft
		if c.right {
			align[i] = tw.AlignRight
		}
	}
	w := tablewriter.NewTable(b,
		tablewriter.WithRenderer(renderer.NewMarkdown()),
		tablewriter.WithAlignment(align),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithHeaderAutoFormat(tw.Off))
	w.Header(head...)
	for n, r := range t.rows {
		line := make([]any, len(t.columns))
		for i, c := range r.cells {
			s := markdownText(c.text)
			if c.mark != "" {
				s = markdownText(c.mark) + " " + s
			}
			if c.bounds != "" {
				s += " " + c.bounds
			}
			line[i] = s + numbers(c.notes)
		}
		if err := w.Append(line...); err != nil {
			return fmt.Errorf("table row %d: %w", n+1, err)
		}
	}
	if err := w.Render(); err != nil {
		return fmt.Errorf("draw table: %w", err)
	}
	return nil
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
