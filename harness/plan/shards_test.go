package plan

import (
	"maps"
	"slices"
	"testing"
)

func TestParseShard(t *testing.T) {
	for text, want := range map[string]Shard{"1/1": {1, 1}, "2/5": {2, 5}, "5/5": {5, 5}, "10000/10000": {10000, 10000}} {
		if got, err := ParseShard(text); err != nil || got != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", "2", "/", "0/5", "6/5", "-1/5", "1/0", "1/10001", "1/2/3", "1/", "/5", "a/5", "1/b", " 1/5"} {
		if got, err := ParseShard(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// Every unit is in one shard, shards are as large as each other but for one unit, and the
// order of the flags changes nothing.
func TestCut(t *testing.T) {
	units := unitsOf(t, "corpus=logs,html codec=fast@1 block=1KiB,4KiB,16KiB")
	others := unitsOf(t, "block=16KiB,1KiB,4KiB codec=fast@1 corpus=html,logs")
	if len(units) != 6 {
		t.Fatalf("%d units", len(units))
	}
	for of := 1; of <= 8; of++ {
		seen := map[string]int{}
		for index := 1; index <= of; index++ {
			mine, about := Shard{index, of}.Cut(units)
			if least := len(units) / of; len(mine) < least || len(mine) > least+1 {
				t.Errorf("shard %d/%d has %d units", index, of, len(mine))
			}
			for _, u := range mine {
				seen[u.ID]++
			}
			if about.Index != index || about.Of != of || len(about.Units) != len(units) {
				t.Errorf("shard %d/%d says %+v", index, of, about)
			}
			for i, u := range about.Units {
				has := slices.ContainsFunc(mine, func(m Unit) bool { return m.ID == u.ID })
				if has != (u.Shard == index) || u.Name != units[i].Name || u.Cells != len(units[i].Cells) {
					t.Errorf("shard %d/%d says of unit %d %+v", index, of, i, u)
				}
			}
			again, _ := Shard{index, of}.Cut(others)
			if !maps.Equal(idsOf(mine), idsOf(again)) {
				t.Errorf("shard %d/%d has %v, in another order %v", index, of, unitNames(mine), unitNames(again))
			}
		}
		for _, u := range units {
			if seen[u.ID] != 1 {
				t.Errorf("of %d: %s is in %d shards", of, u.Name, seen[u.ID])
			}
		}
	}
}
