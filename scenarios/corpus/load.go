package corpus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"zstdshop/internal/nearest"
)

// Load reads the corpus that spec names:
//
//	logs           an embedded corpus; List has them all
//	FILE           its bytes as they are, also of .gz and .zst files
//	FILE.zip       every file in the archive is a member; links are passed over
//	FOLDER         every regular file below it is a member; symbolic links are not
//	               followed
//	-              stdin, all of it as one member and never unpacked
//
// In folders and archives what systems and tools leave there is passed over:
// repositories (.git), .DS_Store and __MACOSX, Thumbs.db and the like (litter.go).
//
// A bare name is an embedded corpus first; ./name is always a file or folder.
// Only the name decides whether a file is unpacked, never the content. If a
// file changes while it is read, the bytes that were read are measured.
//
// Errors are one line with the remedy. When ctx ends the error wraps its cause,
// also while Load waits for stdin; the goroutine that waits for stdin is then
// left behind.
func Load(ctx context.Context, spec string, stdin io.Reader) (*Corpus, error) {
	l := loader{
		limit: MaxBytes,
		open:  func(path string) (file, error) { return os.Open(path) },
		walk:  filepath.WalkDir,
	}
	return l.load(ctx, spec, stdin)
}

// Shadowed reports whether spec names an embedded corpus where a file or folder has the
// same name: Load reads that as ./name.
func Shadowed(spec string) bool {
	if !slices.Contains(embeddedNames(), spec) {
		return false
	}
	_, err := os.Lstat(spec)
	return err == nil
}

func (l *loader) load(ctx context.Context, spec string, stdin io.Reader) (*Corpus, error) {
	c, err := l.find(ctx, spec, stdin)
	if err != nil {
		return nil, fmt.Errorf("corpus %q: %w", spec, err)
	}
	return c, nil
}

func (l *loader) find(ctx context.Context, spec string, stdin io.Reader) (*Corpus, error) {
	switch spec {
	case "":
		return nil, fmt.Errorf("no name: write one of %s, a file, a folder, or - for standard input", strings.Join(embeddedNames(), ", "))
	case "-":
		return l.stream(ctx, stdin)
	}
	if c, ok, err := loadEmbedded(spec); ok {
		return c, err
	}
	info, err := os.Stat(spec)
	switch {
	case errors.Is(err, fs.ErrNotExist) && filepath.Base(spec) == spec:
		return nil, unknown(spec)
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("no such file or folder: check the path")
	case err != nil:
		return nil, explain(err)
	}
	c := &Corpus{Name: corpusName(spec), Source: spec}
	switch mode := info.Mode(); {
	case mode.IsDir():
		c.Members, err = l.folder(ctx, spec)
	case !mode.IsRegular():
		err = notRegular(mode)
	case isZip(spec):
		c.Members, err = l.archive(ctx, spec)
	default:
		var data []byte
		data, err = l.read(ctx, spec, l.limit)
		c.Members = []Member{{label(filepath.Base(spec)), data}}
	}
	if err == nil && c.Size() == 0 {
		err = empty(info.IsDir() || isZip(spec), len(c.Members))
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

// stream reads standard input. A read cannot be interrupted, so it runs in a
// goroutine of its own. The size is not known: while the buffer grows, up to
// twice the data is held.
func (l *loader) stream(ctx context.Context, stdin io.Reader) (*Corpus, error) {
	if stdin == nil {
		return nil, errors.New("there is no standard input: name a file")
	}
	var data []byte
	done := make(chan error, 1)
	go func() {
		var err error
		data, err = l.readAll(ctx, stdin, 0, l.limit)
		done <- err
	}()
	select {
	case err := <-done:
		switch {
		case err != nil:
			return nil, fmt.Errorf("read standard input: %w", err)
		case len(data) == 0:
			return nil, errors.New("standard input is empty: pipe data in, or name a file")
		}
		return &Corpus{Name: "stdin", Source: "standard input", Members: []Member{{"stdin", data}}}, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("read standard input: %w", context.Cause(ctx))
	}
}

// folder reads every regular file below root.
func (l *loader) folder(ctx context.Context, root string) ([]Member, error) {
	top, err := filepath.EvalSymlinks(root) // a root that is a link is followed, since the user named it
	if err != nil {
		return nil, explain(err)
	}
	type found struct{ label, path string }
	var files []found
	var total int64
	var links int
	err = l.walk(top, func(path string, entry fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		below, relErr := filepath.Rel(top, path)
		if relErr != nil {
			return relErr
		}
		if err != nil {
			return fmt.Errorf("%q: %w", below, explain(err))
		}
		switch mode := entry.Type(); {
		case isLitterFolder(entry.Name()) && path != top:
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !entry.IsDir() && isLitter(entry.Name()):
			return nil
		case entry.IsDir():
			return nil
		case mode&fs.ModeSymlink != 0:
			links++
			return nil
		case !mode.IsRegular():
			return fmt.Errorf("%q %w", below, notRegular(mode))
		}
		info, err := entry.Info()
		if err != nil {
			return fmt.Errorf("%q: %w", below, explain(err))
		}
		// Refused before a gigabyte is read.
		if total += info.Size(); total > l.limit {
			return limitError(l.limit)
		}
		files = append(files, found{label(filepath.ToSlash(below)), path})
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(files) == 0 && links > 0 {
		return nil, fmt.Errorf("no regular files, only symbolic links (%d), which are not followed: name the folder they point to", links)
	}
	slices.SortFunc(files, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.label, b.label), cmp.Compare(a.path, b.path))
	})
	room := l.limit
	members := make([]Member, 0, len(files))
	for _, f := range files {
		data, err := l.read(ctx, f.path, room)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", f.label, err)
		}
		if isAppleDouble(f.label, data) {
			continue
		}
		room -= int64(len(data))
		members = append(members, Member{f.label, data})
	}
	return members, nil
}

// empty returns the error for a corpus of no bytes.
func empty(container bool, files int) error {
	switch {
	case !container:
		return errors.New("the file is empty: name one with data in it")
	case files == 0:
		return errors.New("there are no files in it: name one with files")
	}
	return fmt.Errorf("all files in it are empty (%d): name one with data", files)
}

// unknown returns the error for a bare name that is neither an embedded corpus
// nor a file.
func unknown(name string) error {
	var hint string
	if near := nearest.Name(name, embeddedNames()); near != "" {
		hint = "did you mean " + near + "? "
	}
	return fmt.Errorf("no embedded corpus, file or folder has this name: %sembedded are %s", hint, strings.Join(embeddedNames(), ", "))
}

// embeddedNames returns the names of the embedded corpora.
func embeddedNames() []string {
	var names []string
	for _, info := range List() {
		names = append(names, info.Name)
	}
	return names
}

func isZip(path string) bool { return strings.EqualFold(filepath.Ext(path), ".zip") }

// corpusName returns the base name of a path without ".zip", made fit for the
// name of a cell.
func corpusName(spec string) string {
	if abs, err := filepath.Abs(spec); err == nil {
		spec = abs // "." and ".." have a name too
	}
	name := filepath.Base(spec)
	if isZip(name) && len(name) > len(".zip") {
		name = name[:len(name)-len(".zip")]
	}
	return strings.ReplaceAll(label(name), "/", "_")
}
