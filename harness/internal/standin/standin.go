// Package standin has codecs, runners and scenarios that are names and Info only,
// and a registry of them, for tests of what never calls them.
package standin

import (
	"context"
	"errors"
	"testing"

	"zstdshop/codecs"
	"zstdshop/harness"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// The entries: what each says of itself is About; their work is an error.
type (
	Codec    struct{ About codecs.Info }
	Runner   struct{ About runners.Info }
	Scenario struct{ About scenarios.Info }
)

func (c Codec) Info() codecs.Info { return c.About }

func (c Codec) EffectiveLevel(l int) (int, error) {
	if c.About.Levels == nil {
		return 0, nil
	}
	return l, c.About.Levels.Check(l)
}

func (Codec) CompressBound(n int) int { return n }

func (Codec) NewContext(int) (codecs.Context, error) {
	return nil, errors.New("a name only")
}

func (r Runner) Info() runners.Info { return r.About }

func (Runner) Run(context.Context, int, int, runners.Task) error {
	return errors.New("a name only")
}

func (s Scenario) Info() scenarios.Info { return s.About }

func (Scenario) Prepare(context.Context, scenarios.Input) (scenarios.Job, error) {
	return nil, errors.New("a name only")
}

// Registry has five codecs, one of them without levels, one unavailable and one with a
// scale of its own, three
// runners and four scenarios.
func Registry(t testing.TB) *harness.Registry {
	t.Helper()
	var reg harness.Registry
	levels := &codecs.Levels{Min: 1, Max: 22}
	reg.AddCodec("fast", Codec{codecs.Info{Library: "fast", Version: "v1", Levels: levels}})
	reg.AddCodec("slow", Codec{codecs.Info{Library: "slow", Version: "v1", Levels: levels}})
	reg.AddCodec("raw", Codec{codecs.Info{Library: "raw", Version: "v1"}})
	reg.AddCodec("gone", Codec{codecs.Info{Library: "gone", Version: "v1", Levels: levels, Unavailable: "built without it"}})
	reg.AddCodec("few", Codec{codecs.Info{Library: "few", Version: "v1", Levels: &codecs.Levels{Min: 1, Max: 3}}})
	reg.AddCodec("own", Codec{codecs.Info{Library: "own", Version: "v1", Levels: &codecs.Levels{Max: 9, Own: true, Default: 2}}})
	reg.AddRunner("single", Runner{runners.Info{MaxWorkers: 1, Baseline: true}})
	reg.AddRunner("pool", Runner{runners.Info{Usual: true}})
	reg.AddRunner("one", Runner{runners.Info{Process: runners.ProcessNeeds{GOMAXPROCS: 1}}})
	reg.AddScenario("compress", Scenario{scenarios.Info{Codec: true, Corpus: true, Dict: true}})
	reg.AddScenario("burn", Scenario{scenarios.Info{TaskPerWorker: true, Iters: 1000}})
	reg.AddScenario("busy", Scenario{scenarios.Info{TaskPerWorker: true, TimedSlice: true}})
	reg.AddScenario("ask", Scenario{scenarios.Info{Codec: true, Corpus: true,
		Endpoints: []scenarios.Endpoint{{Name: "pack"}, {Name: "hello", NoData: true}}}})
	if err := reg.Err(); err != nil {
		t.Fatal(err)
	}
	return &reg
}
