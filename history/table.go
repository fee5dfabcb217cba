package history

import (
	"cmp"
	"fmt"
	"io"
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
	fmt.Fprintf(w, "machine %s, fingerprint %s\n", printable(series[0].Host), printable(series[0].Machine))
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
	var changes []string
	for _, s := range series {
		values := s.Values()
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
	text := "levels changed:\n" + strings.Join(changes, "\n")
	if len(changes) == 0 {
		text = fmt.Sprintf("no level changed by %s or more", strings.TrimPrefix(signed(o.MinSize), "+"))
	}
	_, err := fmt.Fprintf(w, "%s\n\n", text)
	return err
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
	digits := func(v float64, format byte, digits int, unit string) string {
		return strconv.FormatFloat(v, format, digits, 64) + unit
	}
	switch {
	case m.Unit == result.Nanoseconds && m.V1 != 0:
		return digits(v, 'g', 3, " µs")
	case m.Unit == result.Nanoseconds && v >= 1e6:
		return digits(v/1e6, 'g', 4, " ms")
	case m.Unit == result.Nanoseconds && v >= 1e3:
		return digits(v/1e3, 'g', 4, " µs")
	case m.Unit == result.Nanoseconds:
		return digits(v, 'g', 4, " ns")
	case m.Unit == result.Bytes:
		return digits(v/(1<<20), 'f', 1, " MiB")
	case m.Suffix != "":
		return digits(v, 'f', 3, m.Suffix)
	}
	return digits(v, 'g', 3, "")
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
