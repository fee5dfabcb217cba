package reports

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"zstdshop/codecs"
	"zstdshop/codecs/klauspost"
	"zstdshop/harness/result"
	"zstdshop/internal/browsertest"
)

const runs = "../docs/runs"

// recorded are the blocks of pages that come from a recorded run: behind a comment
// with the run's name stands what report makes of it. docs/runs/remake.sh makes them
// again.
var recorded = []struct {
	page, run string
	of        func(t *testing.T, r *result.Result) string
}{
	{"../README.md", "level3.json.zst", func(t *testing.T, r *result.Result) string {
		above, _, _ := strings.Cut(tableOf(t, r), "\nmachine: ")
		return "$ ./zstdshop " + asked(r) + "\n" + above + "...\n"
	}},
	{"../docs/table.md", "default.json.zst", func(t *testing.T, r *result.Result) string { return "$ zstdshop " + asked(r) + "\n" + tableOf(t, r) }},
	{"../docs/models.md", "gil.json.zst", wordsOf},
	{"../docs/models.md", "switch.json.zst", switchOf},
	{"../docs/models.md", "switch-python.json.zst", switchOf},
	{"../docs/codecs.md", "codecs-dickens.json.zst", figuresOf},
	{"../docs/codecs.md", "codecs-osdb.json.zst", figuresOf},
	{"../docs/codecs.md", "codecs-xml.json.zst", figuresOf},
	{"../docs/reports.md", "gil.json.zst", func(t *testing.T, r *result.Result) string {
		return pivotOf(t, r, Options{View: View{Rows: []string{"codec", "runner"}, Cols: []string{"block"}, Columns: []string{"cores"}}})
	}},
}

func tableOf(t *testing.T, r *result.Result) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, "table", r, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// figuresOf are the tables of a run behind its command, without what is said of them.
func figuresOf(t *testing.T, r *result.Result) string {
	_, tables, _ := strings.Cut(tableOf(t, r), "\n\n")
	tables, _, _ = strings.Cut(tables, "\n↑")
	return "$ zstdshop " + asked(r) + "\n" + strings.TrimSuffix(tables, "\n") + "\n"
}

// asked is the command of a run, without the file that it exported.
func asked(r *result.Result) string {
	words, _, _ := strings.Cut(strings.Join(r.Plan.Args, " "), " --export ")
	return words
}

// pivotOf is the first table of a view.
func pivotOf(t *testing.T, r *result.Result, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, "table", r, o); err != nil {
		t.Fatal(err)
	}
	_, tables, _ := strings.Cut(b.String(), "\n\n")
	first, _, _ := strings.Cut(tables, "\n\n")
	return first + "\n"
}

// switchOf is what the preset of that name shows, behind the command.
func switchOf(t *testing.T, r *result.Result) string {
	return "$ zstdshop " + asked(r) + "\n" + pivotOf(t, r, Options{Wide: true, View: View{
		Rows: []string{"language", "runner"}, Cols: []string{"scenario", "codec", "level", "corpus", "block", "iters"}, Columns: []string{"speed-up"}}})
}

// wordsOf is the lines in words under the tables.
func wordsOf(t *testing.T, r *result.Result) string {
	var out []string
	in := false
	for _, line := range strings.Split(tableOf(t, r), "\n") {
		in = strings.HasPrefix(line, "- ") || in && line != ""
		if in {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

func readRun(t *testing.T, name string) *result.Result {
	t.Helper()
	f, err := os.Open(filepath.Join(runs, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := klauspost.New().(codecs.Streamer).NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	r, err := read(content)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The tables that pages show are those of the runs they name.
func TestRecordedRuns(t *testing.T) {
	for _, c := range recorded {
		data, err := os.ReadFile(c.page)
		if err != nil {
			t.Fatal(err)
		}
		before, rest, ok := strings.Cut(string(data), "<!-- docs/runs/"+c.run+" -->\n```\n")
		if !ok {
			t.Errorf("%s names no run %s before a block", c.page, c.run)
			continue
		}
		shown, after, _ := strings.Cut(rest, "```\n")
		want := c.of(t, readRun(t, c.run))
		if shown == want {
			continue
		}
		if !*update {
			t.Errorf("%s does not show docs/runs/%s: run docs/runs/remake.sh", c.page, c.run)
			continue
		}
		page := before + "<!-- docs/runs/" + c.run + " -->\n```\n" + want + "```\n" + after
		if err := os.WriteFile(c.page, []byte(page), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// A terminal of 80 columns and 24 rows shows the answers and the table, or where there are
// several sets of cells the first rows of it, whether or not there is a winner.
func TestFirstScreen(t *testing.T) {
	for run, least := range map[string]int{"level3.json.zst": 6, "default.json.zst": 6, "levels.json.zst": 6} {
		var b bytes.Buffer
		if err := Write(&b, "table", readRun(t, run), Options{Width: 80}); err != nil {
			t.Fatal(err)
		}
		screen := strings.SplitAfterN(b.String(), "\n", 25)
		if rows := strings.Count(strings.Join(screen[:24], ""), "\n klauspost ") + strings.Count(strings.Join(screen[:24], ""), "\n datadog "); rows < least {
			t.Errorf("%s: %d rows of the table, want %d:\n%s", run, rows, least, strings.Join(screen[:24], ""))
		}
	}
}

// The ratio that README.md names for a verdict is that of its run.
func TestRecordedVerdict(t *testing.T) {
	page, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	r := readRun(t, "level3.json.zst")
	for _, c := range r.Comparisons {
		if !strings.Contains(c.Old, "codec=datadog/level=3/runner=pool/") || !strings.Contains(c.New, "codec=datadog/level=3/runner=gomaxprocs1/") {
			continue
		}
		ratio := c.TimeRatio
		want := fmt.Sprintf("%.2f (%.2f to %.2f)", ratio.Est, *ratio.Lo, *ratio.Hi)
		if c.Verdict != result.VerdictSlower || !strings.Contains(strings.Join(strings.Fields(string(page)), " "), want) {
			t.Errorf("the verdict is %s, with a ratio of times of %s; README.md says otherwise", c.Verdict, want)
		}
		return
	}
	t.Error("level3.json compares datadog in a pool with no other")
}

// TestReportScreens makes the pictures of the report of the recorded run, when told
// to.
func TestReportScreens(t *testing.T) {
	if !*screens {
		t.Skip("only with -screens")
	}
	ctx := browsertest.New(t)
	for _, c := range []struct {
		name, run, scheme string
		width, height     int64
		from              string // the id of what is at the top
	}{
		{"report-light", "default.json.zst", "light", 1400, 1100, ""},
		{"report-dark", "default.json.zst", "dark", 1400, 1000, "verdicts"},
		{"report-phone", "default.json.zst", "light", 400, 1600, ""},
		{"report-phone-dark", "default.json.zst", "dark", 400, 1600, "table-c0"},
		{"report-levels", "levels.json.zst", "light", 1400, 800, "fronts"},
	} {
		b := browsertest.NewTab(t, ctx)
		b.Width(c.width)
		b.Prefers(c.scheme)
		b.Do(chromedp.Navigate(onDisk(t, readRun(t, c.run))))
		if err := os.WriteFile(filepath.Join("..", "docs", "screens", c.name+".png"), b.Screenshot(c.width, c.height, c.from), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
