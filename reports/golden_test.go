package reports

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// golden compares got with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (-want +got); run with -update where that is meant:\n%s", path, cmp.Diff(string(want), string(got)))
	}
}

func TestGolden(t *testing.T) {
	for _, c := range []struct {
		fixture, format, file string
		options               Options
	}{
		{"minimal", "table", "minimal.txt", Options{}},
		{"minimal", "markdown", "minimal.md", Options{}},
		{"minimal", "csv", "minimal.csv", Options{}},
		{"minimal", "gobench", "minimal.bench", Options{}},
		{"matrix", "table", "matrix.txt", Options{}},
		{"matrix", "table", "matrix-wide.txt", Options{Wide: true}},
		{"matrix", "table", "matrix-80.txt", Options{Width: 80}},
		{"matrix", "table", "matrix-ascii.txt", Options{ASCII: true}},
		{"matrix", "table", "matrix-color.txt", Options{Color: true}},
		{"matrix", "markdown", "matrix.md", Options{}},
		{"matrix", "markdown", "matrix-wide.md", Options{Wide: true}},
		{"matrix", "csv", "matrix.csv", Options{}},
		{"matrix", "gobench", "matrix.bench", Options{}},
		{"trouble", "table", "trouble.txt", Options{}},
		{"trouble", "markdown", "trouble.md", Options{}},
		{"trouble", "csv", "trouble.csv", Options{}},
		{"trouble", "gobench", "trouble.bench", Options{}},
		{"cpuburn", "table", "cpuburn.txt", Options{}},
		{"cpuburn", "markdown", "cpuburn.md", Options{}},
		{"cpuburn", "gobench", "cpuburn.bench", Options{}},
		{"randmul", "table", "randmul.txt", Options{}},
		{"randmul", "table", "randmul-wide.txt", Options{Wide: true}},
		{"shop", "table", "shop.txt", Options{}},
		{"shop", "markdown", "shop.md", Options{}},
		{"shop", "csv", "shop.csv", Options{}},
		{"shop", "gobench", "shop.bench", Options{}},
		{"sides", "table", "sides.txt", Options{}},
		{"sides", "table", "sides-wide.txt", Options{Wide: true}},
		{"sides", "table", "sides-80.txt", Options{Width: 80}},
		{"sides", "table", "sides-color.txt", Options{Color: true}},
		{"sides", "markdown", "sides.md", Options{}},
		{"sides", "csv", "sides.csv", Options{}},
		{"sides", "gobench", "sides.bench", Options{}},
		{"apart", "table", "apart.txt", Options{}},
		{"apart", "markdown", "apart.md", Options{}},
		{"apart", "csv", "apart.csv", Options{}},
		{"randmul", "gobench", "randmul.bench", Options{}},
		{"nasty", "table", "nasty.txt", Options{}},
		{"nasty", "table", "nasty-ascii.txt", Options{ASCII: true}},
		{"nasty", "markdown", "nasty.md", Options{}},
		{"nasty", "csv", "nasty.csv", Options{}},
		{"nasty", "gobench", "nasty.bench", Options{}},
		{"matrix", "html", "matrix.html", Options{}},
		{"nasty", "html", "nasty.html", Options{}},
	} {
		t.Run(c.file, func(t *testing.T) {
			var b bytes.Buffer
			if err := Write(&b, c.format, fixtures()[c.fixture], c.options); err != nil {
				t.Fatal(err)
			}
			golden(t, c.file, b.Bytes())
		})
	}
}

func TestGoldenJSON(t *testing.T) {
	for _, name := range fixtureNames() {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := Write(&b, "json", fixtures()[name], Options{}); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".json", b.Bytes())
		})
	}
}
