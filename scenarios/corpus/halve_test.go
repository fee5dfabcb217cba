package corpus

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// No content is in both halves, none is lost, and each half has as many contents,
// however often records repeat.
func TestHalve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		contents := rapid.SliceOfNDistinct(rapid.StringN(1, 20, 40), 2*minHalf, 60, rapid.ID[string]).Draw(t, "contents")
		again := rapid.SliceOfN(rapid.SampledFrom(contents), 0, 100).Draw(t, "again")
		all := rapid.Permutation(append(slices.Clone(contents), again...)).Draw(t, "order")
		seed := rapid.Uint64().Draw(t, "seed")
		halve := func(seed *uint64) *Corpus {
			c := &Corpus{Name: "c"}
			for _, data := range all {
				c.Members = append(c.Members, Member{"r", []byte(data)})
			}
			if err := c.Halve(seed); err != nil {
				t.Fatal(err)
			}
			return c
		}
		for _, s := range []*uint64{nil, &seed} {
			c := halve(s)
			learnt, measured := different(c.Training), different(c.Members)
			for data := range learnt {
				if measured[data] {
					t.Fatalf("%q is in both halves", data)
				}
			}
			if len(learnt) != len(contents)/2 || len(learnt)+len(measured) != len(contents) || len(c.Training)+len(c.Members) != len(all) {
				t.Fatalf("%d and %d contents of %d, %d and %d records of %d", len(learnt), len(measured), len(contents), len(c.Training), len(c.Members), len(all))
			}
			if same := halve(s); same.Digest() != c.Digest() {
				t.Fatal("the same seed draws another half")
			}
		}
	})
}

func different(members []Member) map[string]bool {
	set := map[string]bool{}
	for _, m := range members {
		set[string(m.Data)] = true
	}
	return set
}

func TestHalveSeeds(t *testing.T) {
	digests := map[string]bool{}
	for seed := range uint64(8) {
		c := &Corpus{Name: "c"}
		for i := range 64 {
			c.Members = append(c.Members, Member{"r", []byte{byte(i)}})
		}
		if err := c.Halve(&seed); err != nil {
			t.Fatal(err)
		}
		digests[c.Digest()] = true
	}
	if len(digests) != 8 {
		t.Errorf("8 seeds draw %d halves", len(digests))
	}
}

func TestHalveRefuses(t *testing.T) {
	c := &Corpus{Name: "one"}
	for range 100 {
		c.Members = append(c.Members, Member{"r", []byte("the same")})
	}
	if err := c.Halve(nil); err == nil || !strings.Contains(err.Error(), "1 different records") || !strings.Contains(err.Error(), "--records lines") {
		t.Errorf("%v, want an error with the remedy", err)
	}
}

// What to do about too few records depends on what has been done: they are not to be cut
// as they are.
func TestTooLittle(t *testing.T) {
	many := &Corpus{Name: "many"}
	for i := range manyRecords {
		many.Members = append(many.Members, Member{"r", []byte{byte(i), 0, 0, 0}})
	}
	file := &Corpus{Name: "file", Members: []Member{{"f", []byte(strings.Repeat("the same\n", 200))}}}
	cut := func(how string) *Corpus {
		r, err := ParseRecords(how)
		if err != nil {
			t.Fatal(err)
		}
		c, err := r.Of(file)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for want, c := range map[string]*Corpus{
		"the corpus has 1, of which 1 differ: give more data, or cut files into records with --records lines or --records 1KiB": file,
		"the corpus has 200, of which 1 differ: give more data":                                                                 cut("lines"),
		"of which 2 differ: give more data, or cut it into smaller records than --records 1024 has":                             cut("1KiB"),
		"of which 10 differ: give more data":                                                                                    cut("16"),
		"the 100 records, of 4 bytes on average, have too little in common: give records of one kind, or longer ones":           many,
	} {
		if got := c.TooLittle(); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %q, want %q at the end", c.Name, got, want)
		}
	}
}

// A dictionary learns from all records where they are few, else from some all over.
func TestSamples(t *testing.T) {
	var records []Member
	for i := range 1000 {
		records = append(records, Member{"r", []byte{byte(i), byte(i >> 8), 0, 0, 0, 0, 0, 0, 0, 0}})
	}
	for _, tt := range []struct{ size, want int }{{100, 1000}, {99, 500}, {49, 334}, {1, 10}} {
		got := Samples(records, tt.size)
		if len(got) != tt.want || got[0][0] != 0 {
			t.Errorf("%d samples for %d bytes, want %d", len(got), tt.size, tt.want)
		}
	}
}
