package plan

import (
	"slices"
	"strings"
	"testing"

	"zstdshop/harness/internal/standin"
	"zstdshop/harness/result"
)

func names(cells []result.Cell) []string {
	var out []string
	for _, c := range cells {
		out = append(out, c.Name())
	}
	return out
}

func TestCells(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(Matrix)
		want []string
	}{
		{"product in catalogue order, single has one worker", func(p Matrix) {}, []string{
			"scenario=compress/corpus=data/codec=fast/level=3/runner=single/workers=1/block=1000",
			"scenario=compress/corpus=data/codec=fast/level=3/runner=pool/workers=2/block=1000",
			"scenario=compress/corpus=data/codec=slow/level=3/runner=single/workers=1/block=1000",
			"scenario=compress/corpus=data/codec=slow/level=3/runner=pool/workers=2/block=1000"}},
		{"a codec without levels has one cell", func(p Matrix) {
			p["codec"], p["level"], p["runner"] = []string{"raw"}, []string{"1", "3"}, []string{"pool"}
		}, []string{
			"scenario=compress/corpus=data/codec=raw/runner=pool/workers=2/block=1000"}},
		{"a codec with a scale of its own has its default, not --level, and level 0", func(p Matrix) {
			p["codec"], p["level"], p["runner"] = []string{"own", "own@0"}, []string{"1", "3"}, []string{"pool"}
		}, []string{
			"scenario=compress/corpus=data/codec=own/level=2/runner=pool/workers=2/block=1000",
			"scenario=compress/corpus=data/codec=own/level=0/runner=pool/workers=2/block=1000"}},
		{"a level that only one codec has is left out for the others", func(p Matrix) {
			p["codec"], p["level"], p["runner"] = []string{"few", "slow"}, []string{"3", "4"}, []string{"pool"}
		}, []string{
			"scenario=compress/corpus=data/codec=few/level=3/runner=pool/workers=2/block=1000",
			"scenario=compress/corpus=data/codec=slow/level=3/runner=pool/workers=2/block=1000",
			"scenario=compress/corpus=data/codec=slow/level=4/runner=pool/workers=2/block=1000"}},
		{"what repeats is measured once", func(p Matrix) {
			p["codec"], p["runner"], p["workers"] = []string{"fast"}, []string{"single"}, []string{"1", "2", "4"}
		}, []string{
			"scenario=compress/corpus=data/codec=fast/level=3/runner=single/workers=1/block=1000"}},
		{"tasks by workers, also under single", func(p Matrix) { p["scenario"], p["workers"] = []string{"burn"}, []string{"4"} }, []string{
			"scenario=burn/runner=single/workers=1/tasks=4/iters=1000",
			"scenario=burn/runner=pool/workers=4/iters=1000"}},
		{"endpoints, some of which take no data", func(p Matrix) {
			p["scenario"], p["runner"], p["codec"] = []string{"ask"}, []string{"pool"}, []string{"fast"}
		}, []string{
			"scenario=ask/endpoint=pack/corpus=data/codec=fast/level=3/runner=pool/workers=2/block=1000",
			"scenario=ask/endpoint=hello/runner=pool/workers=2"}},
		{"endpoints that were asked for", func(p Matrix) {
			p["scenario"], p["runner"], p["endpoint"] = []string{"ask"}, []string{"pool"}, []string{"hello"}
		}, []string{"scenario=ask/endpoint=hello/runner=pool/workers=2"}},
		{"rates, but not of what runs for a fixed time", func(p Matrix) {
			p["scenario"], p["codec"], p["runner"], p["rate"] = []string{"compress", "busy"}, []string{"fast"}, []string{"pool"}, []string{"10", "200"}
		}, []string{
			"scenario=compress/corpus=data/codec=fast/level=3/runner=pool/workers=2/block=1000/rate=10",
			"scenario=compress/corpus=data/codec=fast/level=3/runner=pool/workers=2/block=1000/rate=200",
			"scenario=busy/runner=pool/workers=2"}},
		{"whole blocks and other axes", func(p Matrix) {
			p["codec"], p["runner"], p["block"] = []string{"fast"}, []string{"pool"}, []string{"whole"}
			p["gomaxprocs"], p["cpus"], p["env"] = []string{"1"}, []string{"0-1"}, []string{"GOGC=100"}
		}, []string{"scenario=compress/corpus=data/codec=fast/level=3/runner=pool/workers=2/block=whole/gomaxprocs=1/cpus=0-1/env=GOGC=100"}},
	} {
		p := twoByTwo()
		c.edit(p)
		cells, err := p.Cells(standin.Registry(t))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := names(cells); !slices.Equal(got, c.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

func TestCellsRefuse(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(Matrix)
		want string
	}{
		{"unknown scenario", func(p Matrix) { p["scenario"] = []string{"compres"} }, "did you mean compress"},
		{"unknown codec", func(p Matrix) { p["codec"] = []string{"x"} }, `unknown codec "x"`},
		{"unknown runner", func(p Matrix) { p["runner"] = []string{"pol"} }, "did you mean pool"},
		{"level out of range", func(p Matrix) { p["level"] = []string{"23"} }, "1..22"},
		{"level of a codec with another scale", func(p Matrix) { p["codec"], p["level"] = []string{"few", "own"}, []string{"4"} }, "1..3"},
		{"no level", func(p Matrix) { p["level"] = nil }, "no level"},
		{"no workers", func(p Matrix) { p["workers"] = nil }, "--workers"},
		{"contradiction", func(p Matrix) { p["runner"], p["gomaxprocs"] = []string{"one"}, []string{"2"} }, "--gomaxprocs asks for 2"},
		{"nothing", func(p Matrix) { p["scenario"] = nil }, "no scenario"},
		{"unknown endpoint", func(p Matrix) { p["scenario"], p["endpoint"] = []string{"ask"}, []string{"pak"} }, "did you mean pack"},
		{"no corpus", func(p Matrix) { p["corpus"] = nil }, "no corpus"},
	} {
		p := twoByTwo()
		c.edit(p)
		if _, err := p.Cells(standin.Registry(t)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// twoByTwo is two codecs under two runners.
func twoByTwo() Matrix {
	return Matrix{"scenario": {"compress"}, "codec": {"fast", "slow"}, "level": {"3"},
		"runner": {"single", "pool"}, "workers": {"2"}, "corpus": {"data"}, "block": {"1000"}}
}
