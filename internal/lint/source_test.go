package lint

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// root is the folder of the module. Paths below it are written with slashes and
// without it.
var root = filepath.Join("..", "..")

// source is one parsed file of ours.
type source struct {
	pkg  string // path of its package without the module's, "." for the root
	test bool
	tree *ast.File
}

// fileSet has all files that were parsed.
var fileSet = token.NewFileSet()

// file returns the path of f below the root.
func (f source) file() string { return fileSet.Position(f.tree.Package).Filename }

func (f source) breach(at ast.Node, format string, args ...any) string {
	return fmt.Sprintf("%v: ", fileSet.Position(at.Pos())) + fmt.Sprintf(format, args...)
}

// readSource parses a file whose path below the root and text are given.
func readSource(file string, text []byte) (source, error) {
	tree, err := parser.ParseFile(fileSet, file, text, parser.ParseComments|parser.SkipObjectResolution)
	return source{
		pkg:  path.Dir(file),
		test: strings.HasSuffix(file, "_test.go"),
		tree: tree,
	}, err
}

// readTree parses every Go file of the module's packages.
func readTree(t *testing.T) []source {
	t.Helper()
	var tree []source
	for _, file := range walk(t, ownModule) {
		if path.Ext(file) != ".go" || strings.HasPrefix(file, ".") || strings.Contains(file, "testdata/") {
			continue
		}
		f, err := readSource(file, read(t, file))
		if err != nil {
			t.Fatal(err)
		}
		tree = append(tree, f)
	}
	return tree
}

// ownModule and everyModule say whether walk goes into modules within this one.
const ownModule, everyModule = false, true

// walk returns the paths of all files. go test repeats a result without running the test while the folders
// and files that it has opened are as they were, so a new file shows.
func walk(t *testing.T, modules bool) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			below, err := filepath.Rel(root, name)
			files = append(files, filepath.ToSlash(below))
			return err
		}
		if d.Name() == ".git" || name == filepath.Join(root, "dist") || name == filepath.Join(root, "packaging") {
			return filepath.SkipDir // the last two are what a release is made of
		}
		if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil && name != root && modules == ownModule {
			return filepath.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no file below %s", root)
	}
	return files
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}
