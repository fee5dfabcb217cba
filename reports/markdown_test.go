package reports

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"zstdshop/harness"
)

func TestMarkdownText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain 1.5", "plain 1.5"},
		{"a|b", `a\|b`},
		{`a\|b`, `a\\\|b`},
		{`ends\`, `ends\\`},
		{"`code`", "\\`code\\`"},
		{"<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"},
		{"two\nlines", "two<br>lines"},
		{"cr\r\nlf", `cr\\r<br>lf`},
		{"*b* _i_ ~s~ [t](u) #1 $x$", `\*b\* \_i\_ \~s\~ \[t\](u) \#1 \$x\$`},
		{"@someone https://example.org", "&#64;someone https&#58;//example.org"},
		{"\x1b[31m\u202e", `\\x1b\[31m\\u202e`},
	} {
		if got := markdownText(c.in); got != c.want {
			t.Errorf("markdownText(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

// TestMarkdownTables sees that no name adds a row, a column or a tag.
func TestMarkdownTables(t *testing.T) {
	cells := func(line string) int {
		line = strings.ReplaceAll(line, `\\`, "")
		return strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") - 1
	}
	tag := regexp.MustCompile(`<[^>]*>`)
	for name, r := range fixtures() {
		var b bytes.Buffer
		if err := Write(&b, "markdown", r, Options{Wide: true}); err != nil {
			t.Fatal(err)
		}
		rows, columns := 0, 0
		for line := range strings.Lines(b.String()) {
			for _, found := range tag.FindAllString(line, -1) {
				if found != "<br>" {
					t.Errorf("%s: a tag %s: %s", name, found, line)
				}
			}
			switch n := cells(line); {
			case !strings.HasPrefix(line, "|"):
				columns = 0
			case columns == 0:
				columns = n
				rows -= 2 // header and rule are no rows
				fallthrough
			default:
				rows++
				if n != columns {
					t.Errorf("%s: a row of %d cells in a table of %d: %s", name, n, columns, line)
				}
			}
		}
		want := len(r.Cells)
		if harness.IsComparison(r) {
			want = 0
			for _, t := range newDocument(r, Options{Wide: true}).tables {
				want += len(t.rows)
			}
		}
		if rows != want {
			t.Errorf("%s: %d rows, want %d", name, rows, want)
		}
	}
}
