package analyze

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"zstdshop/harness/result"
)

// onMachines is a result of machines, each of a kind, on which levels 1 and 3 of a codec
// have so many MB/s.
func onMachines(speeds map[string][2]float64, kinds map[string]string) *result.Result {
	r := &result.Result{Plan: result.PlanInfo{Confidence: 0.95}}
	for _, host := range slices.Sorted(func(yield func(string) bool) {
		for name := range speeds {
			if !yield(name) {
				return
			}
		}
	}) {
		h := result.Host{Name: host}
		h.Machine.Fingerprint = kinds[host]
		r.Hosts = append(r.Hosts, h)
		for i, level := range []int{1, 3} {
			c := frontCell("good", level, level, float64(2+i), speeds[host][i], 0.02)
			c.Host, c.LatencyUS = host, &result.Latency{P99: map[string]float64{"a": 10, "b": 2000, "c": 10}[host]}
			c.Name = c.Cell.Name()
			r.Cells = append(r.Cells, c)
		}
		other := frontCell("bad", 1, 1, 1.5, 50, 0.02)
		other.Host = host
		other.Name = other.Cell.Name()
		r.Cells = append(r.Cells, other)
	}
	return r
}

// There is an answer for each kind of machine and one over all kinds, which every machine
// must keep the bounds of.
func TestRecommendByKind(t *testing.T) {
	r := onMachines(map[string][2]float64{"a": {400, 300}, "b": {360, 320}, "c": {100, 390}}, map[string]string{"a": "old", "b": "old", "c": "new"})
	for _, c := range []struct {
		goal string
		want []string // level and machines of each answer
	}{
		{"speed", []string{"1 on [a b]", "3 on c", "3 on [a b c]"}},
		{"compress>=310MB/s,ratio>=1,speed", []string{"1 on [a b]", "3 on c", "none on [a b c]"}},
		{"p99<1ms,speed", []string{"none on [a b]", "3 on c", "none on [a b c]"}}, // b does not keep it
		{"compress>=280MB/s,ratio>=1,speed", []string{"1 on [a b]", "3 on c", "3 on [a b c]"}},
	} {
		g, err := ParseGoal(c.goal)
		if err != nil {
			t.Fatal(err)
		}
		all, err := Recommend(r, g)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range all {
			level, on := "none", fmt.Sprint(a.Hosts)
			if a.Level != nil {
				level = fmt.Sprint(*a.Level)
			}
			if a.Host != nil {
				on = *a.Host
			}
			got = append(got, level+" on "+on)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.goal, got, c.want)
		}
		if pooled := all[0]; pooled.Level != nil && (pooled.Cell != r.Cells[0].Unhosted() || math.Abs(pooled.MBPerS.Est-380) > 1e-9 ||
			math.Abs(*pooled.MBPerS.Lo-360*0.98) > 1e-9 || math.Abs(*pooled.MBPerS.Hi-400*1.02) > 1e-9) {
			t.Errorf("%s: of two machines %s at %+v", c.goal, pooled.Cell, pooled.MBPerS)
		}
	}
	// Of what one kind alone has measured nothing is said over all.
	r.Cells = slices.DeleteFunc(r.Cells, func(c result.CellResult) bool { return c.Host == "c" })
	g, _ := ParseGoal("speed")
	if all, err := Recommend(r, g); err != nil || len(all) != 1 {
		t.Errorf("of one kind: %d answers, %v", len(all), err)
	}
}

// A front is of machines of one kind; what they differ by is in the interval.
func TestFrontsByKind(t *testing.T) {
	r := onMachines(map[string][2]float64{"a": {400, 300}, "b": {360, 320}, "c": {100, 390}}, map[string]string{"a": "old", "b": "old", "c": "new"})
	fronts := Fronts(r)
	if len(fronts) != 2 || !slices.Equal(fronts[0].Hosts, []string{"a", "b"}) || fronts[1].Hosts != nil {
		t.Fatalf("fronts %+v", fronts)
	}
	if p := fronts[0].Points[0]; len(fronts[0].Points) != 3 || len(p.Cells) != 2 || *p.MBPerS.Lo != 360*0.98 || *p.MBPerS.Hi != 400*1.02 {
		t.Errorf("point %+v of %d", p, len(fronts[0].Points))
	}
	if on := fronts[1].Points; on[0].On {
		t.Errorf("on the new machine level 1 is slower and larger than level 3: %+v", on)
	}
}
