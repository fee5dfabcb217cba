package history

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// sparkWidth is how many of the newest runs the picture of a line shows.
const sparkWidth = 30

// WriteTable draws a line for each series, machine by machine, and below it where
// its level changed by what o asks for.
func WriteTable(w io.Writer, series []Series, o stats.ChangeOptions, ascii bool) error {
	for _, machine := range byMachine(series) {
		if err := writeMachine(w, machine, o, ascii); err != nil {
			return err
		}
	}
	return nil
}

func writeMachine(w io.Writer, series []Series, o stats.ChangeOptions, ascii bool) error {
	fmt.Fprintf(w, "machine %s, fingerprint %s, branch %s\n", printable(series[0].Host), printable(series[0].Machine), printable(cmp.Or(series[0].Branch, "not known")))
	symbols := tw.NewSymbols(tw.StyleLight)
	if ascii {
		symbols = tw.NewSymbols(tw.StyleASCII)
	}
	t := tablewriter.NewTable(w,
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Symbols: symbols, Borders: tw.BorderNone,
			Settings: tw.Settings{Separators: tw.Separators{BetweenRows: tw.Off}},
		})),
		tablewriter.WithAlignment(tw.Alignment{tw.AlignLeft, tw.AlignLeft, tw.AlignRight, tw.AlignLeft, tw.AlignRight, tw.AlignRight}),
		tablewriter.WithRowAutoWrap(tw.WrapNone), tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithEastAsian(false), tablewriter.WithHeaderAutoFormat(tw.Off))
	t.Header("cell", "metric", "runs", "course", "last", "to first")
	var changes, breaks []string
	for _, s := range series {
		parts := s.Parts()
		values := parts[len(parts)-1].Values()
		for _, b := range s.Breaks() {
			if line := b.describe(s); !slices.Contains(breaks, line) {
				breaks = append(breaks, line)
			}
		}
		last := values[len(values)-1]
		if err := t.Append(shortCell(s.Cell), s.Metric, strconv.Itoa(len(values)), Spark(values, sparkWidth, ascii), Draw(s.Metric, last), signed(last/values[0]-1)); err != nil {
			return fmt.Errorf("table: %w", err)
		}
		for _, c := range s.Changes(o) {
			changes = append(changes, "  "+c.describe(s))
		}
	}
	if err := t.Render(); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	if len(breaks) > 0 {
		fmt.Fprintf(w, "data or method changed, and no level is compared across that; the table is of the newest:\n%s\n", strings.Join(breaks, "\n"))
	}
	text := "levels changed:\n" + strings.Join(changes, "\n")
	if len(changes) == 0 {
		text = fmt.Sprintf("no level changed by %s or more", strings.TrimPrefix(signed(o.MinSize), "+"))
	}
	_, err := fmt.Fprintf(w, "%s\n\n", text)
	return err
}

// describe is a break on one line.
func (b Break) describe(s Series) string {
	what := "other data, or another sample of them,"
	switch {
	case b.Last.Data == b.First.Data:
		what = fmt.Sprintf("measured by method %s, no longer %s,", printable(b.First.Method), printable(b.Last.Method))
	case b.Last.Data == "" || b.First.Data == "":
		what = "data that are not known to be the same (an earlier program did not keep their digest)"
	}
	return fmt.Sprintf("  %s: %s from commit %s of %s", shortCell(s.Cell), what, short(b.First.Commit), b.First.when().Format("2006-01-02"))
}

// describe is a change point on one line.
func (c ChangePoint) describe(s Series) string {
	direction := "better"
	if c.Worse {
		direction = "worse"
	}
	return fmt.Sprintf("%s %s: %s (%s), %s to %s, after commit %s by %s of %s; p %.1g",
		shortCell(s.Cell), s.Metric, signed(c.Size()), direction, Draw(s.Metric, c.Before), Draw(s.Metric, c.After),
		short(c.Last.Commit), short(c.First.Commit), c.First.Started.Format("2006-01-02"), c.P)
}

// Draw writes a value of a metric with its unit.
func Draw(metric string, v float64) string {
	m := metricOf(metric)
	if m.Unit == result.Nanoseconds && m.V1 != 0 {
		v *= 1e3 // it is kept in microseconds
	}
	switch {
	case m.Unit == result.Nanoseconds && v >= 1e9:
		return significant(v/1e9, 4) + " s"
	case m.Unit == result.Nanoseconds && v >= 1e6:
		return significant(v/1e6, 4) + " ms"
	case m.Unit == result.Nanoseconds && v >= 1e3:
		return significant(v/1e3, 4) + " µs"
	case m.Unit == result.Nanoseconds:
		return significant(v, 4) + " ns"
	case m.Unit == result.Bytes:
		return strconv.FormatFloat(v/(1<<20), 'f', 1, 64) + " MiB"
	case m.Suffix != "":
		return strconv.FormatFloat(v, 'f', 3, 64) + m.Suffix
	}
	return significant(v, 3)
}

// significant writes a value with so many digits that count, and never with an exponent.
func significant(v float64, digits int) string {
	if v == 0 {
		return "0"
	}
	before := int(math.Floor(math.Log10(math.Abs(v)))) + 1
	text := strconv.FormatFloat(v, 'f', min(max(digits-before, 0), 9), 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// Spark draws the last width values as bars between their least and greatest.
func Spark(values []float64, width int, ascii bool) string {
	values = values[max(0, len(values)-width):]
	bars := []rune("▁▂▃▄▅▆▇█")
	if ascii {
		bars = []rune("_.-~=+*#")
	}
	lo, hi := slices.Min(values), slices.Max(values)
	var b strings.Builder
	for _, v := range values {
		n := len(bars) / 2
		if hi > lo {
			n = min(len(bars)-1, int(float64(len(bars))*(v-lo)/(hi-lo)))
		}
		b.WriteRune(bars[n])
	}
	return b.String()
}

func signed(share float64) string { return fmt.Sprintf("%+.1f %%", 100*share) }

func short(commit string) string {
	return printable(cmp.Or(commit[:min(len(commit), 12)], "unknown"))
}

// shortCell is a cell's name without the names of keys whose values say it all.
func shortCell(name string) string {
	for _, key := range []string{"scenario=", "corpus=", "codec=", "runner="} {
		name = strings.ReplaceAll(name, key, "")
	}
	return printable(name)
}

// printable replaces what a terminal would act on.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if strconv.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
}
