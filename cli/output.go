package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"zstdshop/harness"
	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
	"zstdshop/reports"
)

// output is the flags that say how a result is shown and where it is kept.
type output struct {
	format    string
	exports   []string
	colors    string
	wide      bool
	bars      bool
	ascii     bool
	view      reports.View
	filter    string
	goals     []analyze.Goal
	questions questions
	// preset is the name of one whose view is shown where no other is asked for; "" none.
	preset string
	// whole is set where exports hold all of the result, whatever is shown of it.
	whole bool
}

// shownBy are the flags that say how a result is shown, which --resume takes, too.
var shownBy = []string{"format", "export", "color", "wide", "ascii"}

// formatOf returns the format that a file gets by its ending, before that of compressed
// files; "" for one that is unknown.
func formatOf(path string) string {
	return extensions[strings.ToLower(filepath.Ext(unpackedName(path)))]
}

// isResult reports whether a file is a saved result, by its name.
func isResult(path string) bool { return formatOf(path) == "json" }

// extensions maps the endings of files to formats.
var extensions = map[string]string{".md": "markdown", ".markdown": "markdown", ".json": "json", ".csv": "csv", ".txt": "gobench", ".html": "html", ".htm": "html"}

func (o *output) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	o.format = "table"
	choice(cmd, &o.format, "format", "format", "name", strings.Join(reports.Formats(), ", "), reports.Formats()...)
	f.StringArrayVar(&o.exports, "export", nil, "also write `FILE`, by its ending: .md .html .json .csv, .txt for Go benchmark lines; .json.zst and the like are compressed; may be repeated")
	f.BoolVar(&o.wide, "wide", false, "every column")
	f.BoolVar(&o.ascii, "ascii", false, "nothing outside ASCII in tables")
	colorFlag(cmd, &o.colors)
	cmd.MarkFlagFilename("export", "md", "html", "json", "csv", "txt", "zst")
}

func colorFlag(cmd *cobra.Command, colors *string) {
	*colors = "auto"
	choice(cmd, colors, "color", "choice", "when", "auto, always or never (NO_COLOR is honoured)", "auto", "always", "never")
}

// viewFlags adds the flags that say which part of the tables is shown, and how.
func (o *output) viewFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&o.bars, "bars", false, "figures as bars, too, under each table")
	f.StringSliceVar(&o.view.Columns, "columns", nil, "the figures to show, in this order: `name`,.. of "+strings.Join(reports.Figures(), ", "))
	goal := func(text string) (analyze.Goal, error) {
		g, err := analyze.ParseGoal(text)
		if err == nil {
			o.goals = append(o.goals, g)
		}
		return g, err
	}
	f.Var(&setting[analyze.Goal]{new(analyze.Goal), "goal", "", goal}, "recommend", "say which codec, level, runner and workers to take for size, speed, balanced, or what is bounded: 'decompress>=500MB/s,ratio>=3,p99<1ms'; may be repeated")
	f.StringVar(&o.view.Sort, "sort", "", "order the rows by a `figure` or key, -figure from the largest")
	f.StringSliceVar(&o.view.Rows, "row", nil, "a table of fewer, larger rows: the `key`,.. that go down")
	f.StringSliceVar(&o.view.Cols, "col", nil, "and the `key`,.. that go across; --columns says of which figure")
	f.StringArrayVar((*[]string)(&o.questions), "question", nil, "how many times as fast one cell is as another: 'klauspost@3/pool vs datadog@3/pool', each side keys that no other cell has; may be repeated")
	suggest(cmd, "question")
	suggest(cmd, "recommend", "size", "speed", "balanced", "compress>=", "decompress>=", "ratio>=", "p99<", "memory<")
	suggest(cmd, "columns", reports.Figures()...)
	suggest(cmd, "sort", append(reports.Figures(), reports.Keys()...)...)
	suggest(cmd, "row", reports.Keys()...)
	suggest(cmd, "col", reports.Keys()...)
}

