package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/result"
	"zstdshop/scenarios"
)

// Matrix is values by the names of their axes, as Axis.Parse returns them. Its
// cells are the product of the axes.
type Matrix map[string][]string

// Add takes in the values that a text stands for; what repeats counts once.
func (m Matrix) Add(reg *harness.Registry, axis Axis, text string) error {
	values, err := axis.Parse(reg, text)
	for _, v := range values {
		if !slices.Contains(m[axis.Name], v) {
			m[axis.Name] = append(m[axis.Name], v)
		}
	}
	return err
}

// Wanted keeps of the names in m those that are registered, or takes all there are
// where none is: a plug-in may have a world of its own.
func (m Matrix) Wanted(reg *harness.Registry) Matrix {
	out := Matrix{}
	for _, axis := range Axes() {
		values := m[axis.Name]
		if axis.names != nil && len(values) > 0 {
			known := axis.names(reg)
			values = slices.DeleteFunc(slices.Clone(values), func(v string) bool {
				name, _, _ := strings.Cut(v, "@")
				return !slices.Contains(known, name)
			})
			if len(values) == 0 {
				values = known
			}
		}
		if len(values) > 0 {
			out[axis.Name] = values
		}
	}
	return out
}

// over returns the values of m, and of defaults, which are texts, where m has none.
func (m Matrix) over(reg *harness.Registry, defaults Matrix) (Matrix, error) {
	out := Matrix{}
	for _, axis := range Axes() {
		if values := m[axis.Name]; len(values) > 0 {
			out[axis.Name] = values
			continue
		}
		if axis.Name == "level" && len(m["effort"]) > 0 {
			continue // whoever asks for efforts has said which levels
		}
		for _, text := range defaults[axis.Name] {
			if err := out.Add(reg, axis, text); err != nil {
				return nil, fmt.Errorf("--%s %q: %w", axis.Name, text, err)
			}
		}
	}
	return out, nil
}

// Cells multiplies the axes. A key that does not apply to a scenario, codec or
// runner drops out, and what then repeats is there once. Errors name the axis and
// the remedy. Cells of codecs that this build lacks are among them.
func (m Matrix) Cells(reg *harness.Registry) ([]result.Cell, error) {
	cells := []result.Cell{{}}
	for _, axis := range multiplied() {
		values, err := m[axis.Name], error(nil)
		if axis.join != nil {
			if values, err = axis.join(reg, m); err != nil {
				return nil, err
			}
		}
		if axis.set == nil {
			continue
		}
		var next []result.Cell
		for _, c := range cells {
			more, err := axis.spread(reg, c, values)
			if err != nil {
				return nil, err
			}
			next = append(next, more...)
		}
		cells = next
	}
	for i := range cells {
		if err := settle(reg, &cells[i]); err != nil {
			return nil, err
		}
	}
	return unique(cells), nil
}

// spread returns c with each of the values.
func (a Axis) spread(reg *harness.Registry, c result.Cell, values []string) ([]result.Cell, error) {
	info, err := infoOf(reg, c)
	if err != nil {
		return nil, err
	}
	if a.applies != nil && !a.applies(info) {
		return []result.Cell{c}, nil
	}
	if len(values) == 0 && a.none != nil {
		values = a.none(info)
	}
	if len(values) == 0 {
		if a.required {
			return nil, fmt.Errorf("%w: no %s: name at least one with --%s", result.ErrPlan, a.Name, a.Name)
		}
		return []result.Cell{c}, nil
	}
	out := make([]result.Cell, len(values))
	for i, v := range values {
		out[i] = c
		a.set(&out[i], v)
	}
	return out, nil
}

// infoOf returns what the scenario says of itself where c's requests go; the zero
// value before c has a scenario.
func infoOf(reg *harness.Registry, c result.Cell) (scenarios.Info, error) {
	if c.Scenario == "" {
		return scenarios.Info{}, nil
	}
	s, err := reg.Scenario(c.Scenario)
	if err != nil {
		return scenarios.Info{}, err
	}
	if c.Endpoint == "" {
		return s.Info(), nil
	}
	info, known := s.Info().Of(c.Endpoint)
	if !known {
		return info, harness.UnknownName("endpoint of scenario "+c.Scenario, c.Endpoint, scenarioEndpoints(s.Info()))
	}
	return info, nil
}

// settle checks the keys of a cell against each other, and sets those that follow
// from others.
func settle(reg *harness.Registry, c *result.Cell) error {
	info, err := infoOf(reg, *c)
	if err != nil {
		return err
	}
	runner, err := reg.Runner(c.Runner)
	if err != nil {
		return err
	}
	model := runner.Info()
	if fixed := model.Process.GOMAXPROCS; fixed != 0 && c.GOMAXPROCS != 0 && c.GOMAXPROCS != fixed {
		return fmt.Errorf("%w: runner %s runs with GOMAXPROCS=%d, --gomaxprocs asks for %d: drop one of them", result.ErrPlan, c.Runner, fixed, c.GOMAXPROCS)
	}
	if info.TaskPerWorker {
		c.Tasks = c.Workers
	}
	if model.MaxWorkers > 0 {
		c.Workers = min(c.Workers, model.MaxWorkers)
	}
	return nil
}

func unique(cells []result.Cell) []result.Cell {
	seen := map[result.Cell]bool{}
	return slices.DeleteFunc(cells, func(c result.Cell) bool {
		repeated := seen[c]
		seen[c] = true
		return repeated
	})
}

// entry is one matrix of the options: the flags', or one of the file's.
type entry struct {
	asked   Matrix
	exclude []string
	limits  map[string]string
	ceiling bool // cells that are there already are passed over
	// at says which flag or key an error is about.
	at func(key string, err error) error
}

// excluded returns the cells that the entry does not leave out.
func (e entry) excluded(cells []result.Cell) ([]result.Cell, error) {
	for n, text := range e.exclude {
		before := len(cells)
		cells = slices.DeleteFunc(cells, func(c result.Cell) bool { return hasKeys(c, strings.Split(text, "/")) })
		if len(cells) == before {
			return nil, e.at(fmt.Sprintf("exclude[%d]", n), fmt.Errorf("%q fits no cell: write keys as in codec=datadog/runner=pool", text))
		}
	}
	if len(cells) == 0 {
		return nil, e.at("", errors.New("exclude leaves no cell"))
	}
	return cells, nil
}

// hasKeys reports whether every part is a key of c, or the value of one.
func hasKeys(c result.Cell, parts []string) bool {
	return !slices.ContainsFunc(parts, func(part string) bool {
		return !slices.ContainsFunc(result.Keys(), func(k result.Key) bool {
			text := k.Text(c)
			return text != "" && (part == k.Name+"="+text || part == text)
		})
	})
}

// levelled takes codec@level apart, which stands for the keys of both.
func levelled(part string) []string {
	codec, level, ok := strings.Cut(part, "@")
	if !ok || strings.Contains(codec, "=") || codec == "" || level == "" {
		return []string{part}
	}
	return []string{"codec=" + codec, "level=" + level}
}
