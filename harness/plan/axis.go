package plan

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/result"
	"zstdshop/scenarios"
	"zstdshop/scenarios/corpus"
)

// Axis is one key of a matrix as it is asked for: a flag of bench and a key of
// zstdshop.yaml.
type Axis struct {
	Name string // of the flag and of the key
	Kind string // of its values, as help shows it
	Help string
	// Whole is set where a text is one value, commas and all.
	Whole bool
	// FlagOnly is set where zstdshop.yaml has no such key.
	FlagOnly bool
	// Files is set where values are names of files, too, and Open where a value
	// goes on behind what is suggested.
	Files, Open bool

	// parse returns the values that one element of a text stands for, in the
	// form that set takes; nil: the element is the value.
	parse func(reg *harness.Registry, element string) ([]string, error)
	// join makes the values of cells from those of a matrix; nil: they are the same.
	join func(reg *harness.Registry, matrix map[string][]string) ([]string, error)
	// applies reports whether a scenario has the key; nil: all have.
	applies func(scenarios.Info) bool
	// none returns the values where nothing is asked; nil: the axis drops out,
	// where it is not required.
	none     func(scenarios.Info) []string
	required bool
	set      func(c *result.Cell, value string)

	// names lists what the registry has of the kind; nil: values are no names.
	names func(*harness.Registry) []string
	// suggest returns what the shell may complete typed to; nil: the names.
	suggest func(reg *harness.Registry, typed string) []Suggestion
}