// filterFlag adds the flag that leaves cells out.
func (o *output) filterFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.filter, "filter", "", "only the cells that match an `expression` of benchstat's language: 'codec:klauspost runner:(single OR pool) -level:19'")
}

// check finds views that do not exist and files that could not be written, before
// anything is measured.
func (o *output) check(reg *harness.Registry) error {
	if err := checkView(o.view); err != nil {
		return err
	}
	for _, path := range o.exports {
		err := writable(path)
		if formatOf(path) == "" && !errors.Is(err, errFolder) {
			err = errors.New("the ending says the format: use .md, .html, .json, .csv or .txt, or these with .zst behind")
		}
		if err == nil && isPacked(path) && reg.Streams(packedFormat) == nil {
			err = errNoPacker
		}
		if err != nil {
			return fmt.Errorf("--export %q: %w", path, err)
		}
	}
	return nil
}

// checkView names the flag of what a view has that is not known.
func checkView(v reports.View) error {
	for _, part := range []struct {
		flags string
		view  reports.View
	}{
		{"--columns", reports.View{Columns: v.Columns}},
		{"--sort", reports.View{Sort: v.Sort}},
		{"--row", reports.View{Rows: v.Rows}},
		{"--col", reports.View{Cols: v.Cols}},
		{"--row and --col", v},
	} {
		if err := part.view.Check(); err != nil {
			return fmt.Errorf("%s: %w", part.flags, err)
		}
	}
	return nil
}

// looksAtCells reports whether anything is asked that only a result of bench has.
func (o *output) looksAtCells() bool {
	v := o.view
	return o.filter != "" || len(o.goals) > 0 || len(o.questions) > 0 || v.Columns != nil || v.Sort != "" || v.Rows != nil || v.Cols != nil
}

// canRecommend tells, before anything is measured, whether the cells can answer what
// is asked with --recommend.
func (o *output) canRecommend(reg *harness.Registry, cells []result.Cell) error {
	for _, g := range o.goals {
		for _, want := range g.Scenarios() {
			if slices.ContainsFunc(cells, func(c result.Cell) bool { return c.Scenario == want }) {
				continue
			}
			_, err := reg.Scenario(want)
			if err == nil {
				err = fmt.Errorf("%s is not measured: add --scenario %s", want, want)
			}
			return fmt.Errorf("--recommend %q: %w", g.Text, err)
		}
		b, of := g.OfStreams()
		if of && !slices.ContainsFunc(cells, func(c result.Cell) bool { return c.Stream > 0 }) {
			return fmt.Errorf("--recommend %q: %s is of streams, and none is measured: add --scenario %s",
				g.Text, b.Text, strings.Join(streaming(reg), " or "))
		}
		if err := analyze.CanRecommend(cells, reg, g); err != nil {
			return fmt.Errorf("--recommend %q: %w", g.Text, err)
		}
	}
	return nil
}

// streaming are the scenarios whose items are streams.
func streaming(reg *harness.Registry) []string {
	return slices.DeleteFunc(slices.Clone(reg.Scenarios()), func(name string) bool {
		_, _, info := reg.Infos("", "", name)
		return info.Stream == 0
	})
}

// writesJSON reports whether any of the outputs is the saved form.
func (o *output) writesJSON() bool {
	return o.format == "json" || slices.ContainsFunc(o.exports, isResult)
}

// writeJSON writes v for programs, and so that people can read it.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// paint reports whether w gets colour.
func paint(colors string, getenv func(string) string, w io.Writer) bool {
	switch {
	case colors == "always":
		return true
	case colors == "never" || getenv("NO_COLOR") != "" || getenv("TERM") == "dumb":
		return false
	}
	return isTerminal(w)
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, isFile := stream.(*os.File)
	return isFile && term.IsTerminal(int(f.Fd()))
}

// columns is the width of w where it is a terminal that tells; else 0.
func columns(w io.Writer) int {
	width := 0
	if f, isFile := w.(*os.File); isFile {
		width, _, _ = term.GetSize(int(f.Fd())) // 0 with an error
	}
	return width
}

