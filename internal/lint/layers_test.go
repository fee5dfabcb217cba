package lint

import (
	"go/ast"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/modfile"
)

// modulePath is how the paths of our packages begin.
var modulePath = sync.OnceValue(func() string {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		panic(err)
	}
	return modfile.ModulePath(text)
})

// layer says which packages of ours a package may import. Paths are without the
// module's; "." is the catalogue, main.go. A * stands for one element of a path;
// the first row that fits counts.
type layer struct {
	pkg  string
	may  string // by its files
	test string // by its tests only, besides
}

// layers is who may import whom. No arrow points back: what is below knows
// nothing of what is above. A contract stays importable without what its
// implementations bring along.
var layers = []layer{
	{pkg: "stats"},
	{pkg: "internal/nearest"},
	{pkg: "internal/plaintext"},
	{pkg: "internal/browsertest"},
	{pkg: "internal/rows"},
	{pkg: "internal/tool"},
	{pkg: "internal/repo", may: "internal/plaintext internal/tool"},
	{pkg: "internal/gomain", may: "internal/tool", test: "internal/repo"},
	{pkg: "internal/lint"},
	// A program that gives the module another path.
	{pkg: "internal/move"},
	// What the stories of testdata/script run beside the program.
	{pkg: "internal/stories", may: "codecs codecs/memcpy harness runners scenarios"},
	{pkg: "codecs"},
	{pkg: "codecs/codectest", may: "codecs", test: "codecs/*"},
	{pkg: "codecs/*", may: "codecs", test: "codecs/codectest codecs/*"},
	{pkg: "runners", test: "runners/runnertest"},
	{pkg: "runners/runnertest", may: "runners"},
	{pkg: "runners/*", may: "runners", test: "runners/runnertest"},
	{pkg: "scenarios", may: "codecs"},
	{pkg: "scenarios/corpus", may: "internal/nearest"},
	{pkg: "scenarios/corpus/internal/*"},
	{pkg: "harness", may: "codecs runners scenarios internal/nearest", test: "harness/internal/standin"},
	{pkg: "harness/internal/standin", may: "codecs runners scenarios harness"},
	{pkg: "harness/machine"},
	{pkg: "harness/worker", may: "codecs runners scenarios scenarios/corpus harness/machine"},
	{pkg: "harness/result", may: "codecs runners scenarios harness/worker harness/machine internal/plaintext"},
	{pkg: "harness/journal", may: "harness/result harness/worker harness/machine"},
	{pkg: "harness/plan", may: "codecs runners scenarios scenarios/corpus workers harness harness/result harness/machine internal/nearest internal/plaintext", test: "harness/internal/standin"},
	{pkg: "harness/analyze", may: "stats harness/result harness/journal harness/worker harness/machine", test: "codecs runners scenarios harness/internal/standin"},
	{pkg: "harness/measure", may: "scenarios/corpus stats harness harness/analyze harness/journal harness/result harness/worker harness/machine internal/tool", test: "codecs scenarios runners harness/plan harness/internal/standin"},
	{pkg: "reports/html", may: "harness/result"},
	{pkg: "reports", may: "reports/html runners harness/analyze harness/result harness/machine internal/nearest stats", test: "codecs codecs/klauspost scenarios internal/browsertest"},
	{pkg: "history", may: "harness/result stats"},
	{pkg: "server/internal/*", may: "server/internal/*", test: "codecs codecs/*"},
	{pkg: "server", may: "codecs runners harness harness/measure harness/result harness/worker server/internal/*", test: "codecs/* scenarios internal/browsertest"},
	// A scenario that loads the server, which is why it is a package of its own.
	{pkg: "server/load", may: "codecs harness scenarios server", test: "codecs/*"},
	{pkg: "cli/internal/*"},
	// Programs beside zstdshop, for what its worker processes must not pay for.
	{pkg: "cmd/*"},
	{pkg: "fleet", may: "harness harness/* scenarios/corpus", test: "codecs/memcpy runners scenarios"},
	{pkg: "cli", may: "cli/internal/* scenarios/corpus stats fleet harness harness/* reports history server internal/gomain internal/nearest internal/plaintext internal/repo", test: "internal/tool codecs codecs/* runners scenarios"},
	// A program with entries of its own, as a plug-in's.
	{pkg: "docs/evidence/equals", may: "cli codecs/klauspost harness runners scenarios"},
	// Programs that make the figures of docs/method.md; nobody imports them, and
	// they call the libraries to have something to hold the harness against.
	{pkg: "docs/evidence/*", may: "codecs codecs/* fleet harness harness/* internal/rows reports runners scenarios scenarios/corpus stats"},
	// Programs to copy, which know the shop by its API only.
	{pkg: "examples/clients", test: "cli codecs/* harness runners scenarios"},
	{pkg: "examples/clients/*"},
	// Workers that know the protocol only, embedded for bench --worker.
	{pkg: "workers"},
	{pkg: ".", may: "cli harness runners runners/* scenarios server/load codecs/*", test: "internal/stories"},
}

