package analyze

import (
	"math"

	"zstdshop/harness/journal"
	"zstdshop/stats"
)

// A cell's own time is that of the calm machine. All slices count, each brought
// to a calm machine by what the sentinels around it say:
//
//	log time per task = cell's own + slope * (sentinel - calm) + noise
//
// in logarithms. The sentinel is the lower of the two around the slice: one that
// was itself interrupted says nothing of the slice. One slope serves the whole
// run, since one cell's is known badly and those of different cells hardly differ
// (docs/method.md); slices are compared with those of their own cell only, so a
// slow cell is no sign of a slow machine. calm is that of the cells that have as
// many sentinels run at once (calmOf): where two CPUs share a core, two sentinels
// slow each other down as the work does.
//
// A sentinel is a glance: it says how the machine was for 6 us, not for the slice.
// Fitted by least squares, the slope would be too small by as much as glances differ
// from what they stand for. Two glances err each for itself, so the slope is that of
// the instrumental variable, each sentinel for the other one:
//
//	slope = (cov(time, before) + cov(time, after)) / 2 cov(before, after)
//
// (Wald, "The Fitting of Straight Lines if Both Variables are Subject to Error", Annals
// of Mathematical Statistics 11, 1940; Durbin, "Errors in Variables", Review of the
// International Statistical Institute 22, 1954.) Where the sentinels of a run hardly
// differ but by their own errors it says little. Then it leans to 1, which is what work
// would have that slows down as the sentinel does.
//
// The interval comes from leaving out pairs of neighbouring rounds, because the
// interference outlasts a round, the slope fitted anew each time; and from a doubt in
// how far away the calm machine is, of which few slices or none were.

// doubt is the standard error of what a time is brought down by, as a share of it, where
// many runs have told how fast the machine is when it is calm, and doubtAlone where the
// run itself is all that tells: what makes the intervals of repeated runs hold each other
// (docs/method.md).
const (
	doubt      = 0.05
	doubtAlone = 0.18
)

// doubtAfter is the doubt where so many runs have told, this one included.
func doubtAfter(runs int) float64 { return doubt + (doubtAlone-doubt)/float64(max(runs, 1)) }

// lean is how many times the standard error of the covariance of two sentinels that know
// nothing of each other the slope is made to lean to 1 with.
const lean = 4

// turnSums is what is needed of a cell's turns in some rounds: x their states, a and b
// the sentinels before and after, y the logs of their time per task.
type turnSums struct{ n, x, y, a, b, aa, bb, ab, ay, by float64 }

func (s *turnSums) add(a, b, y float64) {
	s.merge(turnSums{1, min(a, b), y, a, b, a * a, b * b, a * b, a * y, b * y})
}

func (s *turnSums) merge(o turnSums) {
	s.n, s.x, s.y, s.a, s.b = s.n+o.n, s.x+o.x, s.y+o.y, s.a+o.a, s.b+o.b
	s.aa, s.bb, s.ab, s.ay, s.by = s.aa+o.aa, s.bb+o.bb, s.ab+o.ab, s.ay+o.ay, s.by+o.by
}

// CleanTimes is each cell's time for one task in nanoseconds; N is the number of
// pairs of rounds behind it, or of rounds where there are few.
func CleanTimes(log *journal.Log, all [][]forkFigures) []stats.Estimate {
	rounds := 0
	for _, fs := range all {
		for _, f := range fs {
			rounds = max(rounds, f.fork+1)
		}
	}
	size := 1
	if rounds >= MinPairs {
		size = 2
	}
	groups := (rounds + size - 1) / size
	sums := make([][]turnSums, len(all))
	calm := make([]calmState, len(all))
	states := calmStates(log, all)
	for i, fs := range all {
		sums[i] = sumTurns(fs, groups, size, paced(&log.Cells[i]))
		calm[i] = states[sentinelsOf(&log.Cells[i])]
	}
	whole, brought := cleanLogs(sums, calm, -1)
	without := make([][]float64, groups)
	for g := range without {
		without[g], _ = cleanLogs(sums, calm, g)
	}
	const many = 1e6 // degrees of freedom: the normal distribution
	normal := stats.StudentQuantile(0.5+log.Header.Plan.Confidence/2, many)
	out := make([]stats.Estimate, len(all))
	for i := range all {
		out[i] = stats.Estimate{Est: math.Exp(whole[i]), Lo: 0, Hi: math.Inf(1)}
		var left []float64
		for g := range groups {
			if sums[i][g].n > 0 {
				out[i].N++
			}
			left = append(left, without[g][i])
		}
		if out[i].N >= 2 {
			half := math.Hypot(stats.JackknifeSE(left)*stats.StudentQuantile(0.5+log.Header.Plan.Confidence/2, float64(out[i].N-1)),
				doubtAfter(calm[i].runs)*brought[i]*normal)
			out[i].Lo, out[i].Hi = math.Exp(whole[i]-half), math.Exp(whole[i]+half)
		}
	}
	return out
}

// sumTurns adds up the turns of a cell by groups of size rounds. Those in which
// its only worker was starved are left out, unless all were. How long a paced
// slice takes has nothing to do with the machine.
func sumTurns(fs []forkFigures, groups, size int, paced bool) []turnSums {
	starved := true
	for _, f := range fs {
		for _, t := range f.turns {
			starved = starved && t.starved
		}
	}
	out := make([]turnSums, groups)
	for _, f := range fs {
		for _, t := range f.turns {
			if paced {
				t.before, t.after = 0, 0
			}
			if !t.starved || starved {
				out[f.fork/size].add(t.before, t.after, t.perTask+f.collecting)
			}
		}
	}
	return out
}

// cleanLogs is the log of each cell's time for one task without the rounds of
// group skip, NaN for a cell that has no others, and how far that was brought
// down from its plain mean.
func cleanLogs(sums [][]turnSums, calm []calmState, skip int) (logs, brought []float64) {
	cells := make([]turnSums, len(sums))
	var fit slopeFit
	for i := range sums {
		for g, s := range sums[i] {
			if g != skip {
				cells[i].merge(s)
			}
		}
		if cells[i].seen() {
			fit.add(cells[i])
		}
	}
	slope := fit.slope()
	logs, brought = make([]float64, len(cells)), make([]float64, len(cells))
	for i, c := range cells {
		if c.seen() {
			brought[i] = slope * (c.x/c.n - calm[i].log)
		}
		logs[i] = c.y/c.n - brought[i]
	}
	return logs, brought
}

// seen reports whether there are turns, with sentinels.
func (s turnSums) seen() bool { return s.n > 0 && s.x != 0 }

// slopeFit is the sums of squares and products about the means of cells.
type slopeFit struct{ n, aa, bb, ab, ay, by float64 }

func (f *slopeFit) add(s turnSums) {
	f.n += s.n - 1
	f.aa += s.aa - s.a*s.a/s.n
	f.bb += s.bb - s.b*s.b/s.n
	f.ab += s.ab - s.a*s.b/s.n
	f.ay += s.ay - s.a*s.y/s.n
	f.by += s.by - s.b*s.y/s.n
}

// slope is between 0 and 1. What sentinels have for themselves is what of their variances
// they do not have in common.
func (f slopeFit) slope() float64 {
	if f.n <= 0 {
		return 0
	}
	common := max(f.ab, 0)
	w := lean * math.Sqrt(max(f.aa-common, 0)*max(f.bb-common, 0)/f.n)
	if common+w <= 0 { // no sentinel differs from another
		return 0
	}
	return min(max(((f.ay+f.by)/2+w)/(common+w), 0), 1)
}
