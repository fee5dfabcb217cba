package cli

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zstdshop/harness/analyze"
	"zstdshop/harness/result"
)

func TestAcceptedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accepted.yaml")
	f, err := readAccepted(path)
	if err != nil || len(f.Accepted) != 0 {
		t.Fatalf("a missing file: %v, %v", f, err)
	}
	lo, hi := 1.05, 1.07
	checks := []result.Check{
		{Cell: "a", Metric: "time", Outcome: result.OutcomeRegression, Limit: 0.03, Change: &result.Ratio{Est: 1.06, Lo: &lo, Hi: &hi}},
		{Cell: "b", Metric: "time", Outcome: result.OutcomePass, Change: &result.Ratio{Est: 1}},
	}
	if _, err := f.accept(checks[1:], "why", ""); err == nil {
		t.Error("accepts where nothing regressed")
	}
	for range 2 { // the second takes the place of the first
		if _, err := f.accept(checks, "why: \"so\"\n", "0123"); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.write(path); err != nil {
		t.Fatal(err)
	}
	back, err := readAccepted(path)
	if err != nil || len(back.Accepted) != 1 || back.Accepted[0] != f.Accepted[0] {
		t.Fatalf("read back %+v, %v; want %+v", back, err, f)
	}
	analyze.Accept(checks, back.entries(new(acceptedFile)))
	if checks[0].Outcome != result.OutcomeAccepted {
		t.Errorf("what was accepted is %s", checks[0].Outcome)
	}
}

func TestAcceptedFaults(t *testing.T) {
	entry := func(rest string) string { return "accepted:\n- {cell: a, metric: time, reason: r" + rest + "}\n" }
	for text, want := range map[string]string{
		"accepted: [{cell: a}]":               "want cell, metric and reason",
		"acepted: []":                         `did you mean "accepted"`,
		"accepted: 3":                         "yaml",
		entry(""):                             "want one of up_to",
		entry(", up_to: 1.1, more: 2"):        "want one of up_to",
		entry(", up_to: -1"):                  "want a size above zero",
		entry(", up_to: .nan"):                "want a size above zero",
		entry(", up_to: .inf"):                "want a size above zero",
		entry(", more: -.inf"):                "want a size above zero",
		entry(", up_two: 1"):                  `did you mean "up_to"`,
		"accepted:\n- cell: a\n- cell: [b]\n": "yaml",
	} {
		if _, err := parseAccepted("f", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := parseAccepted("f", []byte(entry(", up_to: 1.1"))); err != nil {
		t.Error(err)
	}
}

// What the base has is past, entry by entry; the same cell and metric with another size
// or of another base is new.
func TestEntriesOfTheBase(t *testing.T) {
	a := acceptedEntry{Cell: "a", Metric: "time", UpTo: 1.5, Reason: "r", Base: "1"}
	changed := func(change func(*acceptedEntry)) acceptedEntry { b := a; change(&b); return b }
	for _, test := range []struct {
		name string
		of   acceptedEntry
		past bool
	}{
		{"the same", a, true},
		{"another reason", changed(func(e *acceptedEntry) { e.Reason = "other" }), true},
		{"another cell", changed(func(e *acceptedEntry) { e.Cell = "b" }), false},
		{"another metric", changed(func(e *acceptedEntry) { e.Metric = "allocs" }), false},
		{"another size", changed(func(e *acceptedEntry) { e.UpTo = 1.6 }), false},
		{"accepted again, of the same size", changed(func(e *acceptedEntry) { e.Base = "2" }), false},
	} {
		now := &acceptedFile{[]acceptedEntry{test.of}}
		// How many entries there are says nothing.
		ofBase := &acceptedFile{[]acceptedEntry{changed(func(e *acceptedEntry) { e.Cell = "x" }), a}}
		if got := now.entries(ofBase); len(got) != 1 || got[0].Past != test.past {
			t.Errorf("%s: %+v, want past %v", test.name, got, test.past)
		}
	}
}

func TestAcceptedSizes(t *testing.T) {
	exactly := func(v float64) *result.Ratio { return &result.Ratio{Est: v, Lo: &v, Hi: &v, Confidence: 1} }
	number := func(v float64) *float64 { return &v }
	found, limit, less := 1.10, 0.03, 0.9
	for _, test := range []struct {
		check  result.Check
		accept acceptedEntry
		next   result.Check // of a later measurement
		passes bool
	}{
		{result.Check{Metric: "time", Limit: limit, Change: exactly(found)}, acceptedEntry{UpTo: found * (1 + limit)}, result.Check{Change: exactly(1.13)}, true},
		{result.Check{Metric: "time", Limit: limit, Change: exactly(found)}, acceptedEntry{UpTo: found * (1 + limit)}, result.Check{Change: exactly(1.15)}, false},
		{result.Check{Metric: "ratio", Change: exactly(less)}, acceptedEntry{UpTo: less * 0.99}, result.Check{Change: exactly(0.88)}, false},
		// From none at all no quotient says how many more there are.
		{result.Check{Metric: "allocs", Change: exactly(40_000), Old: number(0), New: number(1)}, acceptedEntry{More: 1.5},
			result.Check{Change: exactly(90_000), Old: number(0), New: number(1.2)}, true},
		{result.Check{Metric: "allocs", Change: exactly(40_000), Old: number(0), New: number(1)}, acceptedEntry{More: 1.5},
			result.Check{Change: exactly(40_000), Old: number(0), New: number(3)}, false},
	} {
		var e acceptedEntry
		e.setSize(test.check)
		if e != test.accept {
			t.Errorf("%+v: accepted %+v, want %+v", test.check, e, test.accept)
		}
		next := test.next
		next.Cell, next.Metric, next.Outcome = "c", test.check.Metric, result.OutcomeRegression
		e.Cell, e.Metric = "c", test.check.Metric
		checks := []result.Check{next}
		analyze.Accept(checks, (&acceptedFile{[]acceptedEntry{e}}).entries(new(acceptedFile)))
		if got := checks[0].Outcome == result.OutcomeAccepted; got != test.passes {
			t.Errorf("%+v after %+v: %s", next, e, checks[0].Outcome)
		}
	}
}

// Whatever a file says, its entries name what they accept and how much, and what is read
// is what was written.
func FuzzAccepted(f *testing.F) {
	f.Add("accepted:\n- {cell: a, metric: time, up_to: 1.1, reason: r, base: 12ab}\n")
	f.Add("accepted:\n- {cell: a, metric: allocs, more: .nan, reason: r}\n")
	f.Add("accepted: &a\n- <<: *a\n")
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseAccepted("f", []byte(text))
		if err != nil {
			return
		}
		for _, e := range got.Accepted {
			if size := e.UpTo + e.More; e.Cell == "" || e.Metric == "" || e.Reason == "" || !(size > 0) || math.IsInf(size, 0) {
				t.Errorf("%q: %+v", text, e)
			}
		}
		path := filepath.Join(t.TempDir(), "f")
		if err := got.write(path); err != nil {
			t.Fatal(err)
		}
		back, err := readAccepted(path)
		if err != nil || !slices.Equal(back.Accepted, got.Accepted) {
			written, _ := os.ReadFile(path)
			t.Errorf("%q was written as %q: %+v, %v", text, written, back, err)
		}
	})
}
