package reports

import (
	"bytes"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchproc"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// parsed is r in the benchmark format, read back.
func parsed(t *testing.T, r *result.Result) (results []*benchfmt.Result, units benchfmt.UnitMetadataMap) {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, "gobench", r, Options{}); err != nil {
		t.Fatal(err)
	}
	reader := benchfmt.NewReader(&b, "test")
	for reader.Scan() {
		switch record := reader.Result().(type) {
		case *benchfmt.Result:
			results = append(results, record.Clone())
		case *benchfmt.SyntaxError:
			t.Error(record)
		}
	}
	if err := reader.Err(); err != nil {
		t.Fatal(err)
	}
	return results, reader.Units()
}

// TestGobenchMedians has benchstat's own packages group the lines and find the
// medians, and compares them with those over the forks of the record.
func TestGobenchMedians(t *testing.T) {
	r := matrixResult()
	var parser benchproc.ProjectionParser
	byCell, err := parser.Parse("/codec,/level,/runner", nil)
	if err != nil {
		t.Fatal(err)
	}
	values := make(map[string][]float64)
	results, _ := parsed(t, r)
	for _, res := range results {
		key := byCell.Project(res).String()
		for _, v := range res.Values {
			values[key+" "+v.Unit] = append(values[key+" "+v.Unit], v.Value)
		}
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		key := fmt.Sprintf("/codec:%s /level:%d /runner:%s ", c.Codec, c.Level, c.Runner)
		if c.Level == 0 {
			key = fmt.Sprintf("/codec:%s /runner:%s ", c.Codec, c.Runner)
		}
		var ns, mbs, cores, p99 []float64
		for _, f := range c.Samples {
			var wall, cpu, tasks float64
			for s := range f.Tasks {
				wall, cpu, tasks = wall+float64(f.WallNS[s]), cpu+float64(f.CPUNS[s]+f.IdleNS[s]), tasks+float64(f.Tasks[s])
			}
			ns, mbs, cores = append(ns, wall/tasks), append(mbs, 65536*tasks/wall*1e3), append(cores, cpu/wall)
			p99 = append(p99, float64(f.TaskNS[1][0]))
		}
		for unit, want := range map[string]float64{
			"sec/op": stats.Median(ns) / 1e9, "B/s": stats.Median(mbs) * 1e6, "ratio": *c.Ratio, "cores": stats.Median(cores), "p99-sec": stats.Median(p99) / 1e9,
			"B/op": 12.5, "allocs/op": 0.25, "rss-B": 12_345_678,
		} {
			got := values[key+unit]
			if len(got) != c.Forks {
				t.Errorf("%s%s: %d values for %d forks", key, unit, len(got), c.Forks)
				continue
			}
			sample := benchmath.NewSample(slices.Clone(got), &benchmath.DefaultThresholds)
			center := benchmath.AssumeNothing.Summary(sample, 0.95).Center
			if math.Abs(center/want-1) > 1e-12 {
				t.Errorf("%s%s: median is %v, want %v", key, unit, center, want)
			}
		}
	}
}

// TestGobenchNames reads every key of every cell back from the names of the
// lines, whatever users called their files.
func TestGobenchNames(t *testing.T) {
	for name, r := range fixtures() {
		results, _ := parsed(t, r)
		var want []string
		for i := range r.Cells {
			for range r.Cells[i].Samples {
				if c := &r.Cells[i]; c.Status == result.StatusOK {
					want = append(want, fmt.Sprintf("%q", pairs(c.Cell)))
				}
			}
		}
		if len(results) != len(want) {
			t.Errorf("%s: %d lines, want %d", name, len(results), len(want))
			continue
		}
		for i, res := range results {
			base, parts := res.Name.Parts()
			if string(base) != "Zstd" {
				t.Errorf("%s: line %d is a benchmark of %q", name, i, base)
			}
			var keys [][2]string
			for _, part := range parts {
				key, escaped, ok := strings.Cut(strings.TrimPrefix(string(part), "/"), "=")
				value, err := url.PathUnescape(escaped)
				if !ok || err != nil {
					t.Errorf("%s: part %q: %v", name, part, err)
				}
				keys = append(keys, [2]string{key, value})
			}
			if got := fmt.Sprintf("%q", keys); got != want[i] {
				t.Errorf("%s: line %d: keys are %s, want %s", name, i, got, want[i])
			}
		}
	}
}

