package repo

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Checkout writes the files of a commit into the folder into, which it makes, and
// those of submodules that the working tree has, too. It does so by an index of its
// own: the repository does not learn of it, so it need not be writable, nothing of it
// is left behind after a kill, and no hook runs. Filters run as in any checkout.
func (r Repo) Checkout(ctx context.Context, commit, into string) error {
	if err := os.MkdirAll(into, 0o700); err != nil {
		return fmt.Errorf("check out %s: %w", commit, err)
	}
	dir, err := r.run(ctx, "rev-parse", "--absolute-git-dir")
	if err != nil {
		return fmt.Errorf("check out %s: %w", commit, r.explain(err))
	}
	index, err := os.MkdirTemp(filepath.Dir(into), "index-*")
	if err != nil {
		return fmt.Errorf("check out %s: %w", commit, err)
	}
	defer os.RemoveAll(index)
	env := []string{"GIT_DIR=" + dir, "GIT_WORK_TREE=" + into, "GIT_INDEX_FILE=" + filepath.Join(index, "index")}
	// All of it, whatever part a sparse checkout has.
	if _, err := (Repo{into}).runWith(ctx, env, "read-tree", "--reset", "-u", "--no-sparse-checkout", "--no-recurse-submodules", commit); err != nil {
		return fmt.Errorf("check out %s: %w", commit, err)
	}
	return r.checkoutSubmodules(ctx, commit, into)
}

// A submodule is a place in a commit where one of another repository stands.
type submodule struct{ path, commit string }

// checkoutSubmodules writes those that are checked out in the working tree. What is
// not there the working tree's own build does without.
func (r Repo) checkoutSubmodules(ctx context.Context, commit, into string) error {
	root, err := r.Root(ctx)
	if err != nil {
		return err
	}
	subs, err := (Repo{root}).submodules(ctx, commit)
	if err != nil {
		return err
	}
	for _, s := range subs {
		folder := filepath.Join(root, filepath.FromSlash(s.path))
		if _, err := os.Lstat(filepath.Join(folder, ".git")); err != nil {
			continue
		}
		sub := Repo{folder}
		if found, err := sub.find(ctx, s.commit); err != nil || found == "" {
			return fmt.Errorf("submodule %s does not have its commit %.12s: run `git -C %s fetch`", s.path, s.commit, folder)
		}
		if err := sub.Checkout(ctx, s.commit, filepath.Join(into, filepath.FromSlash(s.path))); err != nil {
			return fmt.Errorf("submodule %s: %w", s.path, err)
		}
	}
	return nil
}

// submodules lists those of a commit.
func (r Repo) submodules(ctx context.Context, commit string) ([]submodule, error) {
	listed, err := r.run(ctx, "ls-tree", "-r", "-z", commit)
	if err != nil {
		return nil, err
	}
	var subs []submodule
	for entry := range strings.SplitSeq(listed, "\x00") {
		about, path, _ := strings.Cut(entry, "\t")
		if words := strings.Fields(about); len(words) == 3 && words[1] == "commit" {
			subs = append(subs, submodule{path, words[2]})
		}
	}
	return subs, nil
}
