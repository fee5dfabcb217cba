package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"zstdshop/harness/measure"
	"zstdshop/harness/result"
)

// A base is what the working tree is held against: a commit to build, a program
// that is built already, or a saved result.
type base struct {
	name    string // as typed, or what was chosen
	commit  string // whole; "" for the others
	program *measure.Program
	result  *result.Result
}

func (b *base) describe() string {
	switch {
	case b.commit != "":
		return fmt.Sprintf("commit %s (%s)", b.commit[:12], b.name)
	case b.program != nil:
		return "program " + b.name
	}
	return "saved result " + b.name
}

// findBase returns what name means, of --base, or the default where it is "". Commits
// are those of the repository around pkg.
func (a *app) findBase(ctx context.Context, pkg, name string) (*base, error) {
	if strings.EqualFold(filepath.Ext(name), ".json") {
		r, err := a.readFile(name)
		if err != nil {
			return nil, &exitError{exitUnusable, fmt.Errorf("--base %s: %w", name, err)}
		}
		return &base{name: name, result: r}, nil
	}
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		p, err := programOf(name)
		if err == nil && p == nil {
			err = errors.New("it is neither executable nor a result (.json)")
		}
		if err != nil {
			return nil, fmt.Errorf("--base %s: %w", name, err)
		}
		return &base{name: name, program: p}, nil
	}
	repo := git{dir: pkg}
	if name == "" {
		var err error
		if name, err = repo.defaultBase(ctx); err != nil {
			return nil, fmt.Errorf("no --base given: %w", err)
		}
	}
	commit, err := repo.commit(ctx, name)
	if err != nil {
		return nil, fmt.Errorf("--base %s: %w", name, err)
	}
	return &base{name: name, commit: commit}, nil
}

// hasAccepted reports whether the base has the accepted regressions itself: then
// they are part of it, and another one of the same size is new.
func (b *base) hasAccepted(ctx context.Context, known *acceptedFile, path string) bool {
	if b.commit == "" || len(known.Accepted) == 0 {
		return false
	}
	text, err := git{dir: filepath.Dir(path)}.run(ctx, "show", b.commit+":./"+filepath.Base(path))
	if err != nil {
		return false
	}
	then, err := parseAccepted(path, []byte(text))
	return err == nil && len(then.Accepted) >= len(known.Accepted)
}

// git runs git in a folder.
type git struct{ dir string }

func (g git) run(ctx context.Context, args ...string) (string, error) {
	return said(ctx, g.dir, "name a program or FILE.json as the base", append([]string{"git"}, args...)...)
}

// commit is the full name of what a revision means.
func (g git) commit(ctx context.Context, revision string) (string, error) {
	if strings.HasPrefix(revision, "-") {
		return "", errors.New("it is no commit")
	}
	commit, err := g.run(ctx, "rev-parse", "--verify", "--quiet", revision+"^{commit}")
	if err == nil {
		return commit, nil
	}
	if _, outside := g.run(ctx, "rev-parse", "--git-dir"); outside != nil {
		return "", fmt.Errorf("no such file, and %s is in no git repository: name a program, FILE.json, or run inside the repository", g.dir)
	}
	if shallow, _ := g.run(ctx, "rev-parse", "--is-shallow-repository"); shallow == "true" {
		return "", errors.New("this clone is shallow and does not have it: run `git fetch --unshallow` (in actions/checkout: fetch-depth: 0)")
	}
	return "", errors.New("no such commit, program or file: `git fetch` may bring it, `git branch -a` lists branches")
}

// defaultBase is where this branch left the default one. On the default branch it
// is HEAD where the working tree is changed, else the commit before.
func (g git) defaultBase(ctx context.Context) (string, error) {
	head, err := g.commit(ctx, "HEAD")
	if err != nil {
		return "", err
	}
	branches := []string{"origin/main", "origin/master", "main", "master"}
	if ref, err := g.run(ctx, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"); err == nil {
		branches = append([]string{ref}, branches...)
	}
	for _, branch := range branches {
		if _, err := g.commit(ctx, branch); err != nil {
			continue
		}
		fork, err := g.run(ctx, "merge-base", "HEAD", branch)
		if err != nil || fork == head {
			continue
		}
		return fork, nil
	}
	if changed, err := g.run(ctx, "status", "--porcelain", "--untracked-files=no"); err == nil && changed != "" {
		return "HEAD", nil
	}
	if _, err := g.commit(ctx, "HEAD~1"); err != nil {
		return "", fmt.Errorf("there is no commit before HEAD: %w", err)
	}
	return "HEAD~1", nil
}

