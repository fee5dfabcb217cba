package plan

import (
	"fmt"
	"strconv"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/result"
)

// unscaled tells of codecs that levels which were asked for say nothing about: those named
// without one whose levels are their library's own. It is an error where no other takes
// them, since whoever asked would read another level's figures for theirs.
func unscaled(reg *harness.Registry, asked, m Matrix) ([]result.Warning, error) {
	if len(asked["level"]) == 0 || !anyScenario(reg, m["scenario"], takesCodec) {
		return nil, nil
	}
	var own []*namedCodec
	taken := false
	for _, text := range m["codec"] {
		name, _, hasOwn := strings.Cut(text, "@")
		codec, err := reg.Codec(name)
		switch {
		case err != nil:
			return nil, err
		case hasOwn, codec.Info().Levels == nil:
			continue
		case !codec.Info().Levels.Own:
			taken = true
			continue
		}
		c := &namedCodec{name: name, scale: codec.Info().Levels}
		if c.levels, err = c.usual(nil, m["effort"]); err != nil {
			return nil, err
		}
		own = append(own, c)
	}
	switch {
	case len(own) > 0 && !taken:
		var scales, write []string
		for _, c := range own {
			scales = append(scales, fmt.Sprintf("%s has its own, %d..%d", c.name, c.scale.Min, c.scale.Max))
			write = append(write, c.name+"@"+c.nearest(asked["level"][0]))
		}
		return nil, fmt.Errorf("it is zstd's scale, and %s: write --codec %s", strings.Join(scales, ", and "), strings.Join(write, ","))
	case len(own) > 0:
		var at []string
		for _, c := range own {
			at = append(at, c.name+"@"+strings.Join(c.levels, ","+c.name+"@"))
		}
		return []result.Warning{{Code: "level_scale",
			Text: fmt.Sprintf("--level is zstd's scale and says nothing about codecs with their own, which are measured as %s: name their levels like that to choose", strings.Join(at, ","))}}, nil
	case !taken:
		return []result.Warning{{Code: "unused_flag",
			Text: fmt.Sprintf("--level says nothing about %s and was passed over: drop it", strings.Join(m["codec"], ", "))}}, nil
	}
	return nil, nil
}

// nearest is the level of the codec's own scale that looks like the one asked for.
func (c *namedCodec) nearest(level string) string {
	n, _ := strconv.Atoi(level) // which the axis has parsed
	return strconv.Itoa(min(max(n, c.scale.Min), c.scale.Max))
}
