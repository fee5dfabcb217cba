package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/result"
	"zstdshop/internal/nearest"
)

// matrixFile is zstdshop.yaml: what to measure, and in a gate how much worse it
// may become. The names and values of cells are those of bench's flags. It is
// published as cli/schema/matrix-v1.json.
type matrixFile struct {
	Budget        string      `yaml:"budget"`
	MaxRegression string      `yaml:"max_regression"`
	Cells         []cellsFile `yaml:"cells"`
}

// cellsFile is one matrix of the file; what it leaves out is as in the built-in
// matrix of the gate.
type cellsFile struct {
	Scenario   texts             `yaml:"scenario"`
	Codec      texts             `yaml:"codec"`
	Level      texts             `yaml:"level"`
	Runner     texts             `yaml:"runner"`
	Workers    texts             `yaml:"workers"`
	Corpus     texts             `yaml:"corpus"`
	Block      texts             `yaml:"block"`
	Endpoint   texts             `yaml:"endpoint"`
	Iters      texts             `yaml:"iters"`
	GOMAXPROCS texts             `yaml:"gomaxprocs"`
	CPUs       texts             `yaml:"cpus"`
	Env        texts             `yaml:"env"`
	Exclude    []string          `yaml:"exclude"`
	Limits     map[string]string `yaml:"limits"`
}

// texts is a value or a list of them, as they would be typed.
type texts []string

// UnmarshalYAML takes a scalar as a list of one.
func (t *texts) UnmarshalYAML(decode func(any) error) error {
	var v any
	if err := decode(&v); err != nil {
		return err
	}
	values, isList := v.([]any)
	if !isList {
		values = []any{v}
	}
	for _, v := range values {
		switch v.(type) {
		case string, int, int64, uint64, float64:
			*t = append(*t, fmt.Sprint(v))
		default:
			return fmt.Errorf("want a value or a list of values, not %v", v)
		}
	}
	return nil
}

// fileKeys are the keys that name flags of bench, in their order.
func (c *cellsFile) fileKeys() (names []string, values []texts) {
	v := reflect.ValueOf(*c)
	for i := range v.NumField() {
		if t, ok := v.Field(i).Interface().(texts); ok {
			names = append(names, v.Type().Field(i).Tag.Get("yaml"))
			values = append(values, t)
		}
	}
	return names, values
}

// A gated is a matrix with its limits: of the file, or the built-in one.
type gated struct {
	what   *asked
	limits map[string]result.Limits
	budget time.Duration
}

// source is a YAML text and where it came from, for errors that show the place.
type source struct {
	name string
	text []byte
}

// at is an error about what is at a path of the file, such as $.cells[0].codec.
func (s source) at(path string, err error) error {
	p, pathErr := yaml.PathString(path)
	if pathErr != nil {
		return fmt.Errorf("%s: %s: %w", s.name, path, err)
	}
	excerpt, pathErr := p.AnnotateSource(s.text, false)
	if pathErr != nil {
		return fmt.Errorf("%s: %s: %w", s.name, strings.TrimPrefix(path, "$."), err)
	}
	return &placedError{s.name, strings.TrimPrefix(path, "$."), err, strings.TrimRight(string(excerpt), "\n")}
}

// placedError shows the lines it is about below its own.
type placedError struct {
	file, path string
	err        error
	excerpt    string
}

func (e *placedError) Error() string { return fmt.Sprintf("%s: %s: %v", e.file, e.path, e.err) }
func (e *placedError) Unwrap() error { return e.err }

// readMatrixFile reads path strictly.
func readMatrixFile(path string) (*matrixFile, source, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, source{}, fmt.Errorf("%s: %w", path, reason(err))
	}
	s := source{path, text}
	f := new(matrixFile)
	if err := yaml.UnmarshalWithOptions(text, f, yaml.Strict()); err != nil {
		return nil, s, s.syntax(err)
	}
	if len(f.Cells) == 0 {
		return nil, s, fmt.Errorf("%s: it names no cells: write `cells:` with at least one `- codec: klauspost@3`", path)
	}
	return f, s, nil
}

// syntax is an error of the YAML itself: its line, and for a key that is not
// known the one that was meant.
func (s source) syntax(err error) error {
	full := yaml.FormatError(err, false, true)
	first, excerpt, _ := strings.Cut(full, "\n")
	if unknown, ok := errors.AsType[*yaml.UnknownFieldError](err); ok {
		if key := strings.Trim(strings.TrimPrefix(unknown.Message, "unknown field "), `"`); key != "" {
			if meant := nearest.Name(key, knownKeys()); meant != "" {
				first += fmt.Sprintf("; did you mean %q?", meant)
			} else {
				first += "; known are " + strings.Join(knownKeys(), ", ")
			}
		}
	}
	return &placedError{s.name, "yaml", errors.New(first), excerpt}
}

// knownKeys are all keys of the file.
func knownKeys() []string {
	var keys []string
	for _, t := range []reflect.Type{reflect.TypeFor[matrixFile](), reflect.TypeFor[cellsFile]()} {
		for i := range t.NumField() {
			keys = append(keys, t.Field(i).Tag.Get("yaml"))
		}
	}
	return keys
}

