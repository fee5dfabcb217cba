// Package manpage writes manual pages of cobra commands, for `zstdshop man`. It
// takes a command's help as it is: paragraphs, indented lines, "Exit status:".
//
// cobra/doc does the same through a library for Markdown that allocates 214 KB
// before main, which every worker process would pay, and reads help as Markdown.
package manpage

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// section is that of commands which users run.
const section = "1"

// Edition is what the heading and the last line of each page say of the program.
type Edition struct {
	Version string
	Date    time.Time // zero: none is shown
}

// Name returns the name of a command's page, such as zstdshop-history-add.
func Name(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// File returns the name of a page's file.
func File(cmd *cobra.Command) string { return Name(cmd) + "." + section }

// Commands returns cmd and all commands below it that help shows, each before its own.
func Commands(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, sub := range shown(cmd) {
		all = append(all, Commands(sub)...)
	}
	return all
}

// Write writes the page of a command.
func Write(w io.Writer, cmd *cobra.Command, e Edition) error {
	cmd.InitDefaultHelpFlag()
	p := new(page)
	date := ""
	if !e.Date.IsZero() {
		date = e.Date.UTC().Format(time.DateOnly)
	}
	root := cmd.Root().Name()
	p.macro("TH", strings.ToUpper(Name(cmd)), section, date, root+" "+e.Version, root+" manual")
	p.line(".nh") // a name that is cut cannot be searched for
	p.line(".ad l")

	p.macro("SH", "NAME")
	p.line(escape(Name(cmd)) + ` \- ` + escape(cmd.Short))

	p.macro("SH", "SYNOPSIS")
	p.line(bold(cmd.CommandPath()) + escape(strings.TrimPrefix(cmd.UseLine(), cmd.CommandPath())))

	about, statuses := cutStatuses(cmd.Long)
	p.macro("SH", "DESCRIPTION")
	p.text(about)
	p.commands(cmd)
	p.options(cmd)
	p.statuses(statuses)
	if cmd.Example != "" {
		p.macro("SH", "EXAMPLES")
		p.verbatim(strings.Split(strings.Trim(cmd.Example, "\n"), "\n"))
	}
	p.seeAlso(cmd)
	_, err := io.WriteString(w, p.b.String())
	return err
}

// shown returns the commands right below one that its help lists.
func shown(cmd *cobra.Command) []*cobra.Command {
	var all []*cobra.Command
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			all = append(all, sub)
		}
	}
	return all
}

// statusesBegin is where a help text tells its exit statuses.
var statusesBegin = regexp.MustCompile(`\bExit status: `)

// cutStatuses takes the paragraph about exit statuses out of a help text.
func cutStatuses(long string) (about, statuses string) {
	at := statusesBegin.FindStringIndex(long)
	if at == nil {
		return long, ""
	}
	statuses, rest, _ := strings.Cut(long[at[1]:], "\n\n")
	return strings.TrimSpace(long[:at[0]] + rest), strings.Join(strings.Fields(statuses), " ")
}

// commands lists those below cmd.
func (p *page) commands(cmd *cobra.Command) {
	if len(shown(cmd)) == 0 {
		return
	}
	p.macro("SH", "COMMANDS")
	for _, sub := range shown(cmd) {
		p.line(".TP")
		p.line(reference(sub))
		p.line(escape(sub.Short))
	}
}

func (p *page) options(cmd *cobra.Command) {
	p.macro("SH", "OPTIONS")
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		head := bold("--" + f.Name)
		if f.Shorthand != "" {
			head = bold("-"+f.Shorthand) + ", " + head
		}
		if value != "" {
			head += ` \fI` + escape(value) + `\fR`
		}
		p.line(".TP")
		p.line(head)
		p.line(escape(usage + defaultOf(f)))
	})
}

// defaultOf returns a flag's default as help shows it.
func defaultOf(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "false", "0", "0s", "[]":
		return ""
	}
	if f.Value.Type() == "string" {
		return fmt.Sprintf(" (default %q)", f.DefValue)
	}
	return fmt.Sprintf(" (default %s)", f.DefValue)
}

// oneStatus is a status and when a command ends with it.
var oneStatus = regexp.MustCompile(`^(\d+) (.+)$`)

// statuses tells them one by one, then what is said after the list; or all as it is
// written where it is no list.
func (p *page) statuses(text string) {
	if text == "" {
		return
	}
	p.macro("SH", "EXIT STATUS")
	told, more, _ := strings.Cut(text, ". ")
	var list [][]string
	for part := range strings.SplitSeq(strings.TrimSuffix(told, "."), "; ") {
		one := oneStatus.FindStringSubmatch(part)
		if one == nil {
			p.line(escape(text))
			return
		}
		list = append(list, one)
	}
	for _, one := range list {
		p.line(".TP")
		p.line(bold(one[1]))
		p.line(escape(one[2]))
	}
	if more != "" {
		p.line(".PP")
		p.line(escape(more))
	}
}

// seeAlso names the pages of the commands above cmd.
func (p *page) seeAlso(cmd *cobra.Command) {
	var pages []string
	cmd.VisitParents(func(above *cobra.Command) { pages = append(pages, reference(above)) })
	if len(pages) > 0 {
		p.macro("SH", "SEE ALSO")
		p.line(strings.Join(pages, ", "))
	}
}

// reference is how pages name a page.
func reference(cmd *cobra.Command) string { return bold(Name(cmd)) + "(" + section + ")" }
