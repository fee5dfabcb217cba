package reports

import (
	"errors"
	"fmt"
	"math"

	"zstdshop/harness/result"
)

// ErrNotCompared is returned by Answer where turns beside each other say nothing about
// two cells that do the same work.
var ErrNotCompared = errors.New("they were not compared")

// Answer says how many times as fast the cell a is as b, names of cells of r, by their
// turns beside each other. Its error wraps ErrNotCompared where there are none.
func Answer(r *result.Result, a, b string) (result.Answer, error) {
	of, with, err := pairOf(r, a, b)
	if err != nil {
		return result.Answer{}, err
	}
	c, ok := verdictsOf(r).of(a, b)
	if !ok || !(c.TimeRatio.Est > 0) {
		return result.Answer{}, fmt.Errorf("%s and %s: %w", of.Name, with.Name, ErrNotCompared)
	}
	up := reversed(c).TimeRatio // b's time over a's: how many times as fast a is
	return result.Answer{
		Cell: a, Against: b, TimesAsFast: up, Verdict: c.Verdict, ByTurns: true,
		Words: timesAsFast(of, with, up) + ": " + c.Verdict,
	}, nil
}

// AnswerApart is Answer from the intervals of both speeds, where they did not take
// turns: because they are of different levels, or of a result that keeps no samples.
func AnswerApart(r *result.Result, a, b string) (result.Answer, error) {
	of, with, err := pairOf(r, a, b)
	if err != nil {
		return result.Answer{}, err
	}
	mine, other := of.NSPerOp, with.NSPerOp
	up := result.Ratio{Est: other.Est / mine.Est, Confidence: r.Plan.Confidence}
	verdict := result.VerdictUndecided
	if mine.Lo != nil && mine.Hi != nil && other.Lo != nil && other.Hi != nil && *mine.Lo > 0 && *other.Lo > 0 {
		lo, hi := *other.Lo / *mine.Hi, *other.Hi / *mine.Lo
		up.Lo, up.Hi = &lo, &hi
		switch {
		case lo > 1:
			verdict = result.VerdictFaster
		case hi < 1:
			verdict = result.VerdictSlower
		}
	}
	return result.Answer{
		Cell: a, Against: b, TimesAsFast: up, Verdict: verdict,
		Words: timesAsFast(of, with, up) + ": " + verdict + ", by the intervals of both, which took no turns beside each other",
	}, nil
}

// answerLines says in words what was answered.
func answerLines(r *result.Result) []string {
	return mapped(r.Answers, func(a result.Answer) string { return a.Words })
}

// pairOf is the cells of two names, which must do the same work on the same data.
func pairOf(r *result.Result, a, b string) (of, with *result.CellResult, err error) {
	cells := cellsByName(r)
	for _, name := range []string{a, b} {
		c := cells[name]
		if c == nil {
			return nil, nil, fmt.Errorf("the result has no cell %s", name)
		}
		if !hasSpeed(c) {
			return nil, nil, fmt.Errorf("%s has no speed (%s)", name, c.Status)
		}
	}
	of, with = cells[a], cells[b]
	for _, k := range keysOfKind(result.Data) {
		if x, y := drawKey(k, of), drawKey(k, with); x != y {
			return nil, nil, fmt.Errorf("%s and %s do other work: %s %q and %q cannot be held against each other", a, b, k.Name, x, y)
		}
	}
	if of.Host != with.Host {
		return nil, nil, fmt.Errorf("%s and %s were measured on two machines", a, b)
	}
	if of.Items > 0 && with.Items > 0 && of.BytesIn*int64(with.Items) != with.BytesIn*int64(of.Items) {
		return nil, nil, fmt.Errorf("%s and %s worked on different data", a, b)
	}
	return of, with, nil
}

func timesAsFast(of, with *result.CellResult, up result.Ratio) string {
	draw := func(v float64) string { return fixedPlaces(v, 2) }
	interval := "?"
	if up.Lo != nil && up.Hi != nil && !math.IsInf(*up.Hi, 0) {
		interval = draw(*up.Lo) + ".." + draw(*up.Hi)
	}
	name := model
	if levelAsked(of) != levelAsked(with) {
		name = levelModel
	}
	text := fmt.Sprintf("%s: %s is %s (%s) times as fast as %s", where(set{of, with}), name(of), draw(up.Est), interval, name(with))
	if of.WholeRatio() != nil && with.WholeRatio() != nil && ratioText(of) != ratioText(with) {
		text += fmt.Sprintf(" (ratio %s against %s)", ratioText(of), ratioText(with))
	}
	return visible(text)
}

// levelModel is model with the level.
func levelModel(c *result.CellResult) string {
	if !c.HasLevel() {
		return model(c)
	}
	named := *c
	named.Codec += "@" + levelAsked(c)
	return model(&named)
}
