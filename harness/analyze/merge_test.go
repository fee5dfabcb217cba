package analyze

import (
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
	r.Warnings = []result.Warning{{Cell: r.Cells[0].Name, Code: "x", Text: "of a cell"}, {Code: "y", Text: "of the run"}}
	return r
}

func TestMerge(t *testing.T) {
	advised := mergeable("a", "f", "good", 400)
	advised.Recommendations = []result.Advice{{For: "speed", Cell: advised.Cells[0].Name}}
	same, err := Merge([]*result.Result{advised, mergeable("a", "f", "bad", 200)}, []string{"1.json", "2.json"})
	if err != nil {
		t.Fatal(err)
	}
	if len(same.Cells) != 4 || len(same.Comparisons) != 2 || same.Cells[0].Host != "" || same.Machine.Host != "a" || same.Plan.Elapsed != 18 {
		t.Errorf("of one machine: %d cells, %d comparisons, host %v, plan %+v", len(same.Cells), len(same.Comparisons), same.Cells[0].Host, same.Plan)
	}
	if same.Recommendations != nil {
		t.Errorf("one result's advice for two: %+v", same.Recommendations)
	}
	if w := same.Warnings[3]; w.Text != "2.json: of the run" {
		t.Errorf("a warning of a run reads %q", w.Text)
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
