package manpage

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// tree is a program with all that a page shows.
func tree() *cobra.Command {
	root := &cobra.Command{Use: "shop", Short: "sells", Run: run}
	add := &cobra.Command{
		Use:   "add [FILE]",
		Short: "adds",
		Long: `Adds a file:

  'quoted' \ and ^~
.profile is no macro. Exit status: 0 done; 2 wrong
usage. More of it.`,
		Example: "  shop add x\n  shop add -",
		Run:     run,
	}
	add.Flags().StringP("export", "e", "all", "also write `FILE`")
	add.Flags().Int("count", 0, "how many")
	add.Flags().Int("secret", 0, "")
	add.Flags().MarkHidden("secret")
	group := &cobra.Command{Use: "stock", Short: "of stock", Run: run}
	group.AddCommand(add)
	root.AddCommand(group, &cobra.Command{Use: "inner", Hidden: true, Run: run})
	return root
}

func run(*cobra.Command, []string) {}

func TestPage(t *testing.T) {
	const want = `.TH "SHOP\-STOCK\-ADD" "1" "2026\-01\-02" "shop v1" "shop manual"
.nh
.ad l
.SH "NAME"
shop\-stock\-add \- adds
.SH "SYNOPSIS"
\fBshop stock add\fR [FILE] [flags]
.SH "DESCRIPTION"
Adds a file:
.PP
.RS 4
.EX
\(aqquoted\(aq \e and \(ha\(ti
.EE
.RE
\&.profile is no macro.
.SH "OPTIONS"
.TP
\fB\-\-count\fR \fIint\fR
how many
.TP
\fB\-e\fR, \fB\-\-export\fR \fIFILE\fR
also write FILE (default "all")
.TP
\fB\-h\fR, \fB\-\-help\fR
help for add
.SH "EXIT STATUS"
.TP
\fB0\fR
done
.TP
\fB2\fR
wrong usage
.PP
More of it.
.SH "EXAMPLES"
.RS 4
.EX
shop add x
shop add \-
.EE
.RE
.SH "SEE ALSO"
\fBshop\-stock\fR(1), \fBshop\fR(1)
`
	add, _, err := tree().Find([]string{"stock", "add"})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	if err := Write(&got, add, Edition{"v1", time.Date(2026, 1, 1, 23, 30, 0, 0, time.FixedZone("", -3600))}); err != nil {
		t.Fatal(err)
	}
	if got.String() != want {
		t.Errorf("the page is\n%s\nwant\n%s", got.String(), want)
	}
}

func TestCommands(t *testing.T) {
	var files []string
	for _, c := range Commands(tree()) {
		files = append(files, File(c))
	}
	if got, want := strings.Join(files, " "), "shop.1 shop-stock.1 shop-stock-add.1"; got != want {
		t.Errorf("pages are %s, want %s", got, want)
	}
	var page strings.Builder
	if err := Write(&page, tree(), Edition{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		".SH \"COMMANDS\"\n.TP\n\\fBshop\\-stock\\fR(1)\nof stock\n.SH",
		`.TH "SHOP" "1" "" "shop " "shop manual"`,
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("no %q in\n%s", want, page.String())
		}
	}
}

func TestStatuses(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"0 done; 130 interrupted.", ".SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\ndone\n.TP\n\\fB130\\fR\ninterrupted\n"},
		{"that of the program.", ".SH \"EXIT STATUS\"\nthat of the program.\n"},
	} {
		var p page
		p.statuses(test.text)
		if got := p.b.String(); got != test.want {
			t.Errorf("statuses(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}
