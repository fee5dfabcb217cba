package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"zstdshop/harness/measure"
	"zstdshop/harness/result"
	"zstdshop/internal/gomain"
	"zstdshop/internal/repo"
)

// A base is what the working tree is held against: a commit to build, a program
// that is built already, or a saved result.
type base struct {
	name    string // as typed, or how it was chosen
	commit  string // whole; "" for the others
	program *measure.Program
	result  *result.Result
}

func (b *base) describe() string {
	switch {
	case b.commit != "":
		return fmt.Sprintf("commit %.12s (%s)", b.commit, b.name)
	case b.program != nil:
		return "program " + b.name
	}
	return "saved result " + b.name
}

// findBase returns what --base means, or the default where it was not given. Commits
// are those of the repository around the package.
func (a *app) findBase(ctx context.Context, g *gateFlags) (*base, error) {
	name := g.base
	if name == "" {
		if g.baseGiven {
			return nil, errors.New("--base is empty: name a commit, a program or FILE.json, or leave the flag out")
		}
		return a.defaultBase(ctx, g.pkg)
	}
	if isResult(name) {
		r, err := a.readFile(name)
		if err != nil {
			return nil, &exitError{exitUnusable, fmt.Errorf("--base %s: %w", name, err)}
		}
		return &base{name: name, result: r}, nil
	}
	commit, commitErr := repo.At(g.pkg).Commit(ctx, name)
	info, err := os.Stat(name)
	switch isFile := err == nil && info.Mode().IsRegular(); {
	case isFile && commitErr == nil && filepath.Base(name) == name:
		return nil, fmt.Errorf("--base %s: it is both a file and a commit: write ./%s for the program, or %.12s for the commit", name, name, commit)
	case isFile:
		p, err := programOf(name)
		if err == nil && p == nil {
			err = errors.New("it is neither executable nor a result: name a commit, a program, or a file FILE.json that `zstdshop bench --export FILE.json` wrote")
		}
		if err != nil {
			return nil, fmt.Errorf("--base %s: %w", name, err)
		}
		return &base{name: name, program: p}, nil
	case commitErr != nil:
		return nil, fmt.Errorf("--base %s: %w", name, commitErr)
	}
	return &base{name: name, commit: commit}, nil
}

// defaultBase is the base where none was named.
func (a *app) defaultBase(ctx context.Context, pkg string) (*base, error) {
	b, err := repo.At(pkg).DefaultBase(ctx, a.getenv, func() (bool, error) { return isChanged(ctx, pkg) })
	if err != nil {
		return nil, fmt.Errorf("no --base given: %w", err)
	}
	return &base{name: b.Why, commit: b.Commit}, nil
}

// isChanged reports whether the working tree is other than HEAD: by a file that git
// has, or a new one that the program is made of.
func isChanged(ctx context.Context, pkg string) (bool, error) {
	tree := repo.At(pkg)
	if changed, err := tree.HasChanges(ctx); err != nil || changed {
		return changed, err
	}
	added, err := tree.Untracked(ctx)
	if err != nil || len(added) == 0 {
		return false, err
	}
	root, err := tree.Root(ctx)
	if err != nil {
		return false, err
	}
	main, err := mainAt(pkg)
	if err != nil {
		return false, err
	}
	sources, err := main.Sources(ctx)
	if err != nil {
		return false, fmt.Errorf("find out whether new files are part of the program: %w", err)
	}
	made := map[string]bool{}
	for _, path := range sources.Files(root) {
		made[path] = true
	}
	for _, path := range added {
		if made[filepath.Join(root, filepath.FromSlash(path))] {
			return true, nil
		}
	}
	return false, nil
}

// mainAt is the main package in a folder, by the path that git and go know it under.
func mainAt(pkg string) (gomain.Main, error) {
	dir, err := filepath.Abs(pkg)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return gomain.Main{}, fmt.Errorf("--package %s: %w", pkg, reason(err))
	}
	return gomain.Main{Dir: dir}, nil
}
