package reports

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/perf/benchfmt"

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
	for _, c := range cellsOf(r) {
		if c.Status != result.StatusOK {
			fmt.Fprintf(b, "# not measured: %s: %s\n", visible(c.Name), visible(statusText(c)))
			continue
		}
		config, name := gobenchConfig(r.HostOf(c.Cell), r.Sides != nil), gobenchName(c.Cell)
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
	if r.Sides != nil {
		fmt.Fprintf(b, "# old: %s\n# new: %s\n", visible(r.Sides.Old), visible(r.Sides.New))
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

// gobenchConfig is the configuration lines, of the machine where a cell was measured. A
// value ends with its line and must not be empty, or it would delete the key.
func gobenchConfig(h result.Host, sides bool) []benchfmt.Config {
	var config []benchfmt.Config
	add := func(key, value string) {
		if value = strings.TrimSpace(visible(value)); value != "" {
			config = append(config, benchfmt.Config{Key: key, Value: []byte(value), File: true})
		}
	}
	add("goos", h.Build.OS)
	add("goarch", h.Build.Arch)
	add("pkg", "zstdshop")
	add("cpu", h.Machine.CPU)
	if sides {
		return config // each side has its own
	}
	add("go", h.Build.Go)
	if h.Build.Commit != "" {
		add("commit", commitText(h.Build))
	}
	return config
}

// gobenchOrder is the units of a line as they have always stood; younger ones follow.
var gobenchOrder = []string{"ns/op", "MB/s", "ratio", "cores", "p99-ns", "B/op", "allocs/op", "rss-B"}

// gobenchKnown are the units that benchstat knows.
var gobenchKnown = []string{"ns/op", "MB/s", "B/op", "allocs/op"}

// gobenchMetrics are those that a line has, in its order.
func gobenchMetrics() []result.Metric {
	all := slices.DeleteFunc(result.Metrics(), func(m result.Metric) bool { return m.Bench == "" })
	slices.SortStableFunc(all, func(a, b result.Metric) int { return placeIn(gobenchOrder, a.Bench) - placeIn(gobenchOrder, b.Bench) })
	return all
}

// gobenchUnits says which way the units that benchstat does not know get
// better. What is exact is the same in every fork; more cores busy are not better.
func gobenchUnits() []*benchfmt.UnitMetadata {
	var units []*benchfmt.UnitMetadata
	add := func(unit, key, value string) {
		units = append(units, &benchfmt.UnitMetadata{UnitMetadataKey: benchfmt.UnitMetadataKey{Unit: unit, Key: key}, OrigUnit: unit, Value: value})
	}
	for _, m := range gobenchMetrics() {
		if slices.Contains(gobenchKnown, m.Bench) || m.Better == result.Neither {
			continue
		}
		better := "lower"
		if m.Better == result.Higher {
			better = "higher"
		}
		add(m.Bench, "better", better)
		if m.Compare == result.Exactly {
			add(m.Bench, "assume", "exact")
		}
	}
	return units
}

// gobenchName is the name of a cell's lines: its keys, each value escaped, so
// that key and value can be had back from the parts between the slashes.
func gobenchName(c result.Cell) benchfmt.Name {
	name := "Zstd"
	for _, k := range result.Keys() {
		if text := k.Text(c); text != "" {
			name += "/" + k.Name + "=" + percentEscape(text)
		}
	}
	return benchfmt.Name(name)
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
	for _, n := range f.Tasks {
		tasks += n
	}
	if f.NSPerTask() <= 0 {
		return nil, 0
	}
	for _, m := range gobenchMetrics() {
		if v, ok := m.OfFork(c, f); ok {
			values = append(values, benchfmt.Value{Value: v, Unit: m.Bench})
		}
	}
	return values, tasks
}