// buildSides returns the two programs: with a commit as base both are built, from
// it and from the working tree, which goes into dir, with the same settings; with a
// program the other side is this program.
func (a *app) buildSides(ctx context.Context, pkg string, b *base, dir string) ([]measure.Program, error) {
	if b.program != nil {
		exe, err := os.Executable()
		if err != nil {
			return nil, fmt.Errorf("find this program: %w", err)
		}
		return []measure.Program{*b.program, {Name: "this program", Path: exe}}, nil
	}
	old, err := a.buildCommit(ctx, pkg, b)
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(a.stderr, "building the working tree")
	new := filepath.Join(dir, "zstdshop")
	if err := goBuild(ctx, pkg, new); err != nil {
		return nil, fmt.Errorf("build the working tree: %w", err)
	}
	return []measure.Program{{Name: b.describe(), Path: old}, {Name: "the working tree", Path: new}}, nil
}

// buildCommit builds the base in a worktree of its own, unless it has been built
// with the same Go and settings before.
func (a *app) buildCommit(ctx context.Context, pkg string, b *base) (path string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("keep builds: %w: set XDG_CACHE_HOME", err)
	}
	repo := git{dir: pkg}
	inside, err := repo.run(ctx, "rev-parse", "--show-prefix")
	if err != nil {
		return "", err
	}
	settings, err := goRun(ctx, pkg, "env", "GOVERSION", "GOOS", "GOARCH", "GOAMD64", "GOARM64", "GOEXPERIMENT", "GOFLAGS",
		"CGO_ENABLED", "CC", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_LDFLAGS")
	if err != nil {
		return "", err
	}
	key := sha256.Sum256([]byte(strings.Join([]string{b.commit, inside, settings}, "\x00")))
	dir := filepath.Join(cache, "zstdshop", "base")
	path = filepath.Join(dir, hex.EncodeToString(key[:12]))
	if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
		return path, nil
	}
	fmt.Fprintf(a.stderr, "building %s\n", b.describe())
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("keep builds: %w", err)
	}
	tree, err := os.MkdirTemp(dir, "tree-*")
	if err != nil {
		return "", fmt.Errorf("keep builds: %w", err)
	}
	defer func() {
		// Also after an interrupt: git would go on knowing of it.
		_, removeErr := repo.run(context.WithoutCancel(ctx), "worktree", "remove", "--force", tree)
		err = errors.Join(err, removeErr)
	}()
	if _, err := repo.run(ctx, "worktree", "add", "--detach", "--quiet", "--force", tree, b.commit); err != nil {
		return "", err
	}
	built := path + fmt.Sprintf(".%d", os.Getpid())
	if err := goBuild(ctx, filepath.Join(tree, inside), built); err != nil {
		return "", fmt.Errorf("build %s: %w", b.describe(), err)
	}
	if err := os.Rename(built, path); err != nil {
		return "", fmt.Errorf("keep builds: %w", err)
	}
	return path, nil
}

// goBuild builds the main package in dir, as go run and go build do, so that
// what they have compiled is compiled already.
func goBuild(ctx context.Context, dir, out string) error {
	_, err := goRun(ctx, dir, "build", "-o", out, ".")
	return err
}

func goRun(ctx context.Context, dir string, args ...string) (string, error) {
	return said(ctx, dir, "name a program as the base", append([]string{"go"}, args...)...)
}

// said runs a program in dir and returns what it says, without blanks around it.
// instead is the remedy beside installing it.
func said(ctx context.Context, dir, instead string, argv ...string) (string, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	var errs bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &errs
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("%s is not installed: install it, or %s", argv[0], instead)
	}
	if err != nil {
		lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
		return "", fmt.Errorf("%s: %w: %s", strings.Join(argv, " "), err, strings.Join(lines[max(0, len(lines)-3):], "; "))
	}
	return strings.TrimSpace(string(out)), nil
}