// Axes returns all axes, in the order of help.
func Axes() []Axis {
	return []Axis{
		{Name: "scenario", Kind: "names", Help: "work to do", required: true,
			names: (*harness.Registry).Scenarios, suggest: suggestScenarios,
			set: func(c *result.Cell, v string) { c.Scenario = v }},
		{Name: "codec", Kind: "names", Help: "backends, each with its own level as name@3 or name@1..9, or with all of --level and --effort; all is every one to choose from", Open: true, required: true,
			applies: takesCodec, parse: codecNamed, join: codecLevels,
			names: (*harness.Registry).Codecs, suggest: suggestCodecs,
			set: setCodec},
		{Name: "level", Kind: "levels", Help: "zstd levels for zstd codecs named without one, 1..9 all of these; codecs with levels of their own have them as NAME@9",
			applies: takesCodec, parse: levels, suggest: fixed("1", "3", "9", "19", "1..9")}, // codec sets it
		{Name: "effort", Kind: "words", Help: "fastest, default and best: what they are on the scale of each codec named without a level",
			applies: takesCodec, parse: effort, suggest: fixed(efforts()...)}, // codec sets it
		{Name: "dict", Kind: "names", Help: "dictionaries: none, train or train:16KiB for one that learns from half of the records, or a file (default none)", Files: true,
			applies: func(s scenarios.Info) bool { return s.Dict }, parse: dict, suggest: suggestDicts,
			set: setDict},
		{Name: "runner", Kind: "names", Help: "concurrency models", required: true,
			names: (*harness.Registry).Runners, suggest: suggestRunners,
			set: func(c *result.Cell, v string) { c.Runner = v }},
		{Name: "workers", Kind: "counts", Help: "workers of a runner; max is the number of usable CPUs, 1..8 all of these", required: true,
			parse: workerCounts, suggest: fixed("max", "1", "2", "4"),
			set: number(func(c *result.Cell) *int { return &c.Workers })},
		{Name: "corpus", Kind: "names", Help: "data: a built-in corpus, a file, a folder (./logs where a built-in one has its name), a .zip, or - for standard input", Files: true, required: true,
			applies: takesCorpus, join: corporaInRecords, suggest: suggestCorpora,
			set: func(c *result.Cell, v string) { c.Corpus = v }},
		{Name: "records", Kind: "names", Help: "make each record of the data an item of its own: lines, csv, varint, u32be, u32le, or a size for records of one length (default files as they are)",
			applies: takesCorpus, parse: records, suggest: suggestRecords}, // corpus sets it
		{Name: "block", Kind: "sizes", Help: "most bytes of one task, 1KiB to 1GiB, or whole for whole files", required: true,
			applies: takesCorpus, parse: block, suggest: fixed("1KiB", "16KiB", "64KiB", "256KiB", "1MiB", "whole"),
			set: func(c *result.Cell, v string) { c.Block, _ = strconv.ParseInt(v, 10, 64) }},
		{Name: "stream", Kind: "sizes", Help: "most bytes of the content of one stream, in scenarios of streams; blocks are its writes or reads (default 256KiB)",
			applies: func(s scenarios.Info) bool { return s.Stream > 0 }, parse: streamSize,
			none:    func(s scenarios.Info) []string { return []string{strconv.FormatInt(s.Stream, 10)} },
			suggest: fixed("64KiB", "256KiB", "1MiB", "8MiB"),
			set:     func(c *result.Cell, v string) { c.Stream, _ = strconv.ParseInt(v, 10, 64) }},
		{Name: "endpoint", Kind: "names", Help: "where requests go, of a scenario that sends them (shop; default all it has)",
			applies: func(s scenarios.Info) bool { return len(s.Endpoints) > 0 }, none: scenarioEndpoints, names: endpoints,
			set: func(c *result.Cell, v string) { c.Endpoint = v }},
		{Name: "rate", Kind: "counts", Help: "tasks planned in a second, whatever they take (default each follows the one before)", FlagOnly: true,
			applies: func(s scenarios.Info) bool { return !s.TimedSlice }, parse: count(maxRate),
			none: func(s scenarios.Info) []string { return []string{strconv.Itoa(s.Rate)} },
			set:  number(func(c *result.Cell) *int { return &c.Rate })},
		{Name: "iters", Kind: "counts", Help: "iterations of one task where the scenario has them (cpuburn)",
			applies: func(s scenarios.Info) bool { return s.Iters > 0 }, parse: count(maxIters),
			none: func(s scenarios.Info) []string { return []string{strconv.Itoa(s.Iters)} },
			set:  number(func(c *result.Cell) *int { return &c.Iters })},
		{Name: "gomaxprocs", Kind: "counts", Help: "GOMAXPROCS of the workers (default all CPUs, or what the runner asks for)",
			parse: count(maxWorkers), set: number(func(c *result.Cell) *int { return &c.GOMAXPROCS })},
		{Name: "env", Kind: "NAME=values", Help: "environment of the workers, NAME=value[,value...]; each flag is an axis", Whole: true, Open: true,
			parse: setting, join: environments, suggest: fixed("GOGC=", "GOMEMLIMIT=", "GODEBUG="),
			set: func(c *result.Cell, v string) { c.Env = v }},
		{Name: "cpus", Kind: "CPUs", Help: "CPUs the workers may run on, such as 0-1,3; each flag is one value", Whole: true,
			parse: cpuList, set: func(c *result.Cell, v string) { c.CPUs = v }},
		{Name: "worker", Kind: "NAME=COMMAND", Help: "also measure each cell by a worker in another language, such as python=python3 or node=node; each flag is one", Whole: true, FlagOnly: true,
			parse: languageNamed, join: languages,
			set: func(c *result.Cell, v string) { c.Language = v }},
	}
}

// AxisOf returns the axis of a name; the zero Axis for none.
func AxisOf(name string) Axis {
	for _, axis := range Axes() {
		if axis.Name == name {
			return axis
		}
	}
	return Axis{}
}

// product is the order in which axes are multiplied, the outermost first; those
// that are not in it follow as they are declared. What makes the work comes before
// what does it, so that cells that are compared stand together.
var product = []string{"scenario", "endpoint", "corpus", "block", "stream", "iters", "rate", "codec", "dict", "runner", "workers", "gomaxprocs", "cpus"}

