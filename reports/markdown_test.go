package reports

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zstdshop/harness/result"
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
	folds := []string{"<details>", "</details>", "<summary>", "</summary>"}
	for name, r := range fixtures() {
		var b bytes.Buffer
		if err := Write(&b, "markdown", r, Options{Wide: true}); err != nil {
			t.Fatal(err)
		}
		rows, columns := 0, 0
		code := false // where markup is text
		for line := range strings.Lines(b.String()) {
			if strings.HasPrefix(line, "```") {
				code = !code
			}
			if code {
				continue
			}
			for _, found := range tag.FindAllString(line, -1) {
				if found != "<br>" && !slices.Contains(folds, found) {
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
		if r.Sides != nil {
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

// A chart has a line for each row, its longest bar is as wide as it may be, and no
// name ends its block.
func TestTextChart(t *testing.T) {
	r := levelsResult()
	d := newDocument(r, Options{})
	lines := strings.Split(strings.TrimSuffix(textChart(&d.tables[0], 2), "\n"), "\n")
	if len(lines) != 1+len(r.Cells) {
		t.Fatalf("%d lines for %d cells", len(lines), len(r.Cells))
	}
	longest := 0
	for _, line := range lines[1:] {
		bars := strings.FieldsFunc(line, func(r rune) bool { return r != '█' })
		if len(bars) == 0 || !strings.Contains(line, "1.90 ") {
			t.Errorf("no bar or no cores: %q", line)
			continue
		}
		longest = max(longest, len([]rune(bars[0])))
	}
	if longest != barWidth-1 && longest != barWidth { // the interval reaches further than the estimate
		t.Errorf("the longest bar is %d, want about %d", longest, barWidth)
	}
	for _, c := range []struct {
		value float64
		want  string
	}{{0, ""}, {-1, ""}, {1, strings.Repeat("█", barWidth)}, {9, strings.Repeat("█", barWidth-1) + "▸"}, {0.5, strings.Repeat("█", barWidth/2)}, {1.0 / 8 / barWidth, "▏"}} {
		if got := textBar(&result.Interval{Est: c.value}, 1); got != c.want {
			t.Errorf("bar of %v is %q, want %q", c.value, got, c.want)
		}
	}
	if got := fenced("a ``` b\n"); !strings.HasPrefix(got, "````text\n") || !strings.HasSuffix(got, "\n````\n") {
		t.Errorf("fenced: %q", got)
	}
}
