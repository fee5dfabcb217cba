package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2/maybe"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"zstdshop/harness"
	"zstdshop/reports"
)

// output is the flags that say how a result is shown and where it is kept.
type output struct {
	format  string
	exports []string
	colors  string
	wide    bool
	ascii   bool
}

// extensions maps a file's ending to the format it gets.
var extensions = map[string]string{".md": "markdown", ".markdown": "markdown", ".json": "json", ".csv": "csv", ".txt": "gobench"}

func (o *output) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.format, "format", "table", strings.Join(reports.Formats(), ", "))
	f.StringArrayVar(&o.exports, "export", nil, "also write FILE, by its ending: .md .json .csv, .txt for Go benchmark lines; may be repeated")
	f.StringVar(&o.colors, "color", "auto", "auto, always or never (NO_COLOR is honoured)")
	f.BoolVar(&o.wide, "wide", false, "every column")
	f.BoolVar(&o.ascii, "ascii", false, "nothing outside ASCII in tables")
	cmd.RegisterFlagCompletionFunc("format", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return reports.Formats(), cobra.ShellCompDirectiveNoFileComp
	})
}

// check finds mistakes before anything is measured.
func (o *output) check() error {
	if !slices.Contains(reports.Formats(), o.format) {
		return fmt.Errorf("--format: %w", harness.UnknownName("format", o.format, reports.Formats()))
	}
	if !slices.Contains([]string{"auto", "always", "never"}, o.colors) {
		return fmt.Errorf("--color %q: want auto, always or never", o.colors)
	}
	for _, path := range o.exports {
		if _, ok := extensions[strings.ToLower(filepath.Ext(path))]; !ok {
			return fmt.Errorf("--export %q: the ending says the format: use .md, .json, .csv or .txt", path)
		}
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return fmt.Errorf("--export %q: there is no folder %s: create it first", path, filepath.Dir(path))
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return fmt.Errorf("--export %q is a folder: name a file", path)
		}
	}
	return nil
}

// color tells whether w gets colour.
func (o *output) color(getenv func(string) string, w io.Writer) bool {
	switch {
	case o.colors == "always":
		return true
	case o.colors == "never" || getenv("NO_COLOR") != "" || getenv("TERM") == "dumb":
		return false
	}
	_, isTerminal := terminal(w)
	return isTerminal
}

// terminal answers the width of w where it is a terminal.
func terminal(w io.Writer) (width int, ok bool) {
	f, isFile := w.(*os.File)
	if !isFile || !term.IsTerminal(int(f.Fd())) {
		return 0, false
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		width = 0
	}
	return width, true
}

// write shows the result on stdout and writes the exports, each whole or not at
// all. One that cannot be written does not keep the others back.
func (o *output) write(a *app, r *harness.Result) error {
	width, _ := terminal(a.stdout)
	err := reports.Write(a.stdout, o.format, r, reports.Options{
		Wide: o.wide, Width: width, ASCII: o.ascii, Color: o.color(a.getenv, a.stdout)})
	for _, path := range o.exports {
		var buf bytes.Buffer
		e := reports.Write(&buf, extensions[strings.ToLower(filepath.Ext(path))], r, reports.Options{Wide: o.wide})
		if e == nil {
			e = maybe.WriteFile(path, buf.Bytes(), 0o644)
		}
		if e != nil {
			err = errors.Join(err, fmt.Errorf("export %s: %w (the result is saved: `zstdshop report --export FILE` writes it again)", path, e))
		}
	}
	return err
}
