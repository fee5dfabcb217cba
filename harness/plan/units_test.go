package plan

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zstdshop/harness/internal/standin"
	"zstdshop/harness/result"
)

// unitsOf returns the units of what words ask for.
func unitsOf(t *testing.T, words string) []Unit {
	t.Helper()
	p, err := typed(t, words).Resolve(t.Context(), standin.Registry(t))
	if err != nil {
		t.Fatal(err)
	}
	return p.Units()
}

func unitNames(units []Unit) (names []string) {
	for _, u := range units {
		names = append(names, u.Name)
	}
	return names
}

// idsOf returns the ids by name.
func idsOf(units []Unit) map[string]string {
	ids := map[string]string{}
	for _, u := range units {
		ids[u.Name] = u.ID
	}
	return ids
}

// Each cell is in one unit, with all that it may be compared with, and a unit holds what
// its cells need and no more.
func TestUnits(t *testing.T) {
	o := typed(t, "scenario=compress,burn corpus=logs,html block=1KiB,whole codec=fast@1,slow@3")
	o.Reference = "burn/pool"
	p, err := o.Resolve(t.Context(), standin.Registry(t))
	if err != nil {
		t.Fatal(err)
	}
	units := p.Units()
	want := []string{
		"scenario=compress/corpus=logs/block=1024", "scenario=compress/corpus=logs/block=whole",
		"scenario=compress/corpus=html/block=1024", "scenario=compress/corpus=html/block=whole", "scenario=burn/iters=1000",
	}
	if got := unitNames(units); !slices.Equal(got, want) {
		t.Errorf("units %q, want %q", got, want)
	}
	var cells []result.Cell
	unitOf := map[string]string{} // by group
	for _, u := range units {
		cells = append(cells, u.Cells...)
		for _, c := range u.Cells {
			if other, ok := unitOf[c.Group()]; ok && other != u.ID {
				t.Errorf("%s may be compared with a cell of another unit", c.Name())
			}
			unitOf[c.Group()] = u.ID
		}
		switch has := u.Corpora; {
		case strings.Contains(u.Name, "burn"):
			if len(has) != 0 || u.Reference == "" {
				t.Errorf("%s: corpora %v, reference %q", u.Name, has, u.Reference)
			}
		case len(has) != 1 || !strings.Contains(u.Name, "corpus="+has[0].Name+"/") || u.Reference != "":
			t.Errorf("%s: corpora %v, reference %q", u.Name, has, u.Reference)
		}
		if len(u.Limits) != len(u.Cells) || u.Budget != p.Budget {
			t.Errorf("%s: limits %v, budget %v", u.Name, u.Limits, u.Budget)
		}
	}
	if !slices.Equal(names(cells), names(p.Cells)) {
		t.Errorf("the units have the cells %q, the plan %q", names(cells), names(p.Cells))
	}
}

// An id is of what the unit holds, and of nothing else.
func TestUnitID(t *testing.T) {
	ids := idsOf(unitsOf(t, "corpus=logs,html codec=fast@1,slow@3 block=1KiB,4KiB"))
	if again := idsOf(unitsOf(t, "block=4KiB,1KiB codec=slow@3,fast@1 corpus=html,logs")); !maps.Equal(ids, again) {
		t.Errorf("in another order the ids are %v, were %v", again, ids)
	}
	for name, id := range idsOf(unitsOf(t, "corpus=html codec=fast@1,slow@3 block=1KiB")) {
		if ids[name] != id {
			t.Errorf("%s has the id %s without the others, %s with them", name, id, ids[name])
		}
	}
	for name, id := range idsOf(unitsOf(t, "corpus=logs codec=fast@1 block=1KiB")) {
		if ids[name] == id {
			t.Errorf("%s has the id %s with one codec and with two", name, id)
		}
	}
	if seen := slices.Collect(maps.Values(ids)); len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 4 {
		t.Errorf("four units have the ids %v", ids)
	}

	path := filepath.Join(t.TempDir(), "app.log")
	of := func(text string) string {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return unitsOf(t, "corpus="+path)[0].ID
	}
	if of("some data") == of("other data") {
		t.Error("other data of one name have the same id")
	}
}

func TestUnitDictionaries(t *testing.T) {
	p, err := resolveDicts(t, "codec=dicts dict=none,good")
	if err != nil {
		t.Fatal(err)
	}
	units := p.Units()
	if len(units) != 1 || len(units[0].Dicts) != 1 || len(units[0].Cells) != 2 {
		t.Fatalf("a dictionary is compared with none, so they are one unit: %+v", units)
	}
	before := units[0].ID
	p.Dicts["good"] = []byte("Dictionary of another day")
	if p.Units()[0].ID == before {
		t.Error("another dictionary of one name has the same id")
	}
}
