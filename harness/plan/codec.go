package plan

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/result"
)

// level parses a level; which there are is the codec's to say.
func level(_ *harness.Registry, text string) ([]string, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil, errors.New("want a whole number on the zstd scale, such as 3, 19 or -5")
	}
	return []string{strconv.Itoa(n)}, nil
}

// codecNamed parses "klauspost", which is to have all of the levels, or
// "klauspost@3".
func codecNamed(reg *harness.Registry, text string) ([]string, error) {
	name, own, hasOwn := strings.Cut(text, "@")
	codec, err := reg.Codec(name)
	if err != nil || !hasOwn {
		return []string{name}, err
	}
	if codec.Info().Levels == nil {
		return nil, fmt.Errorf("%s has no levels: write %s alone", name, name)
	}
	n, err := strconv.Atoi(own)
	if err != nil {
		return nil, fmt.Errorf("the level after @ is no number: write %s@3", name)
	}
	_, err = codec.EffectiveLevel(n)
	return []string{fmt.Sprintf("%s@%d", name, n)}, err
}

// codecLevels returns each codec with each level asked of it, as name@level, in the
// order in which the codecs are named first.
func codecLevels(reg *harness.Registry, m map[string][]string) ([]string, error) {
	var names []string
	levels := map[string][]string{}
	for _, text := range m["codec"] {
		name, own, hasOwn := strings.Cut(text, "@")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		codec, err := reg.Codec(name)
		if err != nil {
			return nil, err
		}
		switch scale := codec.Info().Levels; {
		case hasOwn:
			levels[name] = append(levels[name], own)
		case scale != nil && scale.Own:
			// --level is of zstd's scale.
			levels[name] = append(levels[name], strconv.Itoa(scale.Default))
		default:
			levels[name] = append(levels[name], m["level"]...)
		}
	}
	var out []string
	for _, name := range names {
		codec, err := reg.Codec(name)
		if err != nil {
			return nil, err
		}
		if codec.Info().Levels == nil {
			out = append(out, name)
			continue
		}
		if len(levels[name]) == 0 {
			return nil, fmt.Errorf("%w: codec %s: no level", result.ErrPlan, name)
		}
		for _, text := range levels[name] {
			level, err := strconv.Atoi(text)
			if err == nil {
				_, err = codec.EffectiveLevel(level)
			}
			if err != nil {
				return nil, fmt.Errorf("codec %s@%s: %w", name, text, err)
			}
			out = append(out, name+"@"+text)
		}
	}
	return out, nil
}

func setCodec(c *result.Cell, value string) {
	name, level, has := strings.Cut(value, "@")
	c.Codec = name
	if n, err := strconv.Atoi(level); has && err == nil {
		c.SetLevel(n)
	}
}
