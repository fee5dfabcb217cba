// Command snapshot packs the Go files of a source tree into the archive that
// the "source" corpus is read from. It is run by go generate in
// scenarios/corpus.
//
// The same files give the same archive: they are taken in byte order of their
// paths and the gzip header carries neither name nor time.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

func main() {
	root := flag.String("root", ".", "top `folder` of the source tree")
	out := flag.String("out", "source.go.gz", "archive `file` to write")
	most := flag.Int("max", 1<<20, "`bytes` of source to keep, from the front")
	flag.Parse()
	if err := run(os.DirFS(*root), *out, *most); err != nil {
		fmt.Fprintln(os.Stderr, "snapshot:", err)
		os.Exit(1)
	}
}

func run(tree fs.FS, out string, most int) error {
	source, err := collect(tree, most)
	if err != nil {
		return err
	}
	archive, err := pack(source)
	if err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	return os.WriteFile(out, archive, 0o644)
}

// collect joins the .go files of tree, at most most bytes. It leaves out hidden
// folders, vendor and testdata: the first two are not this project's text, the
// last may be anything.
func collect(tree fs.FS, most int) ([]byte, error) {
	var paths []string
	err := fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && skipped(entry.Name()):
			return fs.SkipDir
		case entry.Type().IsRegular() && path.Ext(name) == ".go":
			paths = append(paths, name)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list source files: %w", err)
	}
	slices.Sort(paths)
	var source []byte
	for _, name := range paths {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, fmt.Errorf("read source: %w", err)
		}
		source = append(source, text...)
		if len(source) >= most {
			return source[:most], nil
		}
	}
	if len(source) == 0 {
		return nil, errors.New("no .go files under the root: name the top folder with -root")
	}
	return source, nil
}

func skipped(folder string) bool {
	return strings.HasPrefix(folder, ".") || folder == "vendor" || folder == "testdata"
}

func pack(source []byte) ([]byte, error) {
	var archive bytes.Buffer
	z, err := gzip.NewWriterLevel(&archive, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(z, bytes.NewReader(source)); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return archive.Bytes(), nil
}
