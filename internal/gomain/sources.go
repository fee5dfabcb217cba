// Package gomain knows what a Go program is made of: its source files, whether two
// of them are the same program, and how to build one so that only its sources and
// the compilers count, not the folder.
package gomain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zstdshop/internal/tool"
)

// A Main is a main package in a folder.
type Main struct {
	Dir string
	Env []string // of go, besides the process's own
}

func (m Main) run(ctx context.Context, args ...string) (string, error) {
	return tool.Command{Argv: append([]string{"go"}, args...), Dir: m.Dir, Env: m.Env}.Output(ctx)
}

// env returns variables of go, one a line, even if $GOFLAGS ask for JSON.
func (m Main) env(ctx context.Context, names ...string) (string, error) {
	return m.run(ctx, append([]string{"env", "-json=false"}, names...)...)
}

// Sources are the packages of a program.
type Sources struct {
	dir      string // of main
	packages []listed
	modules  []string // what the go.mod, and the go.work, in force say
}

// listed is a package as `go list` has it.
type listed struct {
	ImportPath, Dir, Name, DefaultGODEBUG string

	Module *struct {
		Path, Version, GoVersion, GoMod string
		Main                            bool
		Replace                         *struct{ Path, Version string }
	}

	GoFiles, CgoFiles                                []string
	CFiles, CXXFiles, MFiles, HFiles, FFiles, SFiles []string
	SwigFiles, SwigCXXFiles, SysoFiles, EmbedFiles   []string
}

// fields is what go is asked for.
const fields = "ImportPath,Dir,Name,DefaultGODEBUG,Module,GoFiles,CgoFiles,CFiles,CXXFiles,MFiles,HFiles,FFiles,SFiles," +
	"SwigFiles,SwigCXXFiles,SysoFiles,EmbedFiles"

// Sources lists what the program is made of.
func (m Main) Sources(ctx context.Context) (*Sources, error) {
	out, err := m.run(ctx, "list", "-buildvcs=false", "-deps", "-json="+fields, ".")
	if err != nil {
		return nil, err
	}
	s := &Sources{dir: m.Dir}
	var mods []string
	for d := json.NewDecoder(strings.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		s.packages = append(s.packages, p)
		if p.Module != nil && p.Module.Main && !slices.Contains(mods, p.Module.GoMod) {
			mods = append(mods, p.Module.GoMod)
		}
	}
	for _, path := range mods {
		text, err := m.run(ctx, "mod", "edit", "-json", path)
		if err != nil {
			return nil, err
		}
		s.modules = append(s.modules, text)
	}
	return s, nil
}

// Files lists the files of the program in folder, which is absolute, by their paths.
func (s *Sources) Files(folder string) []string {
	var out []string
	for _, p := range s.packages {
		if !within(p.Dir, folder) {
			continue
		}
		for _, name := range p.files() {
			out = append(out, filepath.Join(p.Dir, name))
		}
		if p.Module != nil && p.Module.GoMod != "" && !slices.Contains(out, p.Module.GoMod) {
			out = append(out, p.Module.GoMod, filepath.Join(filepath.Dir(p.Module.GoMod), "go.sum"))
		}
	}
	return out
}

// within reports whether a path is folder or in it.
func within(path, folder string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// files are those of a package, Go's first.
func (p *listed) files() []string { return append(slices.Concat(p.GoFiles, p.CgoFiles), p.others()...) }

func (p *listed) others() []string {
	return slices.Concat(p.CFiles, p.CXXFiles, p.MFiles, p.HFiles, p.FFiles, p.SFiles, p.SwigFiles, p.SwigCXXFiles, p.SysoFiles, p.EmbedFiles)
}

// Same reports whether two programs built in the same way are the same one: their
// sources differ in comments and white space alone. What cannot be told is not the
// same.
func Same(a, b *Sources) bool {
	return slices.Equal(a.modules, b.modules) && sameFile(filepath.Join(a.dir, profile), filepath.Join(b.dir, profile)) &&
		slices.EqualFunc(a.packages, b.packages, samePackage)
}

// profile is the file beside main that go build optimizes by where it exists.
const profile = "default.pgo"

func samePackage(a, b listed) bool {
	if a.ImportPath != b.ImportPath || a.Name != b.Name || a.DefaultGODEBUG != b.DefaultGODEBUG || !sameModule(a, b) {
		return false
	}
	if a.Dir == b.Dir { // of the same library or the same Go
		return true
	}
	if !slices.Equal(a.files(), b.files()) {
		return false
	}
	for _, name := range slices.Concat(a.GoFiles, a.CgoFiles) {
		if !sameGo(filepath.Join(a.Dir, name), filepath.Join(b.Dir, name)) {
			return false
		}
	}
	for _, name := range a.others() {
		if !sameFile(filepath.Join(a.Dir, name), filepath.Join(b.Dir, name)) {
			return false
		}
	}
	// C may include what go does not list.
	return len(a.CgoFiles) == 0 || sameTree(a.Dir, b.Dir)
}

func sameModule(a, b listed) bool {
	x, y := a.Module, b.Module
	if x == nil || y == nil {
		return x == y
	}
	if (x.Replace == nil) != (y.Replace == nil) {
		return false
	}
	// Of a folder, which has no version, the files count and not where it is.
	if x.Replace != nil && (x.Replace.Version != y.Replace.Version || x.Replace.Version != "" && x.Replace.Path != y.Replace.Path) {
		return false
	}
	return x.Path == y.Path && x.Version == y.Version && x.GoVersion == y.GoVersion && x.Main == y.Main
}

// sameGo reports whether two Go files are the same code.
func sameGo(a, b string) bool {
	x, errX := os.ReadFile(a)
	y, errY := os.ReadFile(b)
	return errX == nil && errY == nil && (bytes.Equal(x, y) || sameCode(x, y))
}

// sameFile reports whether two files have the same bytes, or neither is there.
func sameFile(a, b string) bool {
	x, errX := os.ReadFile(a)
	y, errY := os.ReadFile(b)
	if errX != nil || errY != nil {
		return errors.Is(errX, fs.ErrNotExist) && errors.Is(errY, fs.ErrNotExist)
	}
	return bytes.Equal(x, y)
}

// foreign are the endings of files that a C compiler may read.
var foreign = []string{".h", ".hh", ".hpp", ".hxx", ".inc", ".inl", ".def", ".c", ".cc", ".cpp", ".cxx", ".m", ".s", ".S"}

// sameTree reports whether two folders have the same files that a C compiler may read.
func sameTree(a, b string) bool {
	x, errX := foreignFiles(a)
	y, errY := foreignFiles(b)
	return errX == nil && errY == nil && slices.Equal(x, y) && !slices.ContainsFunc(x, func(name string) bool {
		return !sameFile(filepath.Join(a, name), filepath.Join(b, name))
	})
}

func foreignFiles(dir string) (names []string, err error) {
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && slices.Contains(foreign, filepath.Ext(name)) {
			names = append(names, filepath.FromSlash(name))
		}
		return err
	})
	return names, err
}
