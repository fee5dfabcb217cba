package gomain

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"testing"
)

func TestSameCode(t *testing.T) {
	const base = "package a\n\n// f is.\nfunc f() int { return 1 }\n"
	const cgo = "package a\n\n/*\n#cgo CFLAGS: -O2\nint f();\n*/\nimport \"C\"\n\n// g is.\nfunc g() { C.f() }\n"
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{base, base, true},
		{base, "package a\n\n// f was.\nfunc f() int { return 1 }\n", true},
		{base, "package a\nfunc f() int { return 1 }", true},
		{base, "package a; func f() int { return 1 };\n", true},
		{base, "package a\r\n\r\nfunc f() int { return /* one */ 1 }\r\n", true},
		{base, "package a\n\nfunc f() int {\n\treturn 1\n}\n", false}, // a semicolon more: it would be the same, which is not looked into
		{base, "package a\n\nfunc f() int { return 2 }\n", false},
		{base, "package a\n\nfunc f() int { return 0x1 }\n", false},
		{base, "package a\n\nfunc g() int { return 1 }\n", false},
		{base, "package a\n\nfunc f() int { /*", false},
		{base, "package a\n\nfunc f() int { return '", false},
		{"junk {", "junk {", true},
		{"package a\nvar s = `a b`\n", "package a\nvar s = `a  b`\n", false},
		{"package a\nvar s = \"// a\"\n", "package a\nvar s = \"// b\"\n", false},

		// What tools read.
		{base, "package a\n\n//go:noinline\nfunc f() int { return 1 }\n", false},
		{"package a\n\n//go:noinline\nfunc f() {}\nfunc g() {}\n", "package a\n\nfunc f() {}\n//go:noinline\nfunc g() {}\n", false},
		{base, "package a\n\n// go:noinline is no directive with a space.\nfunc f() int { return 1 }\n", true},
		{base, "//go:build linux\n\npackage a\n\nfunc f() int { return 1 }\n", false},
		{base, "// +build linux\n\npackage a\n\nfunc f() int { return 1 }\n", false},
		{base, "//go:debug madvdontneed=1\npackage a\n\nfunc f() int { return 1 }\n", false},
		{base, "package a\n\n//line x.go:7\nfunc f() int { return 1 }\n", false},
		{base, "package a\n\n/*line x.go:7*/func f() int { return 1 }\n", false},
		{base, "package a\n\n//export f\nfunc f() int { return 1 }\n", false},
		{"package a\n\nimport _ \"embed\"\n\n//go:embed x\nvar s string\n", "package a\n\nimport _ \"embed\"\n\n//go:embed y\nvar s string\n", false},

		// Preambles of cgo, in each form; other comments of such a file are comments.
		{cgo, cgo, true},
		{cgo, "package a\n\n/*\n#cgo CFLAGS: -O3\nint f();\n*/\nimport \"C\"\n\n// g is.\nfunc g() { C.f() }\n", false},
		{cgo, "package a\n\n/*\n#cgo CFLAGS: -O2\nint  f();\n*/\nimport \"C\"\n\n// g is.\nfunc g() { C.f() }\n", false},
		{cgo, "package a\n\n/*\n#cgo CFLAGS: -O2\nint f();\n*/\nimport \"C\"\n\n// g was.\nfunc g() { C.f() }\n", true},
		{cgo, "package a\n\n/*\n#cgo CFLAGS: -O2\nint f();\n*/\n\nimport \"C\"\n\nfunc g() { C.f() }\n", false}, // it is a preamble no more
		{"package a\n\n// int f();\nimport \"C\"\n", "package a\n\n// int g();\nimport \"C\"\n", false},
		{"package a\n\nimport (\n\t// int f();\n\t\"C\"\n)\n", "package a\n\nimport (\n\t// int g();\n\t\"C\"\n)\n", false},
		{"package a\n\n// int f();\nimport (\n\t\"C\"\n)\n", "package a\n\n// int g();\nimport (\n\t\"C\"\n)\n", false},
		{"package a\n\n// x\nimport \"fmt\"\n\nvar s = \"C\"\n", "package a\n\n// y\nimport \"fmt\"\n\nvar s = \"C\"\n", true},
	} {
		if got := sameCode([]byte(test.a), []byte(test.b)); got != test.want {
			t.Errorf("%v, want %v:\n%s\n---\n%s", got, test.want, test.a, test.b)
		}
		if got := sameCode([]byte(test.b), []byte(test.a)); got != test.want {
			t.Errorf("%v, want %v, the other way round:\n%s\n---\n%s", got, test.want, test.b, test.a)
		}
	}
}

// Two files that are called the same have the same syntax tree.
func FuzzSameCode(f *testing.F) {
	f.Add("package a\n\n// f is.\nfunc f() int { return 1 }\n", "package a\nfunc f() int { return /* */ 1 }")
	f.Add("package a\n\n// #include <x.h>\nimport \"C\"\n", "package a\n\n// #include <y.h>\nimport \"C\"\n")
	f.Add("package a\nvar x = a\n-b", "package a\nvar x = a -b")
	f.Add("package a\nfunc f() { return\n}", "package a\nfunc f() { return; }")
	f.Add("package a//\n", "package a/*\n*/")
	f.Fuzz(func(t *testing.T, a, b string) {
		if !sameCode([]byte(a), []byte(b)) {
			return
		}
		x, okX := shape(a)
		y, okY := shape(b)
		if okX != okY || !slices.Equal(x, y) {
			t.Errorf("called the same:\n%q\n%q", a, b)
		}
	})
}

// shape is the kinds of nodes of a file with their names and values.
func shape(src string) (out []string, ok bool) {
	tree, err := parser.ParseFile(token.NewFileSet(), "", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, false
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		text := ""
		switch n := n.(type) {
		case nil:
			text = "end"
		case *ast.Ident:
			text = n.Name
		case *ast.BasicLit:
			text = n.Value
		case *ast.BinaryExpr:
			text = n.Op.String()
		case *ast.UnaryExpr:
			text = n.Op.String()
		case *ast.AssignStmt:
			text = n.Tok.String()
		}
		if n != nil {
			text = reflect.TypeOf(n).String() + " " + text
		}
		out = append(out, text)
		return true
	})
	return out, true
}
