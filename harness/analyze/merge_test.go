package analyze

import (
	"slices"
	"strings"
	"testing"

	"zstdshop/harness/result"
)

func mergeable(host, fingerprint, codec string, speed float64) *result.Result {
	r := &result.Result{Schema: result.Schema, Plan: result.PlanInfo{Budget: 10, Elapsed: 9, Complete: true, Confidence: 0.95}, Cells: []result.CellResult{frontCell(codec, 1, 1, 2, speed, 0.1), frontCell(codec, 3, 3, 3, speed/2, 0.1)}}
	r.Machine.Host, r.Machine.Fingerprint, r.Machine.CPU = host, fingerprint, "CPU of "+host
	for i := range r.Cells {
		r.Cells[i].Name = r.Cells[i].Cell.Name()
	}
	r.Comparisons = []result.Comparison{{Old: r.Cells[0].Name, New: r.Cells[1].Name, Metric: result.MetricTime, Verdict: result.VerdictSlower, Pairs: 8}}
	r.Warnings = []result.Warning{{Cell: r.Cells[0].Name, Code: "x", Text: "of a cell"}, {Code: "y", Text: "of the run of " + codec}, {Code: "z", Text: "of all runs"}}
	return r
}

func TestMerge(t *testing.T) {
	advised := mergeable("a", "f", "good", 400)
	advised.Recommendations = []result.Advice{{For: "speed", Cell: advised.Cells[0].Name}}
	advised.Plan.Calm = []result.Calm{{Lanes: 1, SentinelNS: 1, Runs: 1}}
	same, err := Merge([]*result.Result{advised, mergeable("a", "f", "bad", 200)}, []string{"1.json", "2.json"})
	if err != nil {
		t.Fatal(err)
	}
	if len(same.Cells) != 4 || len(same.Comparisons) != 2 || same.Cells[0].Host != "" || same.Machine.Host != "a" || same.Plan.Elapsed != 18 {
		t.Errorf("of one machine: %d cells, %d comparisons, host %v, plan %+v", len(same.Cells), len(same.Comparisons), same.Cells[0].Host, same.Plan)
	}
	if same.Plan.Calm != nil {
		t.Errorf("one run was told of the calm machine, and the result of two has it: %+v", same.Plan.Calm)
	}
	if same.Recommendations != nil {
		t.Errorf("one result's advice for two: %+v", same.Recommendations)
	}
	var said []string
	for _, w := range same.Warnings {
		if w.Cell == "" && w.Code != codeDataUntold {
			said = append(said, w.Text)
		}
	}
	if want := []string{"1.json: of the run of good", "of all runs", "2.json: of the run of bad"}; !slices.Equal(said, want) {
		t.Errorf("warnings of the runs are %q, want %q", said, want)
	}
	if same.Plan.Runs != 2 {
		t.Errorf("it is of %d runs", same.Plan.Runs)
	}
	if _, err := Merge([]*result.Result{mergeable("a", "f", "good", 400), mergeable("a", "f", "good", 200)}, []string{"1.json", "2.json"}); err == nil ||
		!strings.Contains(err.Error(), "codec=good") || !strings.Contains(err.Error(), "1.json and in 2.json") {
		t.Errorf("the same cell twice: %v", err)
	}
	several, err := Merge([]*result.Result{mergeable("a", "f", "good", 400), mergeable("b", "g", "good", 200)}, []string{"1.json", "2.json"})
	if err != nil {
		t.Fatal(err)
	}
	for i, host := range []string{"a", "a", "b", "b"} {
		c := several.Cells[i]
		if c.Host == "" || c.Host != host || !strings.HasPrefix(c.Name, "host="+host+"/scenario=") || c.Name != c.Cell.Name() {
			t.Errorf("cell %d: host %v, name %s", i, c.Host, c.Name)
		}
	}
	if a, b := several.Cells[0].Cell.Group(), several.Cells[2].Cell.Group(); a == b {
		t.Error("cells of two machines are of one group")
	}
	if v := several.Comparisons[1]; v.Old != several.Cells[2].Name || v.New != several.Cells[3].Name {
		t.Errorf("a comparison is of %s and %s", v.Old, v.New)
	}
	if len(several.Hosts) != 2 || several.HostOf(several.Cells[2].Cell).Machine.CPU != "CPU of b" || several.Machine.Fingerprint != "" {
		t.Errorf("machines %+v", several.Hosts)
	}
	// What was put together can be put together with more.
	third := mergeable("c", "g", "good", 100)
	for _, all := range [][]*result.Result{{several, third}, {third, several}} {
		more, err := Merge(all, []string{"12.json", "3.json"})
		if err != nil || len(more.Cells) != 6 || len(more.Hosts) != 3 || more.Plan.Runs != 3 {
			t.Fatalf("of three machines: %d cells, %+v, %v", len(more.Cells), more.Hosts, err)
		}
		for _, c := range more.Cells {
			if on := more.HostOf(c.Cell); c.Host == "" || on.Machine.Host != c.Host {
				t.Errorf("%s is of machine %q", c.Name, on.Machine.Host)
			}
		}
	}
	if again, err := Merge([]*result.Result{several, mergeable("b", "g", "bad", 200)}, []string{"12.json", "3.json"}); err != nil || len(again.Hosts) != 2 || again.Cells[4].Host != "b" {
		t.Errorf("more of a machine that is there: %v", err)
	}
	twins, err := Merge([]*result.Result{mergeable("a", "f", "good", 400), mergeable("a", "g", "good", 200)}, []string{"1.json", "2.json"})
	if err != nil || twins.Cells[0].Host != "a-1" || twins.Cells[2].Host != "a-2" {
		t.Errorf("two machines of one name: %v", err)
	}
	sides := mergeable("a", "f", "good", 1)
	sides.Sides = &result.TwoSides{Old: "a", New: "b"}
	if _, err := Merge([]*result.Result{mergeable("a", "f", "bad", 1), sides}, []string{"1.json", "2.json"}); err == nil || !strings.Contains(err.Error(), "2.json holds two sides") {
		t.Errorf("a comparison: %v", err)
	}
}
