package manpage

import "strings"

// page is the text of a page in roff, with the macros of man(7).
type page struct{ b strings.Builder }

// line writes one line of roff as it is.
func (p *page) line(text string) {
	p.b.WriteString(text)
	p.b.WriteByte('\n')
}

// macro writes a request with its arguments, which are plain text.
func (p *page) macro(name string, args ...string) {
	line := "." + name
	for _, arg := range args {
		line += ` "` + strings.ReplaceAll(escape(arg), `"`, `\(dq`) + `"`
	}
	p.line(line)
}

// text writes the paragraphs of a plain text. Lines that are indented stay as they are.
func (p *page) text(text string) {
	for i, paragraph := range strings.Split(strings.Trim(text, "\n"), "\n\n") {
		if i > 0 {
			p.line(".PP")
		}
		var kept []string
		for line := range strings.SplitSeq(paragraph, "\n") {
			if strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t") {
				kept = append(kept, line)
				continue
			}
			p.verbatim(kept)
			kept = nil
			p.line(escape(line))
		}
		p.verbatim(kept)
	}
}

// verbatim writes lines that are not filled, indented once.
func (p *page) verbatim(lines []string) {
	if len(lines) == 0 {
		return
	}
	p.line(".RS 4")
	p.line(".EX")
	for _, line := range lines {
		p.line(escape(strings.TrimSpace(line)))
	}
	p.line(".EE")
	p.line(".RE")
}

func bold(text string) string { return `\fB` + escape(text) + `\fR` }

// escapes are characters that roff reads in a way of its own, or sets as another one.
var escapes = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`)

// escape returns plain text as one line of roff.
func escape(text string) string {
	text = escapes.Replace(strings.ReplaceAll(text, "\n", " "))
	if strings.HasPrefix(text, ".") {
		return `\&` + text
	}
	return text
}
