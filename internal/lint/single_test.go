package lint

import (
	"go/ast"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ciFile leaves packages out of its run of the race detector, in a line
// single="folder folder ...".
const ciFile = ".ci/run"

var singleLine = regexp.MustCompile(`(?m)^single="([^"]*)"`)

// quiet are packages of ours that run no code of their caller in a goroutine, and
// are looked at for themselves.
var quiet = []string{"harness/analyze", "harness/result"}

// catalogued are those whose entries a test may name, or ask what they are.
var catalogued = []string{"codecs", "codecs/*", "runners", "scenarios", "internal/browsertest"}

// TestSingleGoroutine: what the race detector does not look at starts no
// goroutine and imports nothing of ours that could give it a second one.
func TestSingleGoroutine(t *testing.T) {
	line := singleLine.FindSubmatch(read(t, ciFile))
	if line == nil {
		t.Fatalf("%s has no line single=\"...\"", ciFile)
	}
	single := strings.Fields(string(line[1]))
	seen := map[string]bool{}
	for _, f := range readTree(t) {
		if slices.Contains(single, f.pkg) {
			seen[f.pkg] = true
			for _, breach := range checkSingle(f, single) {
				t.Error(breach)
			}
		}
	}
	for _, pkg := range single {
		if !seen[pkg] {
			t.Errorf("%s: no package is %s", ciFile, pkg)
		}
	}
}

func TestSingleGoroutineSeesBreaches(t *testing.T) {
	for _, test := range []struct {
		text string
		want int // breaches
	}{
		{`import "zstdshop/codecs/lz4"`, 0},
		{`import "zstdshop/runners"`, 0},
		{`import "zstdshop/harness/result"`, 0},
		{`import "zstdshop/internal/nearest"`, 0},
		{`import ("math"; "zstdshop/stats"); func f() { math.Abs(1) }`, 0},
		{`func f() { go f() }`, 1},
		{`func f() { func() { go func() {}() }() }`, 1},
		{`func TestX(t *testing.T) { t.Parallel() }`, 1},
		{`func BenchmarkX(b *testing.B) { b.RunParallel(nil) }`, 1},
		{`import "sync"; var a = sync.OnceValue(f)`, 0},
		{`import "sync"; var a sync.Mutex`, 1},
		{`import "sync/atomic"`, 1},
		{`import "golang.org/x/sync/errgroup"`, 1},
		{`import "zstdshop/harness/measure"`, 1},
	} {
		f, err := readSource("stats/a_test.go", []byte("package stats_test\n"+test.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := checkSingle(f, []string{"stats", "internal/nearest"}); len(got) != test.want {
			t.Errorf("%s: %d breaches, want %d: %q", test.text, len(got), test.want, got)
		}
	}
}

func TestOnlyTestsNameEntries(t *testing.T) {
	f, err := readSource("stats/a.go", []byte(`package stats; import "zstdshop/runners"; import "zstdshop/harness/result"`))
	if err != nil {
		t.Fatal(err)
	}
	if got := checkSingle(f, []string{"stats"}); len(got) != 1 {
		t.Errorf("breaches are %q, want one about runners", got)
	}
}

// checkSingle returns what in f could bring in a second goroutine; single are the
// packages that are left out.
func checkSingle(f source, single []string) []string {
	const remedy = "take %s out of single in " + ciFile
	var breaches []string
	for _, spec := range f.tree.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		ours, isOurs := ownPackage(imported)
		fine := ours == f.pkg || slices.Contains(single, ours) || slices.Contains(quiet, ours) ||
			f.test && slices.ContainsFunc(catalogued, func(pattern string) bool { return fits(pattern, ours) })
		if isOurs && !fine || imported != "sync" && slices.Contains(strings.Split(imported, "/"), "sync") {
			breaches = append(breaches, f.breach(spec, "import of %s: "+remedy, imported, f.pkg))
		}
	}
	ast.Inspect(f.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			breaches = append(breaches, f.breach(n, "a goroutine: "+remedy, f.pkg))
		case *ast.SelectorExpr:
			of, _ := n.X.(*ast.Ident) // of sync a lazy value is fine
			if n.Sel.Name == "Parallel" || n.Sel.Name == "RunParallel" || of != nil && of.Name == "sync" && !strings.HasPrefix(n.Sel.Name, "Once") {
				breaches = append(breaches, f.breach(n, "%s: "+remedy, n.Sel.Name, f.pkg))
			}
		}
		return true
	})
	return breaches
}
