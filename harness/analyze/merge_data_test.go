package analyze

import (
	"slices"
	"testing"

	"zstdshop/harness/result"
)

// Corpora of one name are put together where they are the same data, told apart where
// they are not, and what is not known is said.
func TestMergeData(t *testing.T) {
	on := func(codec, corpus, digest, items string, bytes int64) *result.Result {
		r := mergeable("a", "f", codec, 400)
		r.Warnings = nil
		for i := range r.Cells {
			c := &r.Cells[i]
			c.Corpus, c.CorpusDigest, c.ItemsDigest, c.CorpusBytes = corpus, digest, items, bytes
			c.Name = c.Cell.Name()
		}
		r.Comparisons[0].Old, r.Comparisons[0].New = r.Cells[0].Name, r.Cells[1].Name
		return r
	}
	const one, other = "11111111aaaa", "22222222bbbb"
	for name, c := range map[string]struct {
		second *result.Result
		code   string // of the warning; "" none
		want   string // corpus of the second's cells
		first  string
	}{
		"the same data":            {on("y", "d", one, "i", 10), "", "d", "d"},
		"other data":               {on("y", "d", other, "i", 10), "other_data", "d~22222222", "d~11111111"},
		"the same cell, elsewhere": {on("x", "d", other, "i", 10), "other_data", "d~22222222", "d~11111111"},
		"another name":             {on("y", "e", other, "i", 10), "", "e", "d"},
		"not told, of one size":    {on("y", "d", "", "", 10), "data_untold", "d", "d"},
		"not told, of another":     {on("y", "d", "", "", 11), "other_data", "d~11", "d~11111111"},
		"another sample":           {on("y", "d", one, "j", 10), "other_samples", "d", "d"},
	} {
		first := on("x", "d", one, "i", 10)
		r, err := Merge([]*result.Result{first, c.second}, []string{"1.json", "2.json"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var codes []string
		for _, w := range r.Warnings {
			codes = append(codes, w.Code)
		}
		if c.code == "" && codes != nil || c.code != "" && !slices.Equal(codes, []string{c.code}) {
			t.Errorf("%s: warnings %v, want %q", name, codes, c.code)
		}
		if r.Cells[0].Corpus != c.first || r.Cells[2].Corpus != c.want || r.Cells[2].Name != r.Cells[2].Cell.Name() {
			t.Errorf("%s: corpora %s and %s, want %s and %s", name, r.Cells[0].Corpus, r.Cells[2].Corpus, c.first, c.want)
		}
		if v := r.Comparisons[1]; v.Old != r.Cells[2].Name {
			t.Errorf("%s: a comparison is of %s", name, v.Old)
		}
		if first.Cells[0].Corpus != "d" {
			t.Errorf("%s: the first result was changed", name)
		}
	}
}
