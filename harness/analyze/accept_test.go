package analyze

import (
	"strings"
	"testing"

	"zstdshop/harness/result"
)

// A regression is accepted by an entry of its own that the base does not have yet.
func TestAcceptEntryByEntry(t *testing.T) {
	red := func(cell string, est float64) result.Check {
		return result.Check{Cell: cell, Metric: result.MetricTime, Outcome: result.OutcomeRegression, Change: &result.Ratio{Est: est, Lo: &est, Hi: &est}}
	}
	checks := []result.Check{red("a", 2), red("b", 2), red("c", 2), red("d", 2)}
	Accept(checks, []result.Accepted{
		{Cell: "a", Metric: result.MetricTime, UpTo: 2.1, Reason: "now"},
		{Cell: "b", Metric: result.MetricTime, UpTo: 2.1, Reason: "then", Past: true},
		{Cell: "c", Metric: result.MetricTime, UpTo: 2.1, Reason: "then", Past: true},
		{Cell: "c", Metric: result.MetricTime, UpTo: 2.2, Reason: "again"},
		{Cell: "d", Metric: result.MetricTime, UpTo: 1.5, Reason: "less"},
	})
	for i, want := range []string{"accepted now", "regression ", "accepted again", "regression "} {
		if got := checks[i].Outcome + " " + checks[i].Reason; got != want {
			t.Errorf("%s: %q, want %q", checks[i].Cell, got, want)
		}
	}
}

func TestAboutAccepted(t *testing.T) {
	checks := []result.Check{{Cell: "a", Metric: result.MetricTime}, {Cell: "a", Metric: result.MetricRatio}}
	got := AboutAccepted(checks, []result.Accepted{
		{Cell: "a", Metric: result.MetricRatio}, {Cell: "gone", Metric: result.MetricTime, Past: true}, {Cell: "a", Metric: "tiem"},
	})
	if len(got) != 2 || !strings.Contains(got[0].Text, "time of gone allows nothing: no such cell") || !strings.Contains(got[1].Text, "tiem of a allows nothing: of this cell it is not gated") {
		t.Errorf("%+v", got)
	}
}

// One program on both sides is beyond no limit that is about a change.
func TestSameProgram(t *testing.T) {
	coded, plain := result.Cell{Scenario: "s", Codec: "c", Runner: "r", Workers: 1}, result.Cell{Scenario: "t", Runner: "r", Workers: 1}
	limits := map[string]result.Limits{}
	for _, c := range []result.Cell{coded, plain} {
		limits[c.Name()] = result.Limits{result.MetricTime: 0.03, result.MetricRatio: 0, result.MetricRSS: 0.1}
	}
	var got []string
	for _, c := range SameProgram([]result.Cell{coded, plain}, limits) {
		if c.Outcome != result.OutcomePass || c.Change != nil {
			t.Errorf("%+v", c)
		}
		got = append(got, c.Cell[len("scenario="):len("scenario=")+1]+" "+c.Metric)
	}
	if text := strings.Join(got, ", "); text != "s time, s ratio, s rss, t time, t rss" {
		t.Errorf("checks %s", text)
	}
	limits[plain.Name()][result.MetricCores] = 2
	if got := SameProgram([]result.Cell{coded, plain}, limits); got != nil {
		t.Errorf("how many cores are busy only measuring tells: %+v", got)
	}
}
