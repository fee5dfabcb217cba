package fleet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

// variables are those of the environment that a unit may set: they say how Go's runtime
// collects, and load nothing.
var variables = []string{"GOGC", "GOMEMLIMIT", "GODEBUG"}

// admit refuses a cell that this program would not make of flags of bench, and what would
// run or load anything else than its own entries. languages are those that the agent was
// started with.
func admit(reg *harness.Registry, languages []string, c result.Cell) error {
	if c.Language != "" && !slices.Contains(languages, c.Language) {
		return fmt.Errorf("worker %s: this agent was not started with --worker %s=COMMAND", clip(c.Language), clip(c.Language))
	}
	if c.Env != "" {
		for setting := range strings.SplitSeq(c.Env, ",") {
			if name, _, _ := strings.Cut(setting, "="); !slices.Contains(variables, name) {
				return fmt.Errorf("environment %s: want %s only", clip(name), strings.Join(variables, ", "))
			}
		}
	}
	m, err := matrixOf(reg, c)
	if err != nil {
		return err
	}
	cells, err := m.Cells(reg)
	if err != nil {
		return err
	}
	for i := range cells { // what an axis does not make
		cells[i].Language, cells[i].Env = c.Language, c.Env
	}
	if !slices.Contains(cells, c) {
		return fmt.Errorf("cell %s is none that this program makes", clip(c.Name()))
	}
	return nil
}

// matrixOf is the matrix of one cell.
func matrixOf(reg *harness.Registry, c result.Cell) (plan.Matrix, error) {
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	codec := c.Codec
	if c.HasLevel() {
		codec += "@" + strconv.Itoa(c.Level)
	}
	block := ""
	if c.Corpus != "" {
		block = result.BlockName(c.Block)
	}
	m := plan.Matrix{}
	for _, part := range []struct{ axis, text string }{
		{"scenario", c.Scenario}, {"endpoint", c.Endpoint}, {"block", block}, {"stream", number(c.Stream)},
		{"iters", number(int64(c.Iters))}, {"rate", number(int64(c.Rate))}, {"codec", codec}, {"runner", c.Runner},
		{"workers", number(int64(max(c.Tasks, c.Workers)))}, {"gomaxprocs", number(int64(c.GOMAXPROCS))}, {"cpus", c.CPUs},
	} {
		if part.text == "" {
			continue
		}
		if err := m.Add(reg, plan.AxisOf(part.axis), part.text); err != nil {
			return nil, fmt.Errorf("%s %s: %w", part.axis, clip(part.text), err)
		}
	}
	// Names of data are values as they are, and no paths: what they stand for came along.
	if c.Corpus != "" {
		m["corpus"] = []string{c.Corpus}
	}
	if c.Dict != "" {
		m["dict"] = []string{c.Dict}
	}
	return m, nil
}
