package plan

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zstdshop/codecs"
	"zstdshop/harness"
	"zstdshop/harness/result"
)

// levels parses a level, or a range such as 1..9; which there are is the codec's to
// say. A range over 0 passes it by: on zstd's scale it is no level.
func levels(_ *harness.Registry, text string) ([]string, error) {
	const want = "want a whole number on the zstd scale, such as 3, 19 or -5, or a range such as 1..9"
	all, err := sweep(text, wholeNumber(want))
	return texted(passing0(all)), err
}

// wholeNumber returns a parser with that error.
func wholeNumber(want string) func(string) (int, error) {
	return func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0, errors.New(want)
		}
		return n, nil
	}
}

// passing0 leaves 0 out where it is inside of a range.
func passing0(all []int) []int {
	if at := slices.Index(all, 0); at > 0 && at < len(all)-1 {
		return slices.Delete(all, at, at+1)
	}
	return all
}

// allCodecs is the name that stands for every codec to choose from.
const allCodecs = "all"

// choices are the codecs that compress, but for those with threads of their own, which
// are concurrency models as much as codecs.
func choices(reg *harness.Registry) []string {
	return slices.DeleteFunc(slices.Clone(reg.Codecs()), func(name string) bool {
		info, _, _ := reg.Infos(name, "", "")
		return info.Ceiling || info.Threads
	})
}

// effort checks the word for a level that every codec with levels knows.
func effort(_ *harness.Registry, text string) ([]string, error) {
	if _, err := new(codecs.Levels).For(codecs.Effort(text)); err != nil {
		return nil, fmt.Errorf("want one of %s", strings.Join(efforts(), ", "))
	}
	return []string{text}, nil
}

func efforts() (words []string) {
	for _, e := range codecs.Efforts() {
		words = append(words, string(e))
	}
	return words
}

// codecNamed parses "klauspost", which is to have all of the levels, or
// "klauspost@3", or "klauspost@1..9"; or "all".
func codecNamed(reg *harness.Registry, text string) ([]string, error) {
	name, own, hasOwn := strings.Cut(text, "@")
	codec, err := reg.Codec(name)
	if err != nil && name == allCodecs {
		if hasOwn {
			return nil, fmt.Errorf("%s has no levels of its own: write %s alone, with --effort or --level", allCodecs, allCodecs)
		}
		return choices(reg), nil
	}
	if err != nil || !hasOwn {
		return []string{name}, err
	}
	scale := codec.Info().Levels
	if scale == nil {
		return nil, fmt.Errorf("%s has no levels: write %s alone", name, name)
	}
	all, err := sweep(own, wholeNumber(fmt.Sprintf("the level after @ is no number: write %s@3, or a range such as %s@1..9", name, name)))
	if err != nil {
		return nil, err
	}
	if !scale.Own {
		all = passing0(all)
	}
	var out []string
	for _, n := range all {
		if _, err := codec.EffectiveLevel(n); err != nil {
			return nil, err
		}
		out = append(out, fmt.Sprintf("%s@%d", name, n))
	}
	return out, nil
}

// codecLevels returns each codec with each level asked of it, as name@level, in the
// order in which the codecs are named first.
func codecLevels(reg *harness.Registry, m map[string][]string) ([]string, error) {
	named, err := namedCodecs(reg, m)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, c := range named {
		if c.scale == nil {
			out = append(out, c.name)
			continue
		}
		if len(c.levels) == 0 {
			return nil, fmt.Errorf("%w: codec %s: no level", result.ErrPlan, c.name)
		}
		for _, level := range c.levels {
			switch err := c.check(level); {
			case err == nil:
				out = append(out, c.name+"@"+level)
			case !c.leavesOut(level, named):
				return nil, fmt.Errorf("codec %s@%s: %w", c.name, level, err)
			}
		}
	}
	return out, nil
}

// lacking warns of codecs that lack some of the levels that all are asked for.
func lacking(reg *harness.Registry, m map[string][]string) []result.Warning {
	named, _ := namedCodecs(reg, m) // whose error is that of the cells
	var out []result.Warning
	for _, c := range named {
		var without []string
		for _, level := range c.levels {
			if c.check(level) != nil && c.leavesOut(level, named) {
				without = append(without, level)
			}
		}
		if len(without) > 0 {
			out = append(out, result.Warning{Code: "level_lacking",
				Text: fmt.Sprintf("%s has no level %s and is measured without: its levels are %d..%d",
					c.name, strings.Join(without, ", "), c.scale.Min, c.scale.Max)})
		}
	}
	return out
}

// namedCodec is a codec of a matrix and the levels that are asked of it.
type namedCodec struct {
	name   string
	codec  codecs.Codec
	scale  *codecs.Levels
	levels []string
}

// namedCodecs returns the codecs in the order in which they are named first.
func namedCodecs(reg *harness.Registry, m map[string][]string) ([]*namedCodec, error) {
	var all []*namedCodec
	for _, text := range m["codec"] {
		name, own, hasOwn := strings.Cut(text, "@")
		at := slices.IndexFunc(all, func(c *namedCodec) bool { return c.name == name })
		if at < 0 {
			codec, err := reg.Codec(name)
			if err != nil {
				return nil, err
			}
			at, all = len(all), append(all, &namedCodec{name: name, codec: codec, scale: codec.Info().Levels})
		}
		c := all[at]
		if hasOwn {
			c.levels = append(c.levels, own)
			continue
		}
		levels, err := c.usual(m["level"], m["effort"])
		if err != nil {
			return nil, fmt.Errorf("codec %s: %w", name, err)
		}
		c.levels = append(c.levels, levels...)
	}
	return all, nil
}

// usual returns the levels of a codec that is named without one. levels are of zstd's
// scale, and efforts what they are on the codec's own.
func (c *namedCodec) usual(levels, efforts []string) ([]string, error) {
	if c.scale == nil {
		return nil, nil
	}
	var out []string
	if !c.scale.Own {
		out = slices.Clone(levels)
	}
	for _, word := range efforts {
		level, err := c.scale.For(codecs.Effort(word))
		if err != nil {
			return nil, err
		}
		out = append(out, strconv.Itoa(level))
	}
	if len(out) == 0 && c.scale.Own {
		out = []string{strconv.Itoa(c.scale.Default)}
	}
	return out, nil
}

// check returns why the codec has no such level.
func (c *namedCodec) check(level string) error {
	n, err := strconv.Atoi(level)
	if err == nil {
		_, err = c.codec.EffectiveLevel(n)
	}
	return err
}

// leavesOut reports whether the codec is measured without a level that it lacks: where
// all codecs were asked for it, and one of the others has it.
func (c *namedCodec) leavesOut(level string, named []*namedCodec) bool {
	return slices.ContainsFunc(named, func(other *namedCodec) bool {
		return other != c && other.scale != nil && !other.scale.Own && slices.Contains(other.levels, level) && other.check(level) == nil
	})
}

func setCodec(c *result.Cell, value string) {
	name, level, has := strings.Cut(value, "@")
	c.Codec = name
	if n, err := strconv.Atoi(level); has && err == nil {
		c.SetLevel(n)
	}
}
