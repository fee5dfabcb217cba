package cli

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"zstdshop/harness/measure"
	"zstdshop/internal/gomain"
	"zstdshop/internal/repo"
)

// builds is where both sides are built: the cache folder, whose file systems allow
// programs to run, as those of temporary files need not.
func (a *app) builds() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return os.TempDir(), nil // a system without home folders
	}
	dir := filepath.Join(cache, "zstdshop")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make a folder to build in: %w: set XDG_CACHE_HOME to one that can be written", err)
	}
	forgetBuilds(dir, time.Now())
	return dir, nil
}

const (
	buildFolder = "zstdshop-build-"
	// maxBuildAge is how old a folder is that an ended gate cannot have removed.
	maxBuildAge = 24 * time.Hour
)

// forgetBuilds removes what gates that were killed have left, and the programs that
// earlier versions kept. Compiled packages are kept, by go itself.
func forgetBuilds(dir string, now time.Time) {
	os.RemoveAll(filepath.Join(dir, "base"))
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), buildFolder) && now.Sub(info.ModTime()) > maxBuildAge {
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}

// pair is the two programs of a gate, old and new.
type pair struct {
	programs []measure.Program
	// same says how both are the same program, so that nothing is to be measured;
	// "" where they are not.
	same string
}

// Ways in which two programs are the same.
const (
	sameBytes   = "byte for byte"
	sameSources = "but for comments and white space"
)

// buildPair makes the two programs, in dir: with a commit as base both are built, from
// it and from the working tree, in the same way; with a program the other side is this
// program.
func (a *app) buildPair(ctx context.Context, pkg string, b *base, dir string) (*pair, error) {
	if b.program != nil {
		exe, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("find this program: %w", err)
		}
		return asPair(*b.program, measure.Program{Name: "this program", Path: exe})
	}
	tree, err := mainAt(pkg)
	if err != nil {
		return nil, err
	}
	old, err := checkout(ctx, tree.Dir, b.commit, filepath.Join(dir, "base"))
	if err != nil {
		return nil, byHand(b, err)
	}
	fmt.Fprintln(a.stderr, "building the working tree")
	newer := measure.Program{Name: "the working tree", Path: filepath.Join(dir, "new", "zstdshop")}
	if err := tree.Build(ctx, newer.Path); err != nil {
		return nil, fmt.Errorf("build the working tree: %w", err)
	}
	// Where one of them cannot be listed the build says why.
	before, errBefore := old.Sources(ctx)
	now, errNow := tree.Sources(ctx)
	if errBefore == nil && errNow == nil && gomain.Same(before, now) {
		return &pair{same: sameSources}, nil
	}
	fmt.Fprintf(a.stderr, "building %s\n", b.describe())
	older := measure.Program{Name: b.describe(), Path: filepath.Join(dir, "old", "zstdshop")}
	if err := old.Build(ctx, older.Path); err != nil {
		return nil, byHand(b, err)
	}
	return asPair(older, newer)
}

// byHand adds the way around a base that cannot be built here.
func byHand(b *base, err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("build %s: %w: install it, or name a program as the base", b.describe(), err)
	}
	return fmt.Errorf("build %s: %w; or build it by hand (git worktree add ../base %.12s) and name the program: zstdshop gate --base ../base/zstdshop", b.describe(), err, b.commit)
}

// checkout puts the files of a commit below root, at the place where dir and its
// repository are on this machine, with what they need from outside of it, and returns
// its main package.
func checkout(ctx context.Context, dir, commit, root string) (gomain.Main, error) {
	r := repo.At(dir)
	top, err := r.Root(ctx)
	if err != nil {
		return gomain.Main{}, err
	}
	mirror := gomain.Mirror{Root: root}
	if err := r.Checkout(ctx, commit, mirror.Of(top)); err != nil {
		return gomain.Main{}, err
	}
	if info, err := os.Stat(mirror.Of(dir)); err != nil || !info.IsDir() {
		return gomain.Main{}, fmt.Errorf("it has no folder %s", strings.TrimPrefix(dir, top))
	}
	return mirror.AddOutside(ctx, top, dir, func(path string) bool { return r.IsTracked(ctx, path) })
}

// asPair tells whether two programs are the same.
func asPair(old, new measure.Program) (*pair, error) {
	p := &pair{programs: []measure.Program{old, new}}
	var digests [2][sha256.Size]byte
	for i, program := range p.programs {
		f, err := os.Open(program.Path)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", program.Name, err)
		}
		h := sha256.New()
		_, err = io.Copy(h, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("read %s: %w", program.Name, err)
		}
		h.Sum(digests[i][:0])
	}
	if digests[0] == digests[1] {
		p.same = sameBytes
	}
	return p, nil
}
