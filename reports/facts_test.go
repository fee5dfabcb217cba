package reports

import "testing"

func TestLibrariesAreNamedOnce(t *testing.T) {
	r := newResult()
	for _, c := range []struct {
		libraries map[string]string
		want      string
	}{
		{nil, "none"},
		{map[string]string{"b": "x v1", "a": "y v2"}, "a: y v2, b: x v1"},
		{map[string]string{"c": "y v2", "b": "x v1", "a": "y v2"}, "a and c: y v2, b: x v1"},
	} {
		r.Build.Libraries = c.libraries
		if got := librariesText(r); got != c.want {
			t.Errorf("%v: %q, want %q", c.libraries, got, c.want)
		}
	}
}

// What each worker in another language said of its lock is told once.
func TestWorkersText(t *testing.T) {
	r := newResult()
	add := func(language, implementation string, gil bool) {
		c := corpusCell("klauspost", 3, "pool", 2, 1e6, 2)
		c.Implementation, c.GILEnabled = &implementation, &gil
		if language != "" {
			c.Language = language
		}
		r.Cells = append(r.Cells, c)
	}
	add("", "zstdshop go1.26", true)
	if got := workersText(r); got != "" {
		t.Errorf("without another language: %q", got)
	}
	add("python", "python 3.13", true)
	add("python", "python 3.13", true)
	add("free", "python 3.13t", false)
	const want = "python: python 3.13, one thread runs at a time (GIL); free: python 3.13t, threads run at once"
	if got := workersText(r); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
