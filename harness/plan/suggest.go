package plan

import (
	"fmt"
	"strings"

	"zstdshop/codecs"
	"zstdshop/harness"
	"zstdshop/runners"
	"zstdshop/scenarios"
	"zstdshop/scenarios/corpus"
)

// Suggestion is a value that an axis may have, and what is said of it in lists.
type Suggestion struct{ Text, About string }

// fixed suggests the same always.
func fixed(texts ...string) func(*harness.Registry, string) []Suggestion {
	return func(*harness.Registry, string) []Suggestion {
		var out []Suggestion
		for _, text := range texts {
			out = append(out, Suggestion{Text: text})
		}
		return out
	}
}

// suggestCodecs returns the codecs, or with name@ typed some levels of that one.
func suggestCodecs(reg *harness.Registry, typed string) []Suggestion {
	name, _, at := strings.Cut(typed, "@")
	if !at {
		each := about(reg.Codecs(), reg.Codec, describe)
		return append(each, Suggestion{allCodecs, strings.Join(choices(reg), ", ")})
	}
	var out []Suggestion
	codec, err := reg.Codec(name)
	if err != nil || codec.Info().Levels == nil {
		return nil
	}
	for _, l := range []int{1, 3, 5, 9, 19} {
		if effective, err := codec.EffectiveLevel(l); err == nil {
			out = append(out, Suggestion{fmt.Sprintf("%s@%d", name, l), fmt.Sprintf("effective level %d", effective)})
		}
	}
	scale := codec.Info().Levels
	return append(out, Suggestion{fmt.Sprintf("%s@%d..%d", name, scale.Fastest, scale.Best), "all from the fastest to the best in ordinary use"})
}

// describe returns what lists say of a codec.
func describe(codec codecs.Codec) string {
	info := codec.Info()
	if info.Unavailable != "" {
		return "unavailable: " + info.Unavailable
	}
	text := fmt.Sprintf("%s (%s %s)", info.Summary, info.Library, info.Version)
	if _, ok := codec.(codecs.DictCodec); ok {
		text += ", dictionaries"
	}
	if info.Levels != nil {
		text += fmt.Sprintf(", levels %d..%d", info.Levels.Min, info.Levels.Max)
	}
	return text
}

func suggestRunners(reg *harness.Registry, _ string) []Suggestion {
	return about(reg.Runners(), reg.Runner, func(r runners.Runner) string { return r.Info().Summary })
}

func suggestScenarios(reg *harness.Registry, _ string) []Suggestion {
	return about(reg.Scenarios(), reg.Scenario, func(s scenarios.Scenario) string { return s.Info().Summary })
}

// about returns the entries of those names with what is said of each.
func about[T any](names []string, get func(string) (T, error), say func(T) string) []Suggestion {
	var out []Suggestion
	for _, name := range names {
		if entry, err := get(name); err == nil {
			out = append(out, Suggestion{name, say(entry)})
		}
	}
	return out
}

func suggestCorpora(*harness.Registry, string) []Suggestion { return described(corpus.List()) }

// described returns the entries of a list of package corpus.
func described(list []corpus.Info) []Suggestion {
	var out []Suggestion
	for _, info := range list {
		out = append(out, Suggestion{info.Name, info.Summary})
	}
	return out
}