// pairs are the keys that stand in a cell's name.
func pairs(c result.Cell) (all [][2]string) {
	for _, k := range result.Keys() {
		if text := k.Text(c); text != "" {
			all = append(all, [2]string{k.Name, text})
		}
	}
	return all
}

func TestPercentEscape(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"logs", "logs"},
		{"a/b", "a%2Fb"},
		{"a=b", "a%3Db"},
		{"a b\tc\nd", "a%20b%09c%0Ad"},
		{"100%", "100%25"},
		{"%2F", "%252F"},
		{"0-1", "0%2D1"}, // at the end of a name this would be GOMAXPROCS=1
		{"-1", "%2D1"},
		{"1-2-34", "1-2%2D34"},
		{"a-b", "a-b"},
		{"a-", "a-"},
		{"12", "12"},
		{"日本", "日本"},
		{"no\u00a0break\u2028", "no%C2%A0break%E2%80%A8"},
		{"\x00\x7f\u202e", "%00%7F%E2%80%AE"},
		{"\xff", "%FF"},
		{"\ufffd", "\ufffd"},
	} {
		got := percentEscape(c.in)
		if got != c.want {
			t.Errorf("percentEscape(%q) = %q, want %q", c.in, got, c.want)
		}
		if back, err := url.PathUnescape(got); back != c.in || err != nil {
			t.Errorf("%q comes back as %q, %v", c.in, back, err)
		}
	}
}

func TestGobenchConfig(t *testing.T) {
	results, units := parsed(t, nastyResult())
	for key, want := range map[string]string{
		"goos": "linux", "goarch": "amd64", "pkg": "zstdshop", "go": "go1.26.0", "commit": "0123456789ab",
		"cpu": `CPU\nBenchmarkFake 1 1 ns/op \x1b[2J\u202e`,
	} {
		for _, res := range results {
			if got := res.GetConfig(key); got != want {
				t.Errorf("%s is %q, want %q", key, got, want)
				break
			}
		}
	}
	for unit, want := range map[string]int{"ratio": 1, "p99-sec": -1, "rss-B": -1, "cores": 0} {
		if got := units.GetBetter(unit); got != want {
			t.Errorf("%s gets better by %d, want %d", unit, got, want)
		}
	}
	if got := units.GetAssumption("ratio"); got != benchmath.AssumeExact {
		t.Errorf("ratio is assumed %v", got)
	}
}

// TestGobenchForks sees no line for what has no figures, and none of a speed
// where there is none.
func TestGobenchForks(t *testing.T) {
	r := randmulResult()
	r.Cells[0].Samples = append(r.Cells[0].Samples, result.Fork{Fork: 8}) // without a slice
	results, _ := parsed(t, r)
	if len(results) != 2*forks {
		t.Errorf("%d lines, want %d", len(results), 2*forks)
	}
	for _, res := range results {
		if _, ok := res.Value("sec/op"); ok {
			t.Errorf("%s has a speed", res.Name)
		}
		if _, ok := res.Value("cores"); !ok {
			t.Errorf("%s has no cores", res.Name)
		}
		if res.Iters != 32 {
			t.Errorf("%s: %d iterations, want 32", res.Name, res.Iters)
		}
	}
	if results, _ := parsed(t, troubleResult()); len(results) != 1 {
		t.Errorf("%d lines of a run with one measured fork", len(results))
	}
}
