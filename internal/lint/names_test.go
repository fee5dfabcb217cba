package lint

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// core are the packages that know codecs, runners and scenarios by what they say
// of themselves and never by name, so that one of a plug-in is treated as a
// built-in one is.
var core = regexp.MustCompile(`^(harness|reports|server|stats|history)(/|$)`)

// named is a registered name that a file of the core may hold as a string.
type named struct {
	file, name string
	why        string
}

var namesAllowed = []named{
	{"server/encoding.go", "gzip", "the content coding of HTTP"},
	{"server/metrics.go", "compress", "the label of the route /compress"},
	{"server/metrics.go", "decompress", "the label of the route /decompress"},
	{"server/load/endpoint.go", "compress", "the endpoint /compress"},
	{"server/load/endpoint.go", "decompress", "the endpoint /decompress"},
}

func TestNamesStayInTheCatalogue(t *testing.T) {
	catalogue, err := readSource("main.go", read(t, "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	names := registered(catalogue)
	if len(names) == 0 {
		t.Fatal("main.go registers nothing")
	}
	needed := make([]bool, len(namesAllowed))
	for _, f := range readTree(t) {
		for _, l := range namesIn(f, names) {
			at := slices.IndexFunc(namesAllowed, func(n named) bool { return n.file == f.file() && n.name == l.name })
			if at < 0 {
				t.Error(f.breach(l.at, "%q is registered in main.go: the core asks an entry's Info and does not name it", l.name))
				continue
			}
			needed[at] = true
		}
	}
	for i, n := range namesAllowed {
		if !needed[i] {
			t.Errorf("namesAllowed: %s does not name %q: remove its row", n.file, n.name)
		}
	}
}

func TestNamesRuleSeesBreaches(t *testing.T) {
	catalogue, err := readSource("main.go", []byte(`package main; func registry() {
		reg.AddCodec("lz4", lz4.New())
		reg.AddRunner("pool", runners.Pool())
		reg.AddScenario("compress", scenarios.Compress())
		reg.Say("hello")
	}`))
	if err != nil {
		t.Fatal(err)
	}
	names := registered(catalogue)
	if want := []string{"lz4", "pool", "compress"}; !slices.Equal(names, want) {
		t.Errorf("registered %q, want %q", names, want)
	}
	for _, test := range []struct {
		file, text string
		want       []string
	}{
		{"reports/a.go", `package reports; func f(s string) bool { return s == "lz4" }`, []string{"lz4"}},
		{"reports/a.go", "package reports; const s = `pool`", []string{"pool"}},
		{"harness/plan/a.go", `package plan; func f(s string) { switch s { case "pool", "compress": } }`, []string{"pool", "compress"}},
		{"server/load/a.go", `package load; var m = map[string]int{"lz4": 1}`, []string{"lz4"}},
		{"server/a.go", `package server; const s = "lz4@3,pool"`, []string{"lz4", "pool"}},
		{"server/a.go", "package server; const s = \"of all models `pool` is the plain one\"", []string{"pool"}},
		{"history/a.go", `package history; const s = "scenario=compress/codec=lz4"`, []string{"compress", "lz4"}},

		{"reports/a.go", `package reports; const s = "a pool of contexts; compress, then stop"`, nil},
		{"reports/a.go", `package reports; import "lz4"`, nil},
		{"reports/a.go", "package reports; type t struct { A int `json:\"pool\"` }", nil},
		{"reports/a.go", `package reports; const s = "/compress"`, nil},
		{"reports/a.go", `package reports // "pool"`, nil},
		{"reports/a_test.go", `package reports; const s = "pool"`, nil},
		{"harness/internal/standin/a.go", `package standin; const s = "pool"`, nil},
		{"cli/a.go", `package cli; const s = "pool"`, nil},
		{"serverless/a.go", `package serverless; const s = "pool"`, nil},
	} {
		f, err := readSource(test.file, []byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range namesIn(f, names) {
			got = append(got, l.name)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %s: %q, want %q", test.file, test.text, got, test.want)
		}
	}
}

// registered returns the names that the catalogue's Add lines give.
func registered(catalogue source) []string {
	var names []string
	ast.Inspect(catalogue.tree, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || !slices.Contains([]string{"AddCodec", "AddRunner", "AddScenario"}, method.Sel.Name) || len(call.Args) == 0 {
			return true
		}
		if name, ok := call.Args[0].(*ast.BasicLit); ok {
			names = append(names, text(name))
		}
		return true
	})
	return names
}

// naming is a place where a registered name is written.
type naming struct {
	at   ast.Node
	name string
}

// namesIn returns the names that a production file of the core holds in strings:
// alone, in a list, in a cell's name, or in prose as code.
func namesIn(f source, names []string) []naming {
	// What stands in for entries in tests has names as they have.
	if f.test || !core.MatchString(f.pkg) || f.pkg == "harness/internal/standin" {
		return nil
	}
	var found []naming
	ast.Inspect(f.tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			return n.Tag == nil // a tag is no name, and neither is the type before it
		case *ast.BasicLit:
			if n.Kind != token.STRING {
				break
			}
			for _, word := range wordsOfLiteral(text(n)) {
				if slices.Contains(names, word) {
					found = append(found, naming{n, word})
				}
			}
		}
		return true
	})
	return found
}

var quoted = regexp.MustCompile("`([^`]+)`")

// wordsOfLiteral returns what in a string can be a name: what is quoted as code
// or, where the string is no prose, its parts.
func wordsOfLiteral(s string) []string {
	if strings.Contains(strings.TrimSpace(s), " ") {
		var words []string
		for _, m := range quoted.FindAllStringSubmatch(s, -1) {
			words = append(words, wordsOfLiteral(m[1])...)
		}
		return words
	}
	var words []string
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return strings.ContainsRune(", \n", r) }) {
		for _, pair := range strings.Split(part, "/") {
			key, value, ok := strings.Cut(pair, "=")
			if !ok {
				value = key
			}
			if ok || !strings.Contains(part, "/") {
				value, _, _ = strings.Cut(value, "@")
				words = append(words, value)
			}
		}
	}
	return words
}

// text is the value of a string literal.
func text(literal *ast.BasicLit) string {
	s, _ := strconv.Unquote(literal.Value) // the parser has seen to it
	return s
}
