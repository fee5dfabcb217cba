package corpus

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNames(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	here := filepath.Base(dir)
	for _, c := range []struct{ specs, want string }{
		{"a.log logs - b.zip", "a.log logs stdin b"},
		{"x/a.log", "a.log"},
		{"x/a.log y/a.log", "x_a.log y_a.log"},
		{"y/a.log x/a.log", "y_a.log x_a.log"},
		{"p/x/a.log q/x/a.log p/b.log", "p_x_a.log q_x_a.log b.log"},
		{"a.log ./a.log x/../a.log", "a.log a.log a.log"},
		{"a.log ./a.log x/a.log", here + "_a.log " + here + "_a.log x_a.log"},
		{"logs ./logs", "logs " + here + "_logs"},
		{"- ./stdin", "stdin " + here + "_stdin"},
		{"x/a.zip x/a", "a.zip a"},
		{"x/a.log y/a.log z/x_a.log", here + "_x_a.log y_a.log " + here + "_z_x_a.log"},
		{"/a.log /x/a.log", "a.log x_a.log"},
		{"./a ./x_a-2 /x/a /x_a", here + "_a x_a-2 x_a x_a-3"},
	} {
		specs := strings.Fields(c.specs)
		names := Names(specs)
		for i, want := range strings.Fields(c.want) {
			if got := names[specs[i]]; got != want {
				t.Errorf("%s: %s is called %s, want %s", c.specs, specs[i], got, want)
			}
		}
	}
}

// Names are of the data, whatever the order, and no two data share one.
func TestNamesProperties(t *testing.T) {
	t.Chdir(t.TempDir())
	rapid.Check(t, func(t *rapid.T) {
		specs := rapid.SliceOfNDistinct(rapid.StringMatching(`(\./|/|)(x/|y/|x_){0,3}(a|b|logs|a\.zip|a-2)`), 1, 6, rapid.ID).Draw(t, "specs")
		names := Names(specs)
		again := Names(rapid.Permutation(specs).Draw(t, "order"))
		for i, a := range specs {
			if names[a] != again[a] || names[a] == "" || strings.Contains(names[a], "/") {
				t.Errorf("%s is called %q, in another order %q", a, names[a], again[a])
			}
			for _, b := range specs[:i] {
				same := absolute(a) == absolute(b) && slices.Contains(embeddedNames(), a) == slices.Contains(embeddedNames(), b)
				if (names[a] == names[b]) != same {
					t.Errorf("%s and %s are called %q and %q", a, b, names[a], names[b])
				}
			}
		}
	})
}
