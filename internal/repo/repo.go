// Package repo looks at a git repository: which commit a name means, which one a
// change is to be held against, and what a commit's files are. It changes nothing
// in the repository, runs no hook, and shows git's own words where git fails.
package repo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"zstdshop/internal/tool"
)

// A Repo is the repository around a folder.
type Repo struct{ dir string }

// At returns the repository around dir; "" is the folder of this process.
func At(dir string) Repo { return Repo{dir} }

// run runs git.
func (r Repo) run(ctx context.Context, args ...string) (string, error) {
	return r.runWith(ctx, nil, args...)
}

func (r Repo) runWith(ctx context.Context, env []string, args ...string) (string, error) {
	return r.command(env, args...).Output(ctx)
}

// settings are what git is told, whatever the user's own say: to run no hook, to keep an
// index in one file, part of which would be in the repository else, and to add nothing
// about signatures to what it lists.
var settings = []string{"core.hooksPath=" + os.DevNull, "core.splitIndex=false", "log.showSignature=false"}

// command is git, without locks that it can do without.
func (r Repo) command(env []string, args ...string) tool.Command {
	argv := []string{"git"}
	for _, s := range settings {
		argv = append(argv, "-c", s)
	}
	return tool.Command{
		Argv: append(argv, args...), Dir: r.dir,
		Env: append([]string{"LC_ALL=C", "GIT_OPTIONAL_LOCKS=0"}, env...),
	}
}

// Root returns the top folder of the working tree.
func (r Repo) Root(ctx context.Context) (string, error) {
	root, err := r.run(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return "", r.explain(err)
	}
	return filepath.FromSlash(root), nil
}

// wholeName is the full name of a commit, in either of git's hashes.
var wholeName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`) })

// Commit returns the full name of the commit that a revision means.
func (r Repo) Commit(ctx context.Context, revision string) (string, error) {
	commit, err := r.find(ctx, revision)
	if err != nil || commit != "" {
		return commit, err
	}
	if r.isShallow(ctx) {
		return "", errors.New("this clone is shallow and does not have it: run `git fetch --unshallow` (in actions/checkout: fetch-depth: 0)")
	}
	return "", errors.New("no such commit, program or file: `git fetch` may bring it, `git branch -a` lists branches")
}

// find is Commit that returns "" for a revision that there is none of.
func (r Repo) find(ctx context.Context, revision string) (string, error) {
	if revision == "" || strings.HasPrefix(revision, "-") || strings.ContainsAny(revision, "\x00\n") {
		return "", errors.New("it is no commit")
	}
	spec := revision + "^{commit}"
	if strings.HasPrefix(revision, ":/") { // a search, whose text goes on to the end
		spec = revision
	}
	commit, err := r.run(ctx, "rev-parse", "--verify", "--quiet", spec)
	if err == nil {
		if !wholeName().MatchString(commit) { // such as ^HEAD
			return "", errors.New("it is no commit")
		}
		return commit, nil
	}
	if _, broken := r.run(ctx, "rev-parse", "--git-dir"); broken != nil {
		return "", r.explain(broken)
	}
	return "", ctx.Err()
}

// explain adds the way out to an error of git's, whose own words stay.
func (r Repo) explain(err error) error {
	failed, ok := errors.AsType[*tool.Error](err)
	switch {
	case !ok:
		return err
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("%w: install it, or name a program or FILE.json as the base", err)
	case strings.Contains(failed.Said, "not a git repository"):
		return fmt.Errorf("no such file, and %s is in no git repository: name a program, FILE.json, or run inside the repository", cmp.Or(r.dir, "."))
	case strings.Contains(failed.Said, "dubious ownership"):
		// Git names the command that makes an exception for the folder.
		return fmt.Errorf("git does not read a checkout of another user (%s); or run as its owner, or name a program or FILE.json as the base", failed.Said)
	}
	return fmt.Errorf("%w; or name a program or FILE.json as the base", err)
}

func (r Repo) isShallow(ctx context.Context) bool {
	shallow, err := r.run(ctx, "rev-parse", "--is-shallow-repository")
	return err == nil && shallow == "true"
}

// File returns what a commit has at path, which is relative to r's folder; nil where
// it has no such file, or is not of this repository.
func (r Repo) File(ctx context.Context, commit, path string) ([]byte, error) {
	if found, err := r.find(ctx, commit); err != nil || found == "" {
		return nil, nil // no commit has what is outside of its repository
	}
	listed, err := r.run(ctx, "ls-tree", commit, "--", path)
	if err != nil || listed == "" {
		return nil, err
	}
	return r.command(nil, "show", commit+":./"+filepath.ToSlash(path)).Bytes(ctx)
}

// IsTracked reports whether the index has a file, by its path on this system.
func (r Repo) IsTracked(ctx context.Context, path string) bool {
	_, err := r.run(ctx, "ls-files", "--error-unmatch", "--", path)
	return err == nil
}

// Branch returns the branch that HEAD is; "" where it is none.
func (r Repo) Branch(ctx context.Context) (string, error) {
	name, err := r.run(ctx, "rev-parse", "--symbolic-full-name", "HEAD") // a short one may be a tag's, too
	branch, ok := strings.CutPrefix(name, "refs/heads/")
	if !ok {
		branch = ""
	}
	return branch, err
}

// Time returns when a commit was made.
func (r Repo) Time(ctx context.Context, commit string) (time.Time, error) {
	text, err := r.run(ctx, "show", "--no-patch", "--format=%cI", "--end-of-options", commit, "--")
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, text)
}
