package result

import (
	"zstdshop/codecs"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// About is what the entries that a cell names say of themselves. A name that nobody
// registered says nothing.
type About struct {
	Codec    codecs.Info
	Runner   runners.Info
	Scenario scenarios.Info
}

// A Catalogue knows entries by their names; harness.Registry is one. Names that it
// does not know have a zero Info.
type Catalogue interface {
	Infos(codec, runner, scenario string) (codecs.Info, runners.Info, scenarios.Info)
}

// AboutOf is what the entries of a cell say of themselves.
func AboutOf(c Cell, known Catalogue) (a About) {
	a.Codec, a.Runner, a.Scenario = known.Infos(c.Codec, c.Runner, c.Scenario)
	return a
}
