package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

var tree = fstest.MapFS{
	"main.go":           {Data: []byte("package main\n")},
	"a/b.go":            {Data: []byte("package a\n")},
	"a.go":              {Data: []byte("package top\n")},
	"README.md":         {Data: []byte("# not code\n")},
	".git/hook.go":      {Data: []byte("hidden\n")},
	"vendor/x/x.go":     {Data: []byte("vendored\n")},
	"a/testdata/odd.go": {Data: []byte("test data\n")},
}

func TestCollect(t *testing.T) {
	const whole = "package top\npackage a\npackage main\n"
	for _, tt := range []struct {
		most int
		want string
	}{
		{1 << 20, whole},
		{len(whole), whole},
		{15, "package top\npac"},
	} {
		got, err := collect(tree, tt.most)
		if err != nil || string(got) != tt.want {
			t.Errorf("collect(%d) = %q, %v; want %q", tt.most, got, err, tt.want)
		}
	}
	if got, err := collect(fstest.MapFS{}, 10); err == nil {
		t.Errorf("collect of an empty tree = %q, want an error", got)
	}
}

// TestRun checks that an archive can be read back and that two runs give the
// same.
func TestRun(t *testing.T) {
	var archives [2][]byte
	for i := range archives {
		out := filepath.Join(t.TempDir(), "source.go.gz")
		if err := run(tree, out, 1<<20); err != nil {
			t.Fatal(err)
		}
		var err error
		if archives[i], err = os.ReadFile(out); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(archives[0], archives[1]) {
		t.Error("two archives of the same tree differ")
	}
	z, err := gzip.NewReader(bytes.NewReader(archives[0]))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if want := "package top\npackage a\npackage main\n"; err != nil || string(got) != want {
		t.Errorf("archive holds %q, %v; want %q", got, err, want)
	}
}