// backends are the modules that compress. They are wanted in codecs/<backend>
// only, as is C: whoever imports the contract gets neither.
var backends = []string{
	"C",
	"github.com/klauspost/compress", "github.com/DataDog/zstd", "github.com/valyala/gozstd", "github.com/minio/minlz",
	"github.com/pierrec/lz4", "github.com/andybalholm/brotli", "github.com/golang/snappy",
}

func TestImports(t *testing.T) {
	tree := readTree(t)
	for _, f := range tree {
		for _, breach := range checkImports(f) {
			t.Error(breach)
		}
	}
	for _, l := range layers {
		if !slices.ContainsFunc(tree, func(f source) bool { return fits(l.pkg, f.pkg) }) {
			t.Errorf("layers: no package is %s: remove its row", l.pkg)
		}
	}
}

func TestNothingEndsTheProgram(t *testing.T) {
	for _, f := range readTree(t) {
		for _, breach := range checkCalls(f) {
			t.Error(breach)
		}
	}
}

// TestRulesSeeBreaches holds the rules themselves against files that break them,
// and some that only look like it.
func TestRulesSeeBreaches(t *testing.T) {
	for _, test := range []struct {
		file, text string
		want       int // breaches
	}{
		{"stats/a.go", `package stats; import "math"`, 0},
		{"stats/a.go", `package stats; import "zstdshop/codecs"`, 1},
		{"stats/a_test.go", `package stats_test; import "zstdshop/stats"`, 0},
		{"stats/a_test.go", `package stats_test; import "zstdshop/harness"`, 1},
		{"harness/a.go", `package harness; import "zstdshop/codecs/klauspost"`, 1},
		{"harness/result/a.go", `package result; import "zstdshop/harness/analyze"`, 1},
		{"harness/a_windows.go", `package harness; import "zstdshop/cli"`, 1},
		{"cli/a.go", `package cli; import "zstdshop/codecs/memcpy"`, 1},
		{"cli/a_test.go", `package cli; import "zstdshop/codecs/memcpy"`, 0},
		{"codecs/lz4/a.go", `package lz4; import ("zstdshop/codecs"; "github.com/pierrec/lz4/v4")`, 0},
		{"codecs/lz4/a.go", `package lz4; import "zstdshop/codecs/codectest"`, 1},
		{"codecs/a.go", `package codecs; import "github.com/klauspost/compress/zstd"`, 1},
		{"codecs/codectest/a_test.go", `package codectest; import "github.com/klauspost/compress/zstd"`, 1},
		{"harness/a.go", `package harness; import "github.com/klauspost/cpuid/v2"`, 0},
		{"harness/a.go", `package harness; import "C"`, 1},
		{"newcomer/a.go", `package newcomer`, 1},

		{"cli/a.go", `package cli; import "os"; func f() { os.Exit(1) }`, 1},
		{"cli/a.go", `package cli; import "os"; var f = os.Exit`, 1},
		{"cli/a.go", `package cli; import system "os"; func f() { system.Exit(1) }`, 1},
		{"cli/a.go", `package cli; import "log"; func f() { log.Fatalf("x"); log.Panicln() }`, 2},
		{"cli/a.go", `package cli; import "log"; func f() { log.Print("x") }`, 0},
		{"cli/a.go", `package cli; func f() { panic("x") }`, 1},
		{"cli/a.go", `package cli; func f() { recover() }`, 0},
		{"cli/a.go", `package cli; func init() {}`, 1},
		{"cli/a.go", `package cli; type t int; func (t) init() {}`, 0},
		{"cli/a_test.go", `package cli; func f() { panic("x") }`, 0},
		{"main.go", `package main; import "os"; func main() { os.Exit(0) }`, 0},
		{"main.go", `package main; func init() {}`, 1},
		{"internal/stories/a.go", `package stories; func f() { panic("x") }`, 0},
	} {
		f, err := readSource(test.file, []byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := append(checkImports(f), checkCalls(f)...); len(got) != test.want {
			t.Errorf("%s: %s: %d breaches, want %d: %q", test.file, test.text, len(got), test.want, got)
		}
	}
}

// checkImports returns every import of f that the table has not.
func checkImports(f source) []string {
	at := slices.IndexFunc(layers, func(l layer) bool { return fits(l.pkg, f.pkg) })
	if at < 0 {
		return []string{f.breach(f.tree, "package %s is not in the table of layers: say there what it may import", f.pkg)}
	}
	allowed := strings.Fields(layers[at].may)
	if f.test {
		allowed = append(allowed, f.pkg)
		allowed = append(allowed, strings.Fields(layers[at].test)...)
	}
	var breaches []string
	for _, spec := range f.tree.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value) // the parser has seen to it
		switch ours, isOurs := ownPackage(imported); {
		case isOurs && !slices.ContainsFunc(allowed, func(a string) bool { return fits(a, ours) }):
			breaches = append(breaches, f.breach(spec, "%s must not import %s (see the table of layers)", f.pkg, ours))
		case isBackend(imported) && !(fits("codecs/*", f.pkg) && f.pkg != "codecs/codectest" || fits("docs/evidence/*", f.pkg)):
			breaches = append(breaches, f.breach(spec, "%s must not import %q: only a backend under codecs may", f.pkg, imported))
		}
	}
	return breaches
}