// resolveFile turns the file into cells and their limits. maxRegression, where it
// is above 0, takes the place of the file's.
func (a *app) resolveFile(ctx context.Context, path string, maxRegression float64) (*gated, error) {
	f, src, err := readMatrixFile(path)
	if err != nil {
		return nil, err
	}
	out := &gated{limits: map[string]result.Limits{}}
	if f.Budget != "" {
		var d duration
		if err := d.Set(f.Budget); err != nil {
			return nil, src.at("$.budget", err)
		}
		out.budget = d.value
	}
	common := maxRegression
	if f.MaxRegression != "" {
		v, err := share(f.MaxRegression)
		if err != nil {
			return nil, src.at("$.max_regression", err)
		}
		if common == 0 {
			common = v
		}
	}
	if common == 0 {
		common = defaultMaxRegression
	}
	specs := map[string]string{} // name of a corpus -> how it was asked for
	for i := range f.Cells {
		at := fmt.Sprintf("$.cells[%d]", i)
		what, err := a.resolveCells(ctx, &f.Cells[i], src, at)
		if err != nil {
			return nil, err
		}
		limits, err := limitsOf(f.Cells[i].Limits, common)
		if err != nil {
			return nil, src.at(at+".limits", err)
		}
		if out.what == nil {
			out.what = &asked{plan: what.plan}
			out.what.plan.Blocks = nil
		}
		if err := out.add(what, limits, specs, &f.Cells[i]); err != nil {
			return nil, src.at(at, err)
		}
	}
	return out, nil
}

// add merges one matrix of the file into the others.
func (g *gated) add(what *asked, limits result.Limits, specs map[string]string, c *cellsFile) error {
	for _, cell := range what.cells {
		if _, repeated := g.limits[cell.Name()]; repeated {
			return fmt.Errorf("cell %s is in an earlier entry already: leave it out of one of them with exclude", cell.Name())
		}
		g.limits[cell.Name()] = limits
	}
	g.what.cells = append(g.what.cells, what.cells...)
	for i, l := range what.corpora {
		spec := l.name
		if i < len(c.Corpus) {
			spec = c.Corpus[i]
		}
		switch known, ok := specs[l.name]; {
		case !ok:
			specs[l.name] = spec
			g.what.corpora = append(g.what.corpora, l)
		case known != spec:
			return fmt.Errorf("corpus %s and %s have the same name %q: rename one of the files", known, spec, l.name)
		}
	}
	for _, b := range what.plan.Blocks {
		if !slices.Contains(g.what.plan.Blocks, b) {
			g.what.plan.Blocks = append(g.what.plan.Blocks, b)
		}
	}
	for _, w := range what.warnings {
		if !slices.Contains(g.what.warnings, w) {
			g.what.warnings = append(g.what.warnings, w)
		}
	}
	return nil
}

// resolveCells is one matrix of the file, set as if its values had been typed.
func (a *app) resolveCells(ctx context.Context, c *cellsFile, src source, at string) (*asked, error) {
	m, err := a.gateMatrix()
	if err != nil {
		return nil, err
	}
	cmd := &cobra.Command{Use: "matrix"}
	cmd.SetContext(ctx)
	m.flags(cmd.Flags())
	names, values := c.fileKeys()
	for i, name := range names {
		for n, v := range values[i] {
			if err := cmd.Flags().Set(name, v); err != nil {
				err = errors.New(trimFlagError(err))
				if len(values[i]) > 1 {
					return nil, src.at(fmt.Sprintf("%s.%s[%d]", at, name, n), err)
				}
				return nil, src.at(at+"."+name, err)
			}
		}
	}
	what, err := m.resolve(cmd, a)
	if err != nil {
		return nil, src.at(at, err)
	}
	what.cells = slices.DeleteFunc(what.cells, func(cell result.Cell) bool { return slices.Contains(what.plan.Extra, cell) })
	for n, text := range c.Exclude {
		before := len(what.cells)
		what.cells = slices.DeleteFunc(what.cells, func(cell result.Cell) bool { return hasKeys(cell, strings.Split(text, "/")) })
		if len(what.cells) == before {
			return nil, src.at(fmt.Sprintf("%s.exclude[%d]", at, n), fmt.Errorf("%q fits no cell: write keys as in codec=datadog/runner=pool", text))
		}
	}
	if len(what.cells) == 0 {
		return nil, src.at(at, errors.New("exclude leaves no cell"))
	}
	return what, nil
}

// trimFlagError leaves of pflag's error what is wrong with the value.
func trimFlagError(err error) string {
	_, text, found := strings.Cut(err.Error(), " flag: ")
	if !found {
		return err.Error()
	}
	return text
}

// limitsOf reads the limits of cells: beside time, ratio and allocs, which are
// gated unless they are off, those that are named.
func limitsOf(texts map[string]string, maxRegression float64) (result.Limits, error) {
	l := result.Limits{result.MetricTime: maxRegression, result.MetricRatio: 0, result.MetricAllocs: 0}
	var known []string
	for _, m := range result.Compared() {
		known = append(known, m.Key)
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		m, ok := result.MetricOf(name)
		if !ok {
			return l, harness.UnknownName("limit", name, known)
		}
		text := texts[name]
		if text == "off" {
			delete(l, name)
			continue
		}
		digits, percent := strings.CutSuffix(text, "%")
		v, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
		if percent {
			v /= 100
		}
		switch {
		case m.IsShare() && (err != nil || v < 0 || !percent || v >= 10):
			return l, fmt.Errorf("%s %q: want a percentage, such as 5%%, or off", name, text)
		case !m.IsShare() && (err != nil || v < 0 || percent):
			return l, fmt.Errorf("%s %q: want a number, such as 1.8, or off", name, text)
		}
		l[name] = v
	}
	return l, nil
}
