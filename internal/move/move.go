package main

import (
	"bytes"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// A mover takes a tree from one module path to another.
type mover struct {
	dir      string
	from, to string
	folders  []string // at the top of the module, those that have Go files in or below them
}

// move gives the module in the folder dir the path to and returns the files that it
// changed. Nothing is changed where it returns an error about the path or a file's text.
func move(dir, to string) ([]string, error) {
	if err := module.CheckPath(to); err != nil {
		return nil, fmt.Errorf("%w: want the path of a repository, such as example.com/you/zstdshop", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return nil, fmt.Errorf("read the module's path: %w (run this in the folder of go.mod)", err)
	}
	m := mover{dir: dir, from: modfile.ModulePath(text), to: to}
	if m.from == "" {
		return nil, fmt.Errorf("%s has no module line", filepath.Join(dir, "go.mod"))
	}
	if m.from == to {
		return nil, fmt.Errorf("the module's path is %s already", to)
	}
	files, err := m.files()
	if err != nil {
		return nil, err
	}
	changed := map[string][]byte{}
	for _, file := range files {
		old, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			return nil, err
		}
		moved, err := m.moved(file, old)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if !bytes.Equal(old, moved) {
			changed[file] = moved
		}
	}
	var names []string
	for _, file := range files {
		if moved, ok := changed[file]; ok {
			if err := os.WriteFile(filepath.Join(dir, file), moved, 0o666); err != nil { // keeps the mode
				return nil, fmt.Errorf("%w (the files before it are written: start from a fresh checkout)", err)
			}
			names = append(names, file)
		}
	}
	return names, nil
}

// files returns the tree's files in order, with slashes, and finds the folders of packages.
func (m *mover) files() ([]string, error) {
	var files []string
	err := filepath.WalkDir(m.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(m.dir, name)
		if err != nil {
			return err
		}
		below = filepath.ToSlash(below)
		switch {
		case d.IsDir() && slices.Contains([]string{".git", "dist", "packaging"}, below):
			return filepath.SkipDir
		case d.Type().IsRegular():
			files = append(files, below)
			top, _, nested := strings.Cut(below, "/")
			if nested && path.Ext(below) == ".go" && !slices.Contains(m.folders, top) {
				m.folders = append(m.folders, top)
			}
		}
		return nil
	})
	return files, err
}

// moved returns what a file is to hold.
func (m *mover) moved(file string, text []byte) ([]byte, error) {
	switch {
	case path.Base(file) == "go.mod":
		return m.modFile(text)
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		return text, nil // no text
	}
	moved := []byte(m.text(string(text)))
	switch {
	case path.Ext(file) == ".md":
		moved = []byte(m.placeholders(string(moved)))
	case path.Ext(file) == ".go" && !bytes.Equal(moved, text):
		return format.Source(moved) // imports are sorted by path
	}
	return moved, nil
}

// modFile replaces the path wherever a line of a go.mod file has it.
func (m *mover) modFile(text []byte) ([]byte, error) {
	f, err := modfile.ParseLax("go.mod", text, nil)
	if err != nil {
		return nil, err
	}
	replace := func(line *modfile.Line) {
		for i, token := range line.Token {
			if token == m.from {
				line.Token[i] = m.to
			}
		}
	}
	for _, statement := range f.Syntax.Stmt {
		switch s := statement.(type) {
		case *modfile.Line:
			replace(s)
		case *modfile.LineBlock:
			for _, line := range s.Line {
				replace(line)
			}
		}
	}
	return modfile.Format(f.Syntax), nil
}

// text replaces the path where it stands for the module: before one of its folders, as
// in an import, before a version, and in go mod edit -replace. Elsewhere the same word
// is the program, or a file.
func (m *mover) text(text string) string {
	var out strings.Builder
	for {
		at := strings.Index(text, m.from)
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		before, after := text[:at], text[at+len(m.from):]
		out.WriteString(before)
		if m.isPath(before, after) {
			out.WriteString(m.to)
		} else {
			out.WriteString(m.from)
		}
		text = after
	}
}

// isPath reports whether what stands between two texts is the module's path.
func (m *mover) isPath(before, after string) bool {
	if strings.HasSuffix(before, "https://") { // the repository's address, after a first move
		return strings.Contains(m.from, "/")
	}
	return !withinPath(before) &&
		(strings.HasPrefix(after, "@v") || strings.HasPrefix(after, "@latest") || m.beforeFolder(after) ||
			strings.HasPrefix(after, "=") && strings.HasSuffix(before, "-replace "))
}

// withinPath reports whether what follows a text goes on with a path or a name in it.
func withinPath(before string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	return inName(last) || strings.ContainsRune("./@", last)
}

// beforeFolder reports whether a text begins with a slash and one of the module's folders.
func (m *mover) beforeFolder(text string) bool {
	text, slash := strings.CutPrefix(text, "/")
	name := text
	if end := strings.IndexFunc(text, func(r rune) bool { return !inName(r) && r != '.' }); end >= 0 {
		name = text[:end]
	}
	return slash && slices.Contains(m.folders, strings.TrimRight(name, "."))
}

// inName reports whether a rune can be within a word that names a file or a command.
func inName(r rune) bool {
	return r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// placeholders fills in what pages cannot say before the module has a home.
func (m *mover) placeholders(text string) string {
	return strings.NewReplacer(
		"go install PATH@", "go install "+m.to+"@",
		"go get PATH@", "go get "+m.to+"@",
		"git clone ADDRESS ", "git clone https://"+m.to+" ",
	).Replace(text)
}