// multiplied returns the axes in the order of the product.
func multiplied() []Axis {
	all := Axes()
	rank := func(a Axis) int {
		if at := slices.Index(product, a.Name); at >= 0 {
			return at
		}
		return len(product)
	}
	slices.SortStableFunc(all, func(a, b Axis) int { return rank(a) - rank(b) })
	return all
}

func takesCodec(s scenarios.Info) bool  { return s.Codec }
func takesCorpus(s scenarios.Info) bool { return s.Corpus }

// anyScenario reports whether one of the scenarios is as asked.
func anyScenario(reg *harness.Registry, names []string, is func(scenarios.Info) bool) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		_, _, info := reg.Infos("", "", name)
		return is(info)
	})
}

// number returns what sets a field to a whole number.
func number(field func(*result.Cell) *int) func(*result.Cell, string) {
	return func(c *result.Cell, v string) { *field(c), _ = strconv.Atoi(v) }
}

func scenarioEndpoints(s scenarios.Info) []string {
	var names []string
	for _, e := range s.Endpoints {
		names = append(names, e.Name)
	}
	return names
}

// endpoints returns those of all scenarios.
func endpoints(reg *harness.Registry) []string {
	var names []string
	for _, name := range reg.Scenarios() {
		_, _, info := reg.Infos("", "", name)
		names = append(names, scenarioEndpoints(info)...)
	}
	return names
}

// block parses a size into the form of names.
func block(_ *harness.Registry, text string) ([]string, error) {
	n, err := corpus.ParseBlock(text)
	return []string{result.BlockName(n)}, err
}

// streamSize parses the size of a stream's content.
func streamSize(_ *harness.Registry, text string) ([]string, error) {
	n, err := corpus.ParseBlock(text)
	if err == nil && n == 0 {
		err = errors.New("want a size, such as 256KiB: a stream has to have some length")
	}
	return []string{strconv.FormatInt(n, 10)}, err
}

// ErrEmpty is the error of a text with nothing where a value belongs.
var ErrEmpty = errors.New("an empty value: name at least one, with none left out between commas")

// Parse returns the values that a text stands for: elements between commas, or
// one where the axis is Whole.
func (a Axis) Parse(reg *harness.Registry, text string) ([]string, error) {
	elements := []string{text}
	if !a.Whole {
		elements = Split(text)
	}
	var values []string
	for _, element := range elements {
		if element == "" {
			return nil, ErrEmpty
		}
		some := []string{element}
		var err error
		switch {
		case a.parse != nil:
			some, err = a.parse(reg, element)
		case a.names != nil && !slices.Contains(a.names(reg), element):
			err = harness.UnknownName(a.Name, element, a.names(reg))
		}
		if err != nil {
			return nil, err
		}
		values = append(values, some...)
	}
	return values, nil
}

// Suggest returns values that typed, the element under the cursor, may become.
// Values that do not begin with it are among them.
func (a Axis) Suggest(reg *harness.Registry, typed string) []Suggestion {
	switch {
	case a.suggest != nil:
		return a.suggest(reg, typed)
	case a.names != nil:
		return fixed(a.names(reg)...)(reg, typed)
	}
	return nil
}

// Split cuts a text at its commas. An element in double quotes keeps those it
// has: '"a,b.log",c.log' is two file names.
func Split(text string) []string {
	var out []string
	for {
		if quoted, after, ok := cutQuoted(text); ok {
			out = append(out, quoted)
			if after == "" {
				return out
			}
			text = after[1:]
			continue
		}
		element, rest, more := strings.Cut(text, ",")
		out = append(out, strings.TrimSpace(element))
		if !more {
			return out
		}
		text = rest
	}
}

// cutQuoted returns the quoted element that text begins with, and what is after
// it: nothing, or a comma and more.
func cutQuoted(text string) (quoted, after string, ok bool) {
	rest, ok := strings.CutPrefix(text, `"`)
	if !ok {
		return "", "", false
	}
	quoted, after, ok = strings.Cut(rest, `"`)
	return quoted, after, ok && (after == "" || after[0] == ',')
}
