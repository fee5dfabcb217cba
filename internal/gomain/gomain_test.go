package gomain

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// tree writes files, by their paths, into a new folder.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("go is not installed")
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOWORK", "")
	t.Setenv("CGO_ENABLED", "0")
	for name, text := range files {
		write(t, filepath.Join(dir, name), text)
	}
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// program is a small program in several files.
func program() map[string]string {
	return map[string]string{
		"go.mod":     "module example.com/x\n\ngo 1.24\n",
		"main.go":    "package main\n\nimport (\n\t_ \"embed\"\n\n\t\"example.com/x/lib\"\n)\n\n//go:embed text.txt\nvar text string\n\nfunc main() { lib.Do(text) }\n",
		"text.txt":   "text",
		"lib/lib.go": "package lib\n\n// Do does.\nfunc Do(s string) { println(s) }\n",
		"README.md":  "read me",
	}
}

func sources(t *testing.T, dir string) *Sources {
	t.Helper()
	s, err := Main{Dir: dir}.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSame(t *testing.T) {
	a := sources(t, tree(t, program()))
	for _, test := range []struct {
		name   string
		change func(files map[string]string)
		want   bool
	}{
		{"nothing", func(map[string]string) {}, true},
		{"a comment", func(f map[string]string) {
			f["lib/lib.go"] = "package lib\n\n// Do did.\n\nfunc Do(s string) { println(s) }\n"
		}, true},
		{"a file beside it", func(f map[string]string) { f["README.md"] = "read this" }, true},
		{"a test", func(f map[string]string) { f["lib/lib_test.go"] = "package lib\n" }, true},
		{"a package that is not part of it", func(f map[string]string) { f["more/more.go"] = "package more\n" }, true},
		{"a file of another system", func(f map[string]string) { f["lib/lib_plan9.go"] = "package lib\n\nfunc init() {}\n" }, true},
		{"a comment in go.mod", func(f map[string]string) { f["go.mod"] += "// none\n" }, true},
		{"code", func(f map[string]string) {
			f["lib/lib.go"] = "package lib\n\n// Do does.\nfunc Do(s string) { print(s) }\n"
		}, false},
		{"a directive", func(f map[string]string) {
			f["lib/lib.go"] = "package lib\n\n//go:noinline\nfunc Do(s string) { println(s) }\n"
		}, false},
		{"an embedded file", func(f map[string]string) { f["text.txt"] = "other" }, false},
		{"a new file", func(f map[string]string) { f["lib/more.go"] = "package lib\n\nfunc init() { Do(\"\") }\n" }, false},
		{"assembly", func(f map[string]string) { f["lib/a.s"] = "// nothing\n" }, false},
		{"the language", func(f map[string]string) { f["go.mod"] = "module example.com/x\n\ngo 1.23\n" }, false},
		{"a setting of the runtime", func(f map[string]string) { f["go.mod"] += "\ngodebug panicnil=1\n" }, false},
		{"a profile", func(f map[string]string) { f["default.pgo"] = "" }, false},
	} {
		files := program()
		test.change(files)
		b := sources(t, tree(t, files))
		if Same(a, b) != test.want || Same(b, a) != test.want {
			t.Errorf("%s: same %v and %v, want %v", test.name, Same(a, b), Same(b, a), test.want)
		}
	}
}

func TestFiles(t *testing.T) {
	dir := tree(t, program())
	var got []string
	for _, path := range sources(t, dir).Files(dir) {
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(rel))
	}
	if text := strings.Join(got, " "); text != "lib/lib.go go.mod go.sum main.go text.txt" {
		t.Errorf("the program is made of %s", text)
	}
}

func TestCFilesOfAnyFolderCount(t *testing.T) {
	a, b := tree(t, map[string]string{"sub/x.h": "1", "x.txt": "1", "x.go": "1"}), tree(t, map[string]string{"sub/x.h": "1", "x.txt": "2", "x.go": "2"})
	if !sameTree(a, b) {
		t.Error("what C does not read counts")
	}
	write(t, filepath.Join(b, "sub/x.h"), "2")
	if sameTree(a, b) {
		t.Error("a changed header is the same")
	}
}

// The same sources make the same bytes, wherever they are.
func TestBuildAnywhere(t *testing.T) {
	var built [][]byte
	for range 2 {
		dir := tree(t, program())
		out := filepath.Join(t.TempDir(), "sub", "program")
		if err := (Main{Dir: dir}).Build(t.Context(), out); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		built = append(built, text)
	}
	if !bytes.Equal(built[0], built[1]) {
		t.Error("the folder is part of the program")
	}
}