// write answers what is asked of r and shows it; where something cannot be answered
// it writes nothing.
func (o *output) write(a *app, r *result.Result) error {
	shown, err := o.ask(a, r)
	if err != nil {
		return err
	}
	return o.show(a, r, shown)
}

// writeMeasured shows what was just measured, whatever cannot be answered of it: the error
// that says so comes after the tables.
func (o *output) writeMeasured(a *app, r *result.Result) error {
	shown, err := o.ask(a, r)
	return errors.Join(o.show(a, r, shown), err)
}

// ask puts the answers to what is asked into r, and returns that part of it which is to be
// shown. With an error, which joins those of all that could not be answered, that is r with
// the answers that there are.
func (o *output) ask(a *app, r *result.Result) (*result.Result, error) {
	if r.Sides != nil && o.looksAtCells() {
		return r, errors.New("this result holds two sides against each other: --filter, --columns, --sort, --row, --col, --recommend and --question are for results of bench")
	}
	shown := r
	if o.filter != "" {
		some, err := reports.Select(r, o.filter)
		if err != nil {
			return r, fmt.Errorf("--filter %q: %w", o.filter, err)
		}
		shown = some
	}
	var errs []error
	if len(o.goals) > 0 {
		var advice []result.Advice
		for _, g := range o.goals {
			some, err := reports.Advise(shown, g)
			if err != nil {
				errs = append(errs, fmt.Errorf("--recommend: %w", err))
			}
			advice = append(advice, some...)
		}
		r.Recommendations, shown.Recommendations = advice, advice
	}
	if len(o.questions) > 0 {
		answers, err := o.questions.answers(r, a.reg)
		errs = append(errs, err)
		r.Answers, shown.Answers = answers, answers
	}
	return shown, errors.Join(errs...)
}

// show writes the exports, each whole or not at all, and shows the result on stdout: all
// of it is r. An export that cannot be written does not keep the others back. Files come
// first: a reader that stops early (| head) ends the program.
func (o *output) show(a *app, r, shown *result.Result) error {
	if own := o.presetView(); own != nil {
		own.Sort = o.view.Sort
		o.view, o.wide = *own, true
	}
	kept, view := shown, o.view
	if o.whole {
		kept, view = r, reports.View{}
	}
	var errs []error
	for _, path := range o.exports {
		var buf bytes.Buffer
		err := reports.Write(&buf, formatOf(path), kept, reports.Options{Wide: o.wide, View: view})
		text := buf.Bytes()
		if err == nil {
			text, err = packed(a.reg, path, text)
		}
		if err == nil {
			err = writeFile(path, text)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("export %s: %w (the result is saved: `zstdshop report --export FILE` writes it again)", path, err))
		}
	}
	err := reports.Write(a.stdout, o.format, shown, reports.Options{
		Wide: o.wide, View: o.view, Bars: o.bars, Width: columns(a.stdout), ASCII: o.ascii, Color: paint(o.colors, a.getenv, a.stdout)})
	return errors.Join(append(errs, err)...)
}

// presetView is that of the preset; nil where it has none, or another is asked for.
func (o *output) presetView() *reports.View {
	at := slices.Index(presetNames(), o.preset)
	if asked := o.view; at < 0 || presets[at].view.Rows == nil || asked.Rows != nil || asked.Cols != nil || asked.Columns != nil {
		return nil
	}
	v := presets[at].view
	return &v
}

// unfinished shows what there is of a run that ended early, where that is anything, and
// returns why it did.
func (o *output) unfinished(a *app, r *result.Result, why error) error {
	if r == nil || !slices.ContainsFunc(r.Cells, func(c result.CellResult) bool { return c.Status == result.StatusOK }) {
		return why
	}
	if err := o.writeMeasured(a, r); err != nil {
		fmt.Fprintf(a.stderr, "zstdshop: %s\n", oneLine(err))
	}
	return why
}
