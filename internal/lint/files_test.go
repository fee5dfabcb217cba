package lint

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"path"
	"slices"
	"testing"
)

// TestFilesUseEachOtherOneWay: within a package a file uses nothing of files that use
// something of it, so that each can be read from its low files to its high ones.
func TestFilesUseEachOtherOneWay(t *testing.T) {
	packages := map[string][]source{}
	for _, f := range readTree(t) {
		if !f.test {
			packages[f.pkg] = append(packages[f.pkg], f)
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(packages)) {
		if circle := circleOf(usesOf(packages[pkg])); circle != "" {
			t.Errorf("%s: files use each other in a circle: %s", pkg, circle)
		}
	}
}

func TestCircleIsSeen(t *testing.T) {
	for _, test := range []struct {
		a, b, want string
	}{
		{`func A() { B() }`, `func B() {}`, ""},
		{`func A() { B() }`, `func B() { A() }`, "p/a.go -> p/b.go (B) -> p/a.go (A)"},
		{`type T struct{ n int }`, `func (t T) B() int { return t.n }`, ""},
		{`type T struct{}; func A(t T) { t.B() }`, `func (T) B() {}`, "p/a.go -> p/b.go (B) -> p/a.go (T)"},
		{`import "m"; func A(b int) { m.B(); b = 1; B := 2; _ = B }`, `func B() { A(1) }`, ""},
		{`import "m"; var a = m.New(B)`, `const B = 1; var b = a`, "p/a.go -> p/b.go (B) -> p/a.go (a)"},
	} {
		var files []source
		for name, text := range map[string]string{"p/a.go": test.a, "p/b.go": test.b} {
			f, err := readSource(name, []byte("package p; "+text))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
		}
		if got := circleOf(usesOf(files)); got != test.want {
			t.Errorf("%s and %s: %q, want %q", test.a, test.b, got, test.want)
		}
	}
}

// uses are the files whose names a file uses, each with one of those names.
type uses map[string]map[string]string

// usesOf looks at the names that the files of one package declare. What they import
// is not looked at, so a method of ours on what another package returned is not seen.
func usesOf(files []source) uses {
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	unknown := types.Config{Importer: empty{}, Error: func(error) {}, FakeImportC: true}
	var trees []*ast.File
	for _, f := range files {
		trees = append(trees, f.tree)
	}
	_, _ = unknown.Check(files[0].pkg, fileSet, trees, info) // of the imports everything is missing
	all := uses{}
	for name, object := range info.Uses {
		from, to := fileSet.Position(name.Pos()).Filename, fileSet.Position(object.Pos()).Filename
		if to == "" || to == from {
			continue
		}
		if all[from] == nil {
			all[from] = map[string]string{}
		}
		if said, ok := all[from][to]; !ok || name.Name < said { // the same one in every run
			all[from][to] = name.Name
		}
	}
	return all
}

// empty imports packages that declare nothing.
type empty struct{}

func (empty) Import(name string) (*types.Package, error) {
	p := types.NewPackage(name, path.Base(name))
	p.MarkComplete()
	return p, nil
}

// circleOf is a way from a file back to itself; "" where there is none.
func circleOf(all uses) string {
	done := map[string]bool{} // no circle can be reached from here
	var way []string
	var search func(file string) string
	search = func(file string) string {
		if at := slices.Index(way, file); at >= 0 {
			text := file
			for i, from := range way[at:] {
				to := append(way[at:], file)[i+1]
				text += fmt.Sprintf(" -> %s (%s)", to, all[from][to])
			}
			return text
		}
		if done[file] {
			return ""
		}
		way = append(way, file)
		for _, next := range slices.Sorted(maps.Keys(all[file])) {
			if circle := search(next); circle != "" {
				return circle
			}
		}
		way = way[:len(way)-1]
		done[file] = true
		return ""
	}
	for _, file := range slices.Sorted(maps.Keys(all)) {
		if circle := search(file); circle != "" {
			return circle
		}
	}
	return ""
}