// fatal are the functions that end the program for whoever called.
var fatal = map[string][]string{
	"os":  {"Exit"},
	"log": {"Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln"},
}

// checkCalls returns what in f could end the program behind main's back, or
// would run before it. Mentioning such a function counts as a call.
func checkCalls(f source) []string {
	if f.test {
		return nil
	}
	names := map[string]string{} // of the packages above in this file
	for _, spec := range f.tree.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		if fatal[imported] == nil {
			continue
		}
		names[imported] = imported
		if spec.Name != nil {
			names[spec.Name.Name] = imported
		}
	}
	// A story may ask a worker to panic or to leave.
	program := f.tree.Name.Name == "main" || f.pkg == "internal/stories"
	var breaches []string
	ast.Inspect(f.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Recv == nil && n.Name.Name == "init" {
				breaches = append(breaches, f.breach(n, "init runs for everybody who imports %s: register in main.go instead", f.pkg))
			}
		case *ast.CallExpr:
			if called, ok := n.Fun.(*ast.Ident); ok && called.Name == "panic" && !program {
				breaches = append(breaches, f.breach(n, "panic: return an error instead"))
			}
		case *ast.SelectorExpr:
			in, ok := n.X.(*ast.Ident)
			if ok && slices.Contains(fatal[names[in.Name]], n.Sel.Name) && !program {
				breaches = append(breaches, f.breach(n, "%s.%s: return an error instead", in.Name, n.Sel.Name))
			}
		}
		return true
	})
	return breaches
}

// ownPackage returns a package of ours without the module's path.
func ownPackage(imported string) (string, bool) {
	if imported == modulePath() {
		return ".", true
	}
	return strings.CutPrefix(imported, modulePath()+"/")
}

func isBackend(imported string) bool {
	return slices.ContainsFunc(backends, func(b string) bool {
		return imported == b || strings.HasPrefix(imported, b+"/")
	})
}

// fits reports whether a package is meant by a path of the table.
func fits(pattern, pkg string) bool {
	ok, err := path.Match(pattern, pkg)
	return ok && err == nil
}
