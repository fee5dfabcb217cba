package history

import (
	"cmp"
	"slices"
	"time"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// Point is one run's value in a series.
type Point struct {
	Run       string
	Started   time.Time
	Commit    string
	Committed time.Time // zero where unknown
	Est       float64
	Lo, Hi    *float64
	Data      string // what the cell worked on; "" where unknown
	Method    string // of measuring; "" of a figure that does not depend on it
}

// when is what orders points: a commit that is measured late stands where it was made.
func (p Point) when() time.Time {
	if p.Committed.IsZero() {
		return p.Started
	}
	return p.Committed
}

// Series is what became of one metric of one cell on one machine and one branch, in the
// order of the commits; of runs that do not know theirs, in that of the runs.
type Series struct {
	Machine, Host string
	Branch        string // "" where unknown
	Cell, Metric  string
	Points        []Point
}

// seriesOf sorts the figures of runs into series, in order of first appearance.
func seriesOf(runs []Run) []Series {
	var out []Series
	at := map[[4]string]int{}
	for _, r := range runs {
		for _, v := range r.Figures {
			key := [4]string{r.Machine, r.Branch, v.Cell, v.Metric}
			n, ok := at[key]
			if !ok {
				n = len(out)
				at[key] = n
				out = append(out, Series{Machine: r.Machine, Host: r.Host, Branch: r.Branch, Cell: v.Cell, Metric: v.Metric})
			}
			p := Point{r.ID, r.Started, r.Commit, r.Committed, v.Est, v.Lo, v.Hi, v.Data, r.Method}
			if metricOf(v.Metric).Compare == result.Exactly {
				p.Method = ""
			}
			out[n].Points = append(out[n].Points, p)
		}
	}
	for _, s := range out {
		slices.SortStableFunc(s.Points, func(a, b Point) int { return cmp.Or(a.when().Compare(b.when()), a.Started.Compare(b.Started)) })
	}
	return out
}

// Values are the estimates of the points.
func (s Series) Values() []float64 {
	out := make([]float64, len(s.Points))
	for i, p := range s.Points {
		out[i] = p.Est
	}
	return out
}

// ground is what a value rests on beside the code: other data, or another sample of the
// same, have another ratio and speed in unchanged code, and so has another way of measuring.
type ground struct{ data, method string }

func (p Point) ground() ground { return ground{p.Data, p.Method} }

// Parts are the points of each data that the cell worked on and each method, as series of
// their own, that of the newest point last.
func (s Series) Parts() []Series {
	newest := s.Points[len(s.Points)-1].ground()
	var parts []Series
	for _, of := range result.GroupBy(s.Points, Point.ground) {
		part := s
		part.Points = of
		parts = append(parts, part)
	}
	slices.SortStableFunc(parts, func(a, b Series) int {
		last := func(p Series) int {
			if p.Points[0].ground() == newest {
				return 1
			}
			return 0
		}
		return last(a) - last(b)
	})
	return parts
}

// Break is where no level is compared across: Last and First are the points before and
// after, of other data or of another way of measuring.
type Break struct{ Last, First Point }

// Breaks finds where a cell worked on other data than in the run before, or was measured in
// another way.
func (s Series) Breaks() (out []Break) {
	for i := 1; i < len(s.Points); i++ {
		if a, b := s.Points[i-1], s.Points[i]; a.ground() != b.ground() {
			out = append(out, Break{a, b})
		}
	}
	return out
}

// ChangePoint is where a series' level changed: after Last, by First at the
// latest, so the cause is a commit after Last's and up to First's.
type ChangePoint struct {
	stats.Change
	Last, First Point
	Worse       bool
}

// Changes finds the change points of the series, among the runs on each data by each method. Index
// counts the points of one part.
func (s Series) Changes(o stats.ChangeOptions) []ChangePoint {
	var out []ChangePoint
	for _, part := range s.Parts() {
		for _, c := range stats.Changes(part.Values(), o) {
			out = append(out, ChangePoint{c, part.Points[c.Index-1], part.Points[c.Index],
				c.After > c.Before != metricOf(s.Metric).MoreIsBetter()})
		}
	}
	return out
}

// byMachine are the series of each machine and branch, in order of first appearance.
func byMachine(series []Series) [][]Series {
	return result.GroupBy(series, func(s Series) [2]string { return [2]string{s.Machine, s.Branch} })
}

// usualBranches are what the main line of a repository is called, likeliest first.
var usualBranches = []string{"main", "master", "trunk", "develop"}

// OfDefaultBranch are the series of the branch that is meant where none is named: the one
// called main or the like, else the one with the most points; others are the names of
// those left out.
func OfDefaultBranch(series []Series) (kept []Series, others []string) {
	points := map[string]int{}
	for _, s := range series {
		if !slices.Contains(others, s.Branch) {
			others = append(others, s.Branch)
		}
		points[s.Branch] += len(s.Points)
	}
	if len(others) < 2 {
		return series, nil
	}
	branch := slices.MaxFunc(others, func(a, b string) int { return points[a] - points[b] })
	if i := slices.IndexFunc(usualBranches, func(b string) bool { return slices.Contains(others, b) }); i >= 0 {
		branch = usualBranches[i]
	}
	kept = slices.DeleteFunc(slices.Clone(series), func(s Series) bool { return s.Branch != branch })
	return kept, slices.DeleteFunc(others, func(b string) bool { return b == branch })
}

// Usual are the series that are shown where no metric is named: those of time and ratio,
// and of what else has changed.
func Usual(series []Series, o stats.ChangeOptions) []Series {
	return slices.DeleteFunc(slices.Clone(series), func(s Series) bool {
		name := metricOf(s.Metric).Key
		return name != result.MetricTime && name != result.MetricRatio && len(s.Changes(o)) == 0
	})
}
