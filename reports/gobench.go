package reports

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/perf/benchfmt"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

// writeGobench writes the Go benchmark format, one line per cell and completed
// fork, so that benchstat's n is the number of forks: the slices of a fork are
// not independent of each other. Lines that begin with # are for people, and
// benchstat skips them.
//
// GOMAXPROCS is no -N suffix as with go test: there it is a condition, here it
// follows from the runner, and a suffix would keep benchstat from putting two
// runners beside each other. Where it was asked for it is the key gomaxprocs.
func writeGobench(b *bytes.Buffer, r *result.Result, _ Options) error {
	gobenchRemarks(b, r)
	w := benchfmt.NewWriter(b)
	for _, m := range gobenchUnits() {
		if err := w.Write(m); err != nil {
			return err
		}
	}
	config := gobenchConfig(r)
	for i := range r.Cells {
		c := &r.Cells[i]
		if c.Status != result.StatusOK {
			fmt.Fprintf(b, "# not measured: %s: %s\n", visible(c.Name), visible(statusText(c)))
			continue
		}
		name := gobenchName(c.Cell())
		for j := range c.Samples {
			values, tasks := gobenchValues(c, &c.Samples[j])
			if values == nil {
				continue
			}
			if err := w.Write(&benchfmt.Result{Config: config, Name: name, Iters: tasks, Values: values}); err != nil {
				return err
			}
		}
	}
	return nil
}

// gobenchRemarks says what is about the run, and would, as configuration, keep
// benchstat from comparing two of them.
func gobenchRemarks(b *bytes.Buffer, r *result.Result) {
	if result.IsComparison(r) {
		fmt.Fprintf(b, "# old: %s\n# new: %s\n", visible(sideText(r, analyze.CodeSideOld)), visible(sideText(r, analyze.CodeSideNew)))
		b.WriteString("# to see the sides beside each other: benchstat -col '/build@(old new)' FILE\n")
	} else {
		fmt.Fprintf(b, "# zstdshop %s, seed %d, cgo %s, libraries %s\n",
			visible(r.Build.Version), r.Plan.Seed, onOff(r.Build.CGO), visible(librariesText(r)))
		b.WriteString("# to compare files of two builds: benchstat -ignore commit,go OLD NEW\n")
	}
	if !r.Plan.Complete {
		b.WriteString("# the run is not complete: forks are missing\n")
	}
}

// gobenchConfig is the configuration lines. A value ends with its line and
// must not be empty, or it would delete the key.
func gobenchConfig(r *result.Result) []benchfmt.Config {
	var config []benchfmt.Config
	add := func(key, value string) {
		if value = strings.TrimSpace(visible(value)); value != "" {
			config = append(config, benchfmt.Config{Key: key, Value: []byte(value), File: true})
		}
	}
	add("goos", r.Build.OS)
	add("goarch", r.Build.Arch)
	add("pkg", "zstdshop")
	add("cpu", r.Machine.CPU)
	if result.IsComparison(r) {
		return config // each side has its own
	}
	add("go", r.Build.Go)
	if r.Build.Commit != "" {
		add("commit", commitText(r.Build))
	}
	return config
}

// gobenchUnits says which way the units that benchstat does not know get
// better. A ratio is the same in every fork; more cores busy are not better.
func gobenchUnits() []*benchfmt.UnitMetadata {
	unit := func(unit, key, value string) *benchfmt.UnitMetadata {
		return &benchfmt.UnitMetadata{UnitMetadataKey: benchfmt.UnitMetadataKey{Unit: unit, Key: key}, OrigUnit: unit, Value: value}
	}
	return []*benchfmt.UnitMetadata{
		unit("ratio", "better", "higher"),
		unit("ratio", "assume", "exact"),
		unit("p99-ns", "better", "lower"),
		unit("rss-B", "better", "lower"),
	}
}

// gobenchName is the name of a cell's lines: its keys, each value escaped, so
// that key and value can be had back from the parts between the slashes.
func gobenchName(c result.Cell) benchfmt.Name {
	var b strings.Builder
	b.WriteString("Zstd")
	for _, k := range c.Keys() {
		b.WriteString("/" + k.Name + "=" + percentEscape(k.Value))
	}
	return benchfmt.Name(b.String())
}

// percentEscape writes as %XX what would end a part of a benchmark's name or
// its line: slashes, equals signs, space of any kind, what does not print,
// what is no UTF-8, and the percent sign. A minus before digits at the end is
// escaped too, because at the end of a name it would be read as GOMAXPROCS.
// url.PathUnescape is the way back.
func percentEscape(s string) string {
	suffix := len(strings.TrimRight(s, "0123456789")) - 1
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		safe := unicode.IsPrint(r) && r != ' ' && !strings.ContainsRune("/=%", r) &&
			!(r == utf8.RuneError && n == 1) && !(r == '-' && i == suffix && i < len(s)-1)
		for _, c := range []byte(s[i : i+n]) {
			if safe {
				b.WriteByte(c)
			} else {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		}
		i += n
	}
	return b.String()
}

// gobenchValues is the figures of one fork and the tasks behind them; nil
// where the fork timed none. Bytes are those of the average task, as only
// tasks are counted per slice. CPU time includes what a slice left running
// behind it, as in the cell's own figure.
func gobenchValues(c *result.CellResult, f *result.Fork) (values []benchfmt.Value, tasks int) {
	if !evenColumns(f) {
		return nil, 0
	}
	var wall, cpu int64
	for i := range f.WallNS {
		tasks += f.Tasks[i]
		wall += f.WallNS[i]
		cpu += f.CPUNS[i] + f.IdleNS[i]
	}
	if tasks <= 0 || wall <= 0 {
		return nil, 0
	}
	add := func(v float64, unit string) {
		values = append(values, benchfmt.Value{Value: v, Unit: unit})
	}
	if c.NSPerOp != nil {
		ns := analyze.NSPerTask(*f)
		add(ns, "ns/op")
		if c.BytesIn > 0 && c.Items > 0 {
			bytesPerTask := float64(c.BytesIn) / float64(c.Items)
			add(bytesPerTask/ns*1e3, "MB/s")
		}
	}
	if c.Ratio != nil {
		add(*c.Ratio, "ratio")
	}
	add(float64(cpu)/float64(wall), "cores")
	if p99, ok := percentile(f.TaskNS, 0.99); ok {
		add(float64(p99), "p99-ns")
	}
	if f.TimedTasks > 0 {
		add(float64(f.AllocBytes)/float64(f.TimedTasks), "B/op")
		add(float64(f.Mallocs)/float64(f.TimedTasks), "allocs/op")
	}
	if f.PeakRSSBytes > 0 {
		add(float64(f.PeakRSSBytes), "rss-B")
	}
	return values, tasks
}

// percentile is the smallest value that at least the share p of all values
// does not exceed (nearest rank). counted is values and how often, ascending.
func percentile(counted [][2]int64, p float64) (int64, bool) {
	var n int64
	for _, v := range counted {
		n += v[1]
	}
	if n <= 0 {
		return 0, false
	}
	var seen int64
	for _, v := range counted {
		seen += v[1]
		if float64(seen) >= p*float64(n) {
			return v[0], true
		}
	}
	return counted[len(counted)-1][0], true
}
