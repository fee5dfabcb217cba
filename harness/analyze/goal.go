package analyze

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// A Goal is what somebody wants of compression: of the cells that keep within all
// bounds the one that is best by the aim. ParseGoal makes one.
type Goal struct {
	Text   string // as asked for
	Bounds []Bound
	aim    string // aimSize, aimSpeed or aimBalanced
	// ratio is by which the cells under advice are held against each other.
	ratio func(*result.CellResult) float64
}

const (
	aimSize     = "size"
	aimSpeed    = "speed"
	aimBalanced = "balanced"
)

// Aim is what is best for the goal, in words: also where the goal leaves it to its bounds.
func (g Goal) Aim() string {
	switch g.aim {
	case aimSize:
		return "the best ratio"
	case aimSpeed:
		return "the most speed"
	}
	return "a balance of size and speed"
}

// alsoSpeed is another word for aimSpeed.
const alsoSpeed = "fastest"

// Figures are the names of the metrics that the goal is about: those of its bounds, the
// ratio for size and the speed for speed.
func (g Goal) Figures() (names []string) {
	for _, b := range g.Bounds {
		names = append(names, b.metric.Name)
	}
	if ratio, ok := result.MetricOf(result.MetricRatio); ok && g.aim != aimSpeed {
		names = append(names, ratio.Name)
	}
	if g.aim != aimSize {
		names = append(names, speedMetric().Name)
	}
	return names
}

// A Bound is the least or the most that a figure may be.
type Bound struct {
	Text string // as asked for
	// Scenario is whose speed is bounded; "" for a figure of another metric, which
	// each scenario of the goal must keep.
	Scenario string
	Value    float64 // in base units: bytes a second, nanoseconds, bytes
	AtLeast  bool
	strict   bool // the value itself is not within
	metric   result.Metric
}

// ErrGoal is wrapped where the result lacks the cells that would tell.
var ErrGoal = errors.New("cannot recommend")

// ParseGoal parses an aim, bounds, or both between commas:
//
//	size
//	decompress>=500MB/s
//	compress>=100MB/s,decompress>=500MB/s,ratio>=3,p99<1ms,memory<64MiB
//	fastest at ratio>=3
//
// Bounds without an aim leave the best ratio to be looked for where they are speeds
// alone, else the most speed.
func ParseGoal(text string) (Goal, error) {
	g := Goal{Text: text}
	before, after, at := strings.Cut(text, " at ")
	parts := strings.Split(before, ",")
	if at {
		parts = append(parts, strings.Split(after, ",")...)
	}
	for _, part := range parts {
		part = strings.TrimSpace(part)
		switch part {
		case alsoSpeed:
			part = aimSpeed
			fallthrough
		case aimSize, aimSpeed, aimBalanced:
			if g.aim != "" {
				return Goal{}, fmt.Errorf("it asks for %s and for %s: give --recommend once for each", g.aim, part)
			}
			g.aim = part
			continue
		}
		b, err := parseBound(part)
		if err != nil {
			return Goal{}, err
		}
		if i := slices.IndexFunc(g.Bounds, b.sameSide); i >= 0 {
			return Goal{}, fmt.Errorf("%s and %s bound the same: drop one of them", g.Bounds[i].Text, b.Text)
		}
		g.Bounds = append(g.Bounds, b)
	}
	if g.aim == "" {
		g.aim = aimSize
		if slices.ContainsFunc(g.Bounds, func(b Bound) bool { return b.Scenario == "" }) {
			g.aim = aimSpeed
		}
	}
	return g, nil
}

// parseBound parses compress>=100MB/s, ratio>=3 or p99<1ms.
func parseBound(text string) (Bound, error) {
	i := strings.IndexAny(text, "<>")
	if i < 0 {
		return Bound{}, errGoal()
	}
	b := Bound{Text: text, AtLeast: text[i] == '>'}
	limit, inclusive := strings.CutPrefix(text[i+1:], "=")
	b.strict = !inclusive
	name := strings.TrimSpace(text[:i])
	limit = strings.TrimSpace(limit)
	figure, named := figureNamed(name)
	of := ofSpeed
	switch {
	case named && figure.Goal == "":
		return Bound{}, fmt.Errorf("%s: no goal can be about %s: figures are %s", text, figure.Name, strings.Join(goalNames(), ", "))
	case named:
		b.metric = figure
		of = dimensionOf(b.metric)
	case name == "" || strings.ContainsAny(name, " \t"):
		return Bound{}, errGoal()
	default:
		b.Scenario = name
		b.metric = speedMetric()
	}
	var err error
	if b.Value, err = of.parse(limit); err != nil && b.Scenario != "" {
		err = fmt.Errorf("%w (%s is none of the figures, and so a scenario; figures are %s)", err, name, strings.Join(goalNames(), ", "))
	}
	if err != nil {
		return Bound{}, fmt.Errorf("%s: %w", text, err)
	}
	if best := b.metric.Better == result.Higher; best != b.AtLeast {
		return Bound{}, fmt.Errorf("%s: the %s is bounded from the other side: write %s", text, what(name, named), strings.NewReplacer("<", ">", ">", "<").Replace(text))
	}
	return b, nil
}

// figureNamed returns the metric that a bound names: by its name in goals or that of its
// column, with hyphens or with spaces.
func figureNamed(name string) (result.Metric, bool) {
	spaced := strings.ReplaceAll(name, "-", " ")
	is := func(have string) bool {
		return have != "" && (strings.EqualFold(have, name) || strings.EqualFold(have, spaced))
	}
	all := result.Metrics()
	at := slices.IndexFunc(all, func(m result.Metric) bool { return is(m.Goal) || is(m.Name) })
	if at < 0 {
		return result.Metric{}, false
	}
	return all[at], true
}

func what(name string, figure bool) string {
	if figure {
		return name
	}
	return "speed of " + name
}

// speedMetric is that of a scenario's speed.
func speedMetric() result.Metric {
	all := result.Metrics()
	return all[slices.IndexFunc(all, func(m result.Metric) bool { return m.Speed })]
}

// sameSide reports whether two bounds are about one end of one figure.
func (b Bound) sameSide(other Bound) bool {
	return b.Scenario == other.Scenario && b.metric.Name == other.metric.Name && b.AtLeast == other.AtLeast
}

// goalNames are the figures that can be bounded.
func goalNames() []string {
	var names []string
	for _, m := range result.Metrics() {
		if m.Goal != "" {
			names = append(names, m.Goal)
		}
	}
	return names
}

func errGoal() error {
	return fmt.Errorf("want size, speed or balanced, or bounds between commas: the least speed of a scenario, such as decompress>=500MB/s, and of %s, such as ratio>=3,p99<1ms,memory<64MiB,flush p99<1ms",
		strings.Join(goalNames(), ", "))
}

// Scenarios are those whose speeds are bounded: they must be measured.
func (g Goal) Scenarios() []string {
	var names []string
	for _, b := range g.Bounds {
		if b.Scenario != "" && !slices.Contains(names, b.Scenario) {
			names = append(names, b.Scenario)
		}
	}
	return names
}

// OfStreams is the first bound on a figure that only streams have; false for none.
func (g Goal) OfStreams() (Bound, bool) {
	if i := slices.IndexFunc(g.Bounds, func(b Bound) bool { return b.metric.Stream }); i >= 0 {
		return g.Bounds[i], true
	}
	return Bound{}, false
}
