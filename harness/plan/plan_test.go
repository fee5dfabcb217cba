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

func TestPlanCells(t *testing.T) {
	base := product()
	for _, c := range []struct {
		name string
		edit func(*Plan)
		want []string
	}{
		{"product in catalogue order, single has one worker", func(p *Plan) {}, []string{
			"scenario=compress/corpus=data/codec=fast/level=3/runner=single/workers=1/block=1000",
			"scenario=compress/corpus=data/codec=fast/level=3/runner=pool/workers=2/block=1000",
			"scenario=compress/corpus=data/codec=slow/level=3/runner=single/workers=1/block=1000",
			"scenario=compress/corpus=data/codec=slow/level=3/runner=pool/workers=2/block=1000"}},
		{"a codec without levels has one cell", func(p *Plan) { p.Codecs = []CodecLevels{{"raw", []int{1, 3}}}; p.Runners = []string{"pool"} }, []string{
			"scenario=compress/corpus=data/codec=raw/runner=pool/workers=2/block=1000"}},
		{"what repeats is measured once", func(p *Plan) { p.Runners = []string{"single"}; p.Workers = []int{1, 2, 4}; p.Codecs = p.Codecs[:1] }, []string{
			"scenario=compress/corpus=data/codec=fast/level=3/runner=single/workers=1/block=1000"}},
		{"tasks by workers, also under single", func(p *Plan) { p.Scenarios = []string{"burn"}; p.Workers = []int{4} }, []string{
			"scenario=burn/runner=single/workers=1/tasks=4/iters=1000",
			"scenario=burn/runner=pool/workers=4/iters=1000"}},
		{"endpoints, some of which take no data", func(p *Plan) { p.Scenarios, p.Runners, p.Codecs = []string{"ask"}, []string{"pool"}, p.Codecs[:1] }, []string{
			"scenario=ask/endpoint=pack/corpus=data/codec=fast/level=3/runner=pool/workers=2/block=1000",
			"scenario=ask/endpoint=hello/runner=pool/workers=2"}},
		{"endpoints that were asked for", func(p *Plan) {
			p.Scenarios, p.Runners, p.Endpoints = []string{"ask"}, []string{"pool"}, []string{"hello"}
		}, []string{"scenario=ask/endpoint=hello/runner=pool/workers=2"}},
		{"rates, but not of what runs for a fixed time", func(p *Plan) {
			p.Scenarios, p.Codecs, p.Runners, p.Rates = []string{"compress", "busy"}, p.Codecs[:1], []string{"pool"}, []int{10, 200}
		}, []string{
			"scenario=compress/corpus=data/codec=fast/level=3/runner=pool/workers=2/block=1000/rate=10",
			"scenario=compress/corpus=data/codec=fast/level=3/runner=pool/workers=2/block=1000/rate=200",
			"scenario=busy/runner=pool/workers=2"}},
		{"whole blocks and other axes", func(p *Plan) {
			p.Codecs, p.Runners, p.Blocks = p.Codecs[:1], []string{"pool"}, []int64{0}
			p.GOMAXPROCS, p.CPUs, p.Env = []int{1}, []string{"0-1"}, []string{"GOGC=100"}
		}, []string{"scenario=compress/corpus=data/codec=fast/level=3/runner=pool/workers=2/block=whole/gomaxprocs=1/cpus=0-1/env=GOGC=100"}},
	} {
		p := base
		c.edit(&p)
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

func TestPlanRefuses(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func(*Plan)
		want string
	}{
		{"unknown scenario", func(p *Plan) { p.Scenarios = []string{"compres"} }, "did you mean compress"},
		{"unknown codec", func(p *Plan) { p.Codecs[0].Codec = "x" }, `unknown codec "x"`},
		{"unknown runner", func(p *Plan) { p.Runners = []string{"pol"} }, "did you mean pool"},
		{"level out of range", func(p *Plan) { p.Codecs[0].Levels = []int{23} }, "1..22"},
		{"no level", func(p *Plan) { p.Codecs[0].Levels = nil }, "no level"},
		{"no workers", func(p *Plan) { p.Workers = []int{0} }, "workers 0"},
		{"contradiction", func(p *Plan) { p.Runners, p.GOMAXPROCS = []string{"one"}, []int{2} }, "--gomaxprocs asks for 2"},
		{"nothing", func(p *Plan) { p.Scenarios = nil }, "empty"},
		{"unknown endpoint", func(p *Plan) { p.Scenarios, p.Endpoints = []string{"ask"}, []string{"pak"} }, "did you mean pack"},
		{"no corpus", func(p *Plan) { p.Corpora = nil }, "needs a corpus"},
	} {
		p := product()
		c.edit(&p)
		if _, err := p.Cells(standin.Registry(t)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// product is two codecs under two runners.
func product() Plan {
	return Plan{Scenarios: []string{"compress"}, Codecs: []CodecLevels{{"fast", []int{3}}, {"slow", []int{3}}},
		Runners: []string{"single", "pool"}, Workers: []int{2}, Corpora: []string{"data"}, Blocks: []int64{1000}}
}
