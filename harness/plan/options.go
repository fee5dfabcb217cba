package plan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"zstdshop/codecs"
	"zstdshop/harness"
	"zstdshop/harness/result"
	"zstdshop/scenarios/corpus"
)

// Options are all that a run can be asked for: what flags say, and a file.
type Options struct {
	// Asked are the axes that flags name; Defaults, as texts, hold for the others.
	Asked, Defaults Matrix
	// Ceiling, as texts, is a matrix that comes along where no axis is asked for, of
	// the codecs that are ceilings; nil: none.
	Ceiling Matrix
	// File is "", or a zstdshop.yaml that names the cells in the place of Asked;
	// FileFlag is the flag that named it, for messages, "" for none.
	File, FileFlag string

	Terms
	BudgetAsked bool    // else that of the file holds, where it has one
	Reference   string  // the name of a cell, or some of its keys; "" none
	Seed        *uint64 // nil: random
	// MaxRegression is the limit of times; 0: that of the file, or 3 %.
	MaxRegression float64

	Stdin io.Reader // of the corpus "-"
}

// Terms are how to measure.
type Terms struct {
	Budget    time.Duration
	Timeout   time.Duration // silence after which a worker process is taken for hung
	Precision float64       // half-width at which a cell is precise enough; a share
	Delta     float64       // of equivalence; a share
}

// Plan is what options come to.
type Plan struct {
	Cells     []result.Cell
	Corpora   []*corpus.Corpus  // that the cells name, loaded
	Dicts     map[string][]byte // contents of the dictionaries that are files, by their names in cells
	Workers   []Worker          // that the cells name as their language
	Limits    map[string]result.Limits
	Warnings  []result.Warning // about the options
	Reference string           // name of a cell; "" none
	Seed      uint64
	Seeded    bool // the seed was asked for
	Terms
}

// Resolve makes a plan of o. Errors name the flag, or the place in the file, and
// the remedy.
func (o Options) Resolve(ctx context.Context, reg *harness.Registry) (*Plan, error) {
	p := &Plan{Limits: map[string]result.Limits{}, Warnings: []result.Warning{}, Terms: o.Terms, Seed: uint64(rand.Uint32())}
	if o.Seed != nil {
		p.Seed, p.Seeded = *o.Seed, true
	}
	entries, limit := []entry{{asked: o.Asked, at: atFlag}}, defaultMaxRegression
	if o.File != "" {
		f, err := readFile(o.File, reg)
		if err != nil && o.FileFlag != "" {
			err = fmt.Errorf("--%s: %w", o.FileFlag, err)
		}
		if err != nil {
			return nil, err
		}
		entries = f.entries
		if f.budget > 0 && !o.BudgetAsked {
			p.Budget = f.budget
		}
		if f.maxRegression > 0 {
			limit = f.maxRegression
		}
	} else if names := ceilings(reg); len(o.Asked) == 0 && o.Ceiling != nil && len(names) > 0 {
		m := o.Ceiling.Wanted(reg)
		m["codec"] = names
		entries = append(entries, entry{asked: m, at: atFlag, ceiling: true})
	}
	if o.MaxRegression > 0 {
		limit = o.MaxRegression
	}
	var specs []string
	for _, e := range entries {
		specs = append(specs, e.asked["corpus"]...)
	}
	loaded := corpora{stdin: o.Stdin, names: corpus.Names(append(specs, o.Defaults.Wanted(reg)["corpus"]...))}
	var files dicts
	for _, e := range entries {
		if err := p.add(ctx, reg, e, o.Defaults.Wanted(reg), limit, &loaded, &files); err != nil {
			return nil, err
		}
	}
	p.Corpora, p.Dicts = loaded.all, files.content
	if err := halve(p.Corpora, p.Cells, o.Seed); err != nil {
		return nil, err
	}
	if o.Reference == "" {
		return p, nil
	}
	var err error
	if p.Reference, err = Referenced(o.Reference, p.Cells); err != nil {
		return nil, fmt.Errorf("--reference %w", err)
	}
	return p, nil
}

// Digests are those of the corpora, by the names that cells have them by.
func (p *Plan) Digests() map[string]string {
	digests := map[string]string{}
	for _, c := range p.Corpora {
		digests[c.Name] = c.Digest()
	}
	return digests
}

func atFlag(key string, err error) error {
	if key == "" {
		return err
	}
	return fmt.Errorf("--%s: %w", key, err)
}

// ceilings returns the codecs of this build that show what the machine can move at all.
func ceilings(reg *harness.Registry) []string {
	return slices.DeleteFunc(slices.Clone(reg.Codecs()), func(name string) bool {
		info, _, _ := reg.Infos(name, "", "")
		return !info.Ceiling || info.Unavailable != ""
	})
}