// What is outside of the repository is where the base looks for it.
func TestAddOutside(t *testing.T) {
	outer := func(extra map[string]string) map[string]string {
		files := map[string]string{
			"src/repo/cmd/main.go": "package main\n\nimport \"example.com/x\"\n\nfunc main() { x.Do() }\n",
			"src/x/go.mod":         "module example.com/x\n\ngo 1.24\n\nrequire example.com/y v0.0.0\n\nreplace example.com/y => ../y\n",
			"src/x/x.go":           "package x\n\nimport \"example.com/y\"\n\nfunc Do() { y.Do() }\n",
			"src/y/go.mod":         "module example.com/y\n\ngo 1.24\n",
			"src/y/y.go":           "package y\n\nfunc Do() {}\n",
		}
		for name, text := range extra {
			files[name] = text
		}
		return files
	}
	const plain = "module example.com/repo\n\ngo 1.24\n"
	replaced := plain + "\nrequire (\n\texample.com/x v0.0.0\n\texample.com/y v0.0.0\n)\n\nreplace example.com/x => ../x\n\nreplace example.com/y => ../y\n"
	for _, test := range []struct {
		name    string
		files   map[string]string
		dir     string // of main
		tracked bool   // all files of the repository are git's
		lacks   string // that the base does not have
		gowork  string // GOWORK
	}{
		{name: "replace", files: map[string]string{"src/repo/go.mod": replaced}, dir: "src/repo/cmd", tracked: true},
		{name: "go.work above", files: map[string]string{"src/repo/go.mod": plain, "src/go.work": "go 1.24\n\nuse (\n\t./repo\n\t./x\n)\n"}, dir: "src/repo/cmd", tracked: true},
		{name: "go.work that git ignores", files: map[string]string{"src/repo/go.mod": plain, "src/repo/go.work": "go 1.24\n\nuse (\n\t.\n\t../x\n\t../y\n)\n"}, dir: "src/repo/cmd", lacks: "go.work"},
		{name: "go.work of the repository", files: map[string]string{"src/repo/go.mod": plain, "src/repo/go.work": "go 1.24\n\nuse (\n\t.\n\t../x\n)\n"}, dir: "src/repo/cmd", tracked: true},
		{name: "go.work that came later", files: map[string]string{"src/repo/go.mod": replaced, "src/repo/go.work": "go 1.24\n\nuse .\n"}, dir: "src/repo/cmd", tracked: true, lacks: "go.work"},
		{name: "go.work by its variable", files: map[string]string{"src/repo/go.mod": plain, "conf/go.work": "go 1.24\n\nuse (\n\t../src/repo\n\t../src/x\n)\n"}, dir: "src/repo/cmd", gowork: "conf/go.work"},
		{name: "go.work with whole paths", files: map[string]string{"src/repo/go.mod": plain, "conf/go.work": "go 1.24\n\nuse (\n\tROOT/src/repo\n\tROOT/src/x\n)\n"}, dir: "src/repo/cmd", gowork: "conf/go.work"},
		{name: "go.work with a module that came later", files: map[string]string{"src/repo/go.mod": plain, "src/repo/later/go.mod": "module example.com/later\n\ngo 1.24\n",
			"src/go.work": "go 1.24\n\nuse (\n\t./repo\n\t./repo/later\n\t./x\n)\n", "src/go.work.sum": "example.com/z v1.0.0/go.mod h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"},
			dir: "src/repo/cmd", tracked: true, lacks: "later/go.mod"},
		{name: "no workspace", files: map[string]string{"src/repo/go.mod": replaced, "src/go.work": "go 1.24\n\nuse ./x\n"}, dir: "src/repo/cmd", gowork: "off"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := tree(t, outer(test.files))
			root := filepath.Join(dir, "src", "repo")
			if path := filepath.Join(dir, "conf", "go.work"); test.gowork != "" {
				if test.gowork != "off" {
					text, err := os.ReadFile(path)
					if err != nil {
						t.Fatal(err)
					}
					write(t, path, strings.ReplaceAll(string(text), "ROOT", dir))
					test.gowork = path
				}
				t.Setenv("GOWORK", test.gowork)
			}
			mirror := Mirror{Root: filepath.Join(t.TempDir(), "base")}
			if err := os.CopyFS(mirror.Of(root), os.DirFS(root)); err != nil {
				t.Fatal(err)
			}
			if test.lacks != "" {
				if err := os.Remove(filepath.Join(mirror.Of(root), test.lacks)); err != nil {
					t.Fatal(err)
				}
			}
			ctx := context.Context(t.Context())
			here := Main{Dir: filepath.Join(dir, test.dir)}
			t.Setenv("GOFLAGS", "-json") // of a user who likes it in JSON
			base, err := mirror.AddOutside(ctx, root, here.Dir, func(string) bool { return test.tracked })
			t.Setenv("GOFLAGS", "")
			if err != nil {
				t.Fatal(err)
			}
			a, err := here.Sources(ctx)
			if err != nil {
				t.Fatal(err)
			}
			b, err := base.Sources(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if sum, err := os.ReadFile(filepath.Join(dir, "src", "go.work.sum")); err == nil {
				if copied, err := os.ReadFile(filepath.Join(mirror.Of(dir), "src", "go.work.sum")); err != nil || !bytes.Equal(copied, sum) {
					t.Errorf("go.work.sum: %q, %v", copied, err)
				}
			}
			if !strings.Contains(test.name, "came later") && !Same(a, b) {
				t.Error("the base is not the same program")
			}
			// It is built from the mirror, not from the working tree.
			write(t, filepath.Join(base.Dir, "main.go"), "package main\n\nimport \"example.com/x\"\n\nfunc main() { x.Do(); x.Do() }\n")
			if b, err = base.Sources(ctx); err != nil {
				t.Fatal(err)
			}
			if Same(a, b) {
				t.Error("the base is the working tree")
			}
			if err := base.Build(ctx, filepath.Join(t.TempDir(), "program")); err != nil {
				t.Error(err)
			}
		})
	}
}
