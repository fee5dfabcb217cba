package reports

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"

	"zstdshop/harness/result"
)

// drawText is r in the table format.
func drawText(t *testing.T, r *result.Result, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, "table", r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestTextFits draws at every width of a terminal: no line is longer, and what
// is left out is said.
func TestTextFits(t *testing.T) {
	for _, name := range []string{"minimal", "matrix", "trouble", "cpuburn", "randmul", "sides"} {
		r := fixtures()[name]
		for width := 80; width <= 140; width++ {
			out := drawText(t, r, Options{Width: width})
			for line := range strings.Lines(out) {
				if w := displaywidth.String(strings.TrimSuffix(line, "\n")); w > width {
					t.Fatalf("%s at %d: a line of %d: %s", name, width, w, line)
				}
			}
		}
	}
	if out := drawText(t, matrixResult(), Options{}); strings.Contains(out, "no room") {
		t.Errorf("the default leaves columns out:\n%s", out)
	}
	out := drawText(t, matrixResult(), Options{Width: 80})
	if !strings.Contains(out, "(no room for speed-up, p99, peak RSS)") {
		t.Errorf("80 columns leave out other columns than these:\n%s", out)
	}
	if out := drawText(t, matrixResult(), Options{Width: 80, Wide: true}); strings.Contains(out, "no room") {
		t.Error("the wide view leaves columns out")
	}
}

// What was asked about is the last that a narrow table does without, and stands in it
// though it is of the wide view.
func TestAskedFiguresStay(t *testing.T) {
	for _, c := range []struct {
		goal, sort string
		out        string // columns left out at 80
		has        string // column, "" none to look for
	}{
		{"", "", "speed-up, p99, peak RSS", "ratio"},
		{"p99<1ms", "", "ratio, speed-up, peak RSS", "p99"},
		{"", "-peak RSS", "ratio, speed-up, p99", "peak RSS"},
		{"size,p50<1ms", "", "ratio, speed-up, p99, peak RSS", "p50"},
		{"size of a later program", "", "speed-up, p99, peak RSS", "ratio"},
	} {
		r := matrixResult()
		if c.goal != "" {
			r.Recommendations = []result.Advice{{For: c.goal, Scenario: "compress"}}
		}
		out := drawText(t, r, Options{Width: 80, View: View{Sort: c.sort}})
		_, left, _ := strings.Cut(out, "(no room for ")
		left, _, _ = strings.Cut(left, ")")
		heads, _, _ := strings.Cut(out, "─")
		if left != c.out || !strings.Contains(heads, " "+c.has) {
			t.Errorf("%q, sorted by %q: no room for %q, want %q, and a column %s:\n%s", c.goal, c.sort, left, c.out, c.has, heads)
		}
	}
}

func TestNarrow(t *testing.T) {
	grid := func() []gridColumn {
		var g []gridColumn
		for _, c := range []column{{name: "a"}, {name: "b", spare: 2}, {name: "c", spare: 1}, {name: "d", spare: 3}} {
			g = append(g, gridColumn{column: c, width: 10})
		}
		return g
	}
	for _, c := range []struct {
		width int
		left  []string
	}{
		{51, nil}, // 4*10 + 3*3 + 2
		{50, []string{"c"}},
		{38, []string{"c"}},
		{37, []string{"b", "c"}},
		{24, []string{"b", "c", "d"}},
		{1, []string{"b", "c", "d"}}, // a cannot be spared
	} {
		kept, left := narrow(grid(), c.width)
		if !slices.Equal(left, c.left) || len(kept)+len(left) != 4 {
			t.Errorf("at %d: %d kept, left %v, want %v", c.width, len(kept), left, c.left)
		}
	}
}

func TestTextIsASCII(t *testing.T) {
	for name, r := range fixtures() {
		for i, c := range []byte(drawText(t, r, Options{ASCII: true, Wide: true})) {
			if c != '\n' && (c < ' ' || c > '~') {
				t.Errorf("%s: byte %d is %#x", name, i, c)
				break
			}
		}
	}
}

var ansiCode = regexp.MustCompile("\x1b\\[[0-9]*m")

// TestTextColor sees colour only where asked for, and nothing else changed by
// it: widths are counted without the codes.
func TestTextColor(t *testing.T) {
	for name, r := range fixtures() {
		plain, colored := drawText(t, r, Options{}), drawText(t, r, Options{Color: true})
		if strings.Contains(plain, "\x1b") {
			t.Errorf("%s: an escape code without colour", name)
		}
		trim := regexp.MustCompile(` +(\n|$)`) // codes end after the spaces of a last cell
		if got := trim.ReplaceAllString(ansiCode.ReplaceAllString(colored, ""), "$1"); got != plain {
			t.Errorf("%s: colour changes more than colour:\n%s", name, got)
		}
		if name == "matrix" && !strings.Contains(colored, ansiGreen) || name == "trouble" && !strings.Contains(colored, ansiRed) {
			t.Errorf("%s: no colour", name)
		}
	}
}

// TestTextNames sees no name drawn as anything but itself.
func TestTextNames(t *testing.T) {
	out := drawText(t, nastyResult(), Options{Wide: true})
	for i, r := range out {
		if r != '\n' && visible(string(r)) != string(r) {
			t.Errorf("%U at byte %d", r, i)
		}
	}
	for _, name := range nastyNames {
		if want := strings.TrimSpace(visible(name)); !strings.Contains(out, want) {
			t.Errorf("%q does not occur as %s", name, want)
		}
	}
}

func TestPara(t *testing.T) {
	for _, c := range []struct {
		width             int
		label, text, want string
	}{
		{20, "", "short", "short\n"},
		{20, "a: ", "", "a:\n"},
		{10, "a: ", "one two three", "a: one two\n   three\n"},
		{9, "a: ", "one two three", "a: one\n   two\n   three\n"},
		{5, "", "averylongword b", "averylongword\nb\n"},
		{6, "", "日本 日本", "日本\n日本\n"},
		{9, "", "日本 日本", "日本 日本\n"},
	} {
		w := textWriter{b: new(bytes.Buffer), Options: Options{Width: c.width}, escape: visible}
		w.para(c.label, c.text)
		if got := w.b.String(); got != c.want {
			t.Errorf("para(%q, %q) at %d = %q, want %q", c.label, c.text, c.width, got, c.want)
		}
	}
}

func TestUnitText(t *testing.T) {
	for _, c := range []struct {
		column column
		want   string
	}{
		{column{}, ""},
		{column{better: result.Higher}, "↑"},
		{column{unit: "MiB", better: result.Lower}, "MiB ↓"},
		{column{unit: "%"}, "%"},
	} {
		if got := unitText(c.column); got != c.want {
			t.Errorf("unitText(%+v) = %q, want %q", c.column, got, c.want)
		}
	}
	if got := fmt.Sprint(numbers([]int{1, 12})); got != "1,12" {
		t.Errorf("numbers = %s", got)
	}
}