// add puts the cells of an entry to the others.
func (p *Plan) add(ctx context.Context, reg *harness.Registry, e entry, defaults Matrix, limit float64, loaded *corpora, files *dicts) error {
	m, err := e.asked.over(reg, defaults)
	if err != nil {
		return err
	}
	cells, err := m.Cells(reg)
	if err != nil {
		return e.at("", err)
	}
	scales, err := unscaled(reg, e.asked, m)
	if err != nil {
		return e.at("level", err)
	}
	cells, left := able(cells, reg)
	if len(cells) == 0 && len(left) > 0 {
		return e.at("codec", fmt.Errorf("%s: name one that has some too, `zstdshop list` says which", left[0].Text))
	}
	if err := someAvailable(cells, reg); err != nil {
		return e.at("codec", err)
	}
	cells, without, err := dictsOf(cells, reg, files)
	if err != nil {
		return e.at("dict", err)
	}
	left = append(left, without...)
	for i, c := range cells {
		if c.Corpus == "" {
			continue
		}
		if spec, _, _ := strings.Cut(c.Corpus, recordsMark); slices.Contains(e.asked["corpus"], spec) && corpus.Shadowed(spec) {
			left = append(left, result.Warning{Code: "shadowed", Text: fmt.Sprintf("corpus %s is the built-in one: ./%s is the file or folder of that name", spec, spec)})
		}
		// A level that does not exist has not cost the reading of a large folder.
		if cells[i].Corpus, err = loaded.load(ctx, c.Corpus); err != nil {
			return e.at("corpus", err)
		}
	}
	if cells, err = e.excluded(cells); err != nil {
		return err
	}
	limits, err := limitsOf(e.limits, limit)
	if err != nil {
		return e.at("limits", err)
	}
	own := map[string]bool{}
	for _, c := range cells {
		_, repeated := p.Limits[c.Name()]
		if repeated && (e.ceiling || own[c.Name()]) { // the latter by two paths of one file
			continue
		}
		own[c.Name()] = true
		if repeated {
			return e.at("", fmt.Errorf("cell %s is in an earlier entry already: leave it out of one of them with exclude", c.Name()))
		}
		p.Limits[c.Name()] = limits
		p.Cells = append(p.Cells, c)
	}
	for _, w := range slices.Concat(left, unused(e.asked, m["scenario"], reg), lacking(reg, m), scales, shortStreams(reg, e.asked, m)) {
		if !slices.Contains(p.Warnings, w) {
			p.Warnings = append(p.Warnings, w)
		}
	}
	for _, text := range m["worker"] {
		w, err := WorkerNamed(text)
		if err != nil {
			return e.at("worker", err)
		}
		p.Workers = append(p.Workers, w)
	}
	return nil
}

// able returns the cells whose codec can do what the scenario asks of it, and says which
// codecs are left out of which scenario.
func able(cells []result.Cell, reg *harness.Registry) (kept []result.Cell, left []result.Warning) {
	for _, c := range cells {
		_, _, scenario := reg.Infos("", "", c.Scenario)
		codec, err := reg.Codec(c.Codec)
		if _, streams := codec.(codecs.Streamer); err != nil || streams || scenario.Stream == 0 {
			kept = append(kept, c)
			continue
		}
		w := result.Warning{Code: "left_out", Text: fmt.Sprintf("%s has no streams and is left out of %s", c.Codec, c.Scenario)}
		if !slices.Contains(left, w) {
			left = append(left, w)
		}
	}
	return kept, left
}

// someAvailable refuses a matrix of which this build can run nothing.
func someAvailable(cells []result.Cell, reg *harness.Registry) error {
	why := errors.New("the matrix is empty")
	for _, c := range cells {
		if c.Codec == "" {
			return nil
		}
		info, _, _ := reg.Infos(c.Codec, "", "")
		if info.Unavailable == "" {
			return nil
		}
		why = fmt.Errorf("this build cannot run %s: %s", c.Codec, info.Unavailable)
	}
	return why
}

// unused warns of axes that say something about none of the scenarios.
func unused(asked Matrix, names []string, reg *harness.Registry) []result.Warning {
	var out []result.Warning
	for _, axis := range Axes() {
		if len(asked[axis.Name]) == 0 || axis.applies == nil {
			continue
		}
		if !anyScenario(reg, names, axis.applies) {
			out = append(out, result.Warning{Code: "unused_flag",
				Text: fmt.Sprintf("--%s says nothing about %s and was passed over: drop it", axis.Name, strings.Join(names, ", "))})
		}
	}
	return out
}

// NeedSpeed refuses scenarios of fixed length: there is no time to compare.
func NeedSpeed(cells []result.Cell, reg *harness.Registry) error {
	for _, c := range cells {
		if _, _, info := reg.Infos("", "", c.Scenario); info.TimedSlice {
			return fmt.Errorf("--scenario %s runs for a fixed time and has no speed to compare: drop it", c.Scenario)
		}
	}
	return nil
}

// Referenced returns the name of the one cell that text fits: its whole name, or
// some of its keys as key=value or value alone, or codec@level, joined by slashes.
func Referenced(text string, cells []result.Cell) (string, error) {
	var fits, apart []string
	parts := strings.Split(text, "/")
	for _, part := range parts {
		apart = append(apart, levelled(part)...)
	}
	for _, c := range cells {
		if c.Name() == text {
			return text, nil
		}
		if hasKeys(c, parts) || hasKeys(c, apart) {
			fits = append(fits, c.Name())
		}
	}
	switch len(fits) {
	case 0:
		return "", fmt.Errorf("%q fits no cell, such as %s: write a cell's name, or keys that no other has", text, cells[0].Name())
	case 1:
		return fits[0], nil
	}
	return "", fmt.Errorf("%q fits %d cells, such as %s and %s: add keys until only one is left", text, len(fits), fits[0], fits[1])
}
