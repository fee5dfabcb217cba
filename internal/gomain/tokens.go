package gomain

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// sameCode reports whether two Go files are the same to the compiler: they differ in
// comments and white space alone. Comments that tools read are code: directives, and
// what stands before import "C". Files that cannot be read as Go are not the same.
func sameCode(a, b []byte) bool {
	x, okX := tokensOf(a)
	y, okY := tokensOf(b)
	return okX && okY && slices.Equal(x, y)
}

// A lexeme is a token with its text, without its place.
type lexeme struct {
	token token.Token
	text  string
}

// tokensOf returns what a file is to the compiler.
func tokensOf(src []byte) (out []lexeme, ok bool) {
	preambles, ok := preamblesOf(src)
	if !ok {
		return nil, false
	}
	files := token.NewFileSet()
	file := files.AddFile("", files.Base(), len(src))
	ok = true
	var s scanner.Scanner
	s.Init(file, src, func(token.Position, string) { ok = false }, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		switch {
		case tok == token.EOF:
			return out, ok
		case tok == token.SEMICOLON:
			text = "" // that of a line's end is one as well
		case tok == token.COMMENT && !isDirective(text) && !preambles.has(file.Offset(pos)):
			continue
		}
		out = append(out, lexeme{tok, text})
	}
}

// directive is how comments begin that tools read. A few words too many are in it: they
// make two files differ that need not.
var directive = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(//[a-z0-9]+:[a-z0-9]|//line |/\*line |//export |//extern |//\s*\+build)`)
})

func isDirective(comment string) bool { return directive().MatchString(comment) }

// spans are stretches of a file, as offsets.
type spans [][2]int

func (s spans) has(offset int) bool {
	return slices.ContainsFunc(s, func(span [2]int) bool { return span[0] <= offset && offset < span[1] })
}

// preamblesOf returns the comments that cgo reads, as cmd/cgo takes them: those right
// before import "C".
func preamblesOf(src []byte) (spans, bool) {
	if !strings.Contains(string(src), `"C"`) {
		return nil, true
	}
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, "", src, parser.ImportsOnly|parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, false
	}
	var out spans
	add := func(g *ast.CommentGroup) {
		if g != nil {
			out = append(out, [2]int{files.Position(g.Pos()).Offset, files.Position(g.End()).Offset})
		}
	}
	for _, d := range tree.Decls {
		decl, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range decl.Specs {
			if spec, ok := s.(*ast.ImportSpec); ok && spec.Path.Value == `"C"` {
				add(spec.Doc)
				add(decl.Doc)
			}
		}
	}
	return out, true
}
