package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// files are a module and another one within it.
var files = map[string]string{
	"go.mod": "module shop\n\ngo 1.26.0\n\nrequire example.com/shop v1.0.0\n",
	"main.go": `package main

import (
	"fmt"

	"shop/cli"
	"github.com/x/shop/cli"
)
`,
	"cli/cli.go":    "// Package cli is shop/cli.\npackage cli\n\nconst schema = \"shop/result/v1\"\n",
	"plugin/go.mod": "module example.com/plugin\n\nrequire (\n\tshop v0.0.0 // indirect\n\texample.com/shop/v2 v2.0.0\n)\n\nreplace shop => ..\n",
	"plugin/main.go": `package main

import (
	"shop/cli"

	"example.com/plugin/x"
)
`,
	"docs/a.md": "Run `shop bench`, or ./shop/cli; it writes ~/.cache/shop/cli and shop/cli.txt.\n" +
		"Import \"shop/cli\", shop/cli. go mod edit -replace shop=../shop; go get shop@v1 shop@latest\n" +
		"git clone ADDRESS shop; go install PATH@latest, go get PATH@latest; workshop/cli shop-cli shop@home\n",
	".ci/run":   "go install PATH@latest; go list shop/cli\n",
	"data.bin":  "shop/cli\x00",
	".git/conf": "shop/cli",
}

func TestMove(t *testing.T) {
	dir := tree(t, files)
	if err := os.Chmod(filepath.Join(dir, ".ci/run"), 0o755); err != nil {
		t.Fatal(err)
	}
	want := maps.Clone(files)
	want["go.mod"] = "module example.org/me/shop\n\ngo 1.26.0\n\nrequire example.com/shop v1.0.0\n"
	want["main.go"] = `package main

import (
	"fmt"

	"example.org/me/shop/cli"
	"github.com/x/shop/cli"
)
`
	want["cli/cli.go"] = "// Package cli is example.org/me/shop/cli.\npackage cli\n\nconst schema = \"shop/result/v1\"\n"
	want["plugin/go.mod"] = "module example.com/plugin\n\nrequire (\n\texample.org/me/shop v0.0.0 // indirect\n\texample.com/shop/v2 v2.0.0\n)\n\nreplace example.org/me/shop => ..\n"
	want["plugin/main.go"] = strings.ReplaceAll(files["plugin/main.go"], `"shop/`, `"example.org/me/shop/`)
	want["docs/a.md"] = "Run `shop bench`, or ./shop/cli; it writes ~/.cache/shop/cli and shop/cli.txt.\n" +
		"Import \"example.org/me/shop/cli\", example.org/me/shop/cli. go mod edit -replace example.org/me/shop=../shop; go get example.org/me/shop@v1 example.org/me/shop@latest\n" +
		"git clone https://example.org/me/shop shop; go install example.org/me/shop@latest, go get example.org/me/shop@latest; workshop/cli shop-cli shop@home\n"
	want[".ci/run"] = "go install PATH@latest; go list example.org/me/shop/cli\n"

	changed, err := move(dir, "example.org/me/shop")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, read(t, dir)); diff != "" {
		t.Errorf("the tree, want (-) and got (+):\n%s", diff)
	}
	if want := []string{".ci/run", "cli/cli.go", "docs/a.md", "go.mod", "main.go", "plugin/go.mod", "plugin/main.go"}; !slices.Equal(changed, want) {
		t.Errorf("changed are %q, want %q", changed, want)
	}
	if info, err := os.Stat(filepath.Join(dir, ".ci/run")); err != nil || info.Mode().Perm() != 0o755 {
		t.Errorf("the script's mode is %v, %v", info.Mode(), err)
	}

	// And on, from a path with a host.
	if _, err := move(dir, "shop.example/v2"); err != nil {
		t.Fatal(err)
	}
	for name, text := range read(t, dir) {
		if strings.Contains(text, "example.org/me") {
			t.Errorf("%s still has the path before:\n%s", name, text)
		}
	}
}

func TestMoveRefuses(t *testing.T) {
	for _, test := range []struct {
		name, path string
		tree       map[string]string
		want       string
	}{
		{"no host", "shop2", files, "want the path of a repository"},
		{"an address", "https://example.org/shop", files, "want the path of a repository"},
		{"the same", "example.org/shop", map[string]string{"go.mod": "module example.org/shop\n"}, "is example.org/shop already"},
		{"no module", "example.org/shop", map[string]string{"main.go": "package main\n"}, "in the folder of go.mod"},
		{"an empty go.mod", "example.org/shop", map[string]string{"go.mod": "go 1.26\n"}, "has no module line"},
		{"a file that is no Go", "example.org/shop", map[string]string{"go.mod": "module shop\n", "a/a.go": `package a; import ("shop/a"`}, "a/a.go: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := tree(t, test.tree)
			if _, err := move(dir, test.path); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one that has %q", err, test.want)
			}
			if diff := cmp.Diff(test.tree, read(t, dir)); diff != "" {
				t.Errorf("the tree has changed:\n%s", diff)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	var out, said bytes.Buffer
	if status := run(nil, &out, &said); status != 2 || !strings.HasPrefix(said.String(), "usage: ") {
		t.Errorf("status %d, said %q", status, &said)
	}
}

// tree writes files into a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// read returns the files of a folder.
func read(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, pattern := range []string{"*", "*/*"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				continue // a folder
			}
			below, err := filepath.Rel(dir, name)
			if err != nil {
				t.Fatal(err)
			}
			found[filepath.ToSlash(below)] = string(text)
		}
	}
	return found
}
