package repo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
)

// A Base is the commit that a change is held against, and how it was found.
type Base struct {
	Commit string
	Why    string // such as "where this branch left origin/main"
}

// usual are the names that default branches have. They are asked for where neither
// a remote nor CI says which branch is the default one.
var usual = []string{"main", "master", "develop", "trunk"}

// DefaultBase returns the commit to hold the working tree against where none was
// named: what CI says, where it does; else where this branch left the default one;
// on the default branch HEAD where changed says that the working tree is, else the
// commit before. An error says why that cannot be known, and the command to run.
func (r Repo) DefaultBase(ctx context.Context, getenv func(string) string, changed func() (bool, error)) (Base, error) {
	head, err := r.Commit(ctx, "HEAD")
	if err != nil {
		return Base{}, err
	}
	ci := ofCI(getenv, os.ReadFile)
	if ci.commit != "" || ci.branch != "" {
		return r.baseOfCI(ctx, head, ci)
	}
	branches, err := r.defaultBranches(ctx, ci.defaultBranch)
	if err != nil {
		return Base{}, err
	}
	fork, from, err := r.nearestFork(ctx, branches)
	switch {
	case err != nil:
		return Base{}, err
	case fork != head:
		return Base{fork, "where this branch left " + from.short()}, r.doubt(ctx, fork, from)
	}
	dirty, err := changed()
	switch {
	case err != nil:
		return Base{}, err
	case dirty:
		return Base{head, "HEAD, as the working tree is changed"}, nil
	}
	before, err := r.find(ctx, "HEAD~1")
	switch {
	case err != nil:
		return Base{}, err
	case before != "":
		return Base{before, "the commit before HEAD, which is of " + from.short()}, nil
	case r.isShallow(ctx):
		return Base{}, errors.New("this clone is shallow and does not have the commit before HEAD: run `git fetch --unshallow` (in actions/checkout: fetch-depth: 0)")
	}
	return Base{}, errors.New("HEAD is the first commit, and the working tree is as it has it: there is nothing to hold it against")
}

// baseOfCI is the base that a CI system names.
func (r Repo) baseOfCI(ctx context.Context, head string, ci told) (Base, error) {
	target, name := ci.commit, ci.commit
	if ci.branch != "" {
		name = ci.branch
		for _, remote := range r.remotes(ctx) {
			found, err := r.find(ctx, "refs/remotes/"+remote+"/"+ci.branch)
			if err != nil {
				return Base{}, err
			}
			if target = found; found != "" {
				break
			}
		}
	} else if found, err := r.find(ctx, target); err != nil || found == "" {
		target = ""
	}
	if target == "" {
		return Base{}, fmt.Errorf("%s names %s as the base, which this clone does not have: run `%s` (in actions/checkout: fetch-depth: 0), or name another with --base",
			ci.by, name, fetching(name, ci.branch != "", r.isShallow(ctx)))
	}
	fork, err := r.forkOf(ctx, target)
	if err != nil {
		return Base{}, err
	}
	if fork == "" {
		return Base{}, r.unrelated(ctx, name)
	}
	return Base{fork, fmt.Sprintf("where HEAD left %s, which %s names", name, ci.by)}, nil
}

// fetching is the command that brings a branch or commit.
func fetching(name string, branch, shallow bool) string {
	command := "git fetch "
	if shallow {
		command += "--unshallow "
	}
	command += "origin " + name
	if branch {
		command += ":refs/remotes/origin/" + name
	}
	return command
}

// A ref is the full name of a branch, here or of a remote.
type ref string

func (r ref) short() string {
	return strings.TrimPrefix(strings.TrimPrefix(string(r), "refs/heads/"), "refs/remotes/")
}

func (r ref) isRemote() bool { return strings.HasPrefix(string(r), "refs/remotes/") }

func (r Repo) remotes(ctx context.Context) []string {
	listed, err := r.run(ctx, "remote")
	if err != nil || listed == "" {
		return nil
	}
	names := strings.Split(listed, "\n")
	slices.SortStableFunc(names, func(a, b string) int { // origin first, as it is asked for first everywhere
		switch {
		case a == "origin" && b != a:
			return -1
		case b == "origin" && b != a:
			return 1
		}
		return 0
	})
	return names
}

// defaultBranches returns the default branch as each remote has it, the local one of
// its name unless that is HEAD's own, and the branch that HEAD's was begun at. told is
// the name of the default branch where CI says it.
func (r Repo) defaultBranches(ctx context.Context, told string) ([]ref, error) {
	exists := func(name ref) bool {
		found, err := r.find(ctx, string(name))
		return err == nil && found != ""
	}
	current, _ := r.run(ctx, "symbolic-ref", "--quiet", "HEAD") // none where it is detached
	remotes := r.remotes(ctx)
	if len(remotes) == 0 {
		return r.localDefault(ctx, told, current, exists)
	}
	var names []string // of the default branch, by all who say so
	add := func(name string) {
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	var branches []ref
	take := func(b ref) {
		if !slices.Contains(branches, b) && exists(b) {
			branches = append(branches, b)
		}
	}
	add(told)
	for _, remote := range remotes {
		head, err := r.run(ctx, "symbolic-ref", "--quiet", "refs/remotes/"+remote+"/HEAD")
		if name, ok := strings.CutPrefix(head, "refs/remotes/"+remote+"/"); err == nil && ok && exists(ref(head)) {
			take(ref(head))
			add(name)
		}
	}
	if len(names) == 0 {
		found := slices.DeleteFunc(slices.Clone(usual), func(name string) bool {
			return !slices.ContainsFunc(remotes, func(remote string) bool { return exists(ref("refs/remotes/" + remote + "/" + name)) })
		})
		if len(found) != 1 {
			return nil, r.noDefault(ctx, remotes[0], found)
		}
		add(found[0])
	}
	for _, name := range names {
		for _, remote := range remotes {
			take(ref("refs/remotes/" + remote + "/" + name))
		}
		if local := ref("refs/heads/" + name); string(local) != current {
			take(local)
		}
	}
	if len(branches) == 0 {
		return nil, r.noDefault(ctx, remotes[0], names)
	}
	// One that was begun at another branch of a remote, such as a release, left that. Its
	// own copy there says how far it was pushed.
	upstream, err := r.run(ctx, "rev-parse", "--symbolic-full-name", "@{upstream}")
	if b := ref(upstream); err == nil && b.isRemote() && path.Base(upstream) != path.Base(current) {
		take(b)
	}
	return branches, nil
}

// localDefault is the default branch of a repository without remotes.
func (r Repo) localDefault(ctx context.Context, told, current string, exists func(ref) bool) ([]ref, error) {
	var found []ref
	for _, name := range append([]string{told}, usual...) {
		if b := ref("refs/heads/" + name); name != "" && !slices.Contains(found, b) && exists(b) {
			found = append(found, b)
		}
	}
	if told != "" && len(found) > 1 {
		found = found[:1]
	}
	if len(found) == 1 {
		return found, nil
	}
	if all, err := r.run(ctx, "for-each-ref", "--format=%(refname)", "refs/heads"); err == nil && all == current && len(found) == 0 {
		return []ref{ref(current)}, nil // the only one there is
	}
	var names []string
	for _, b := range found {
		names = append(names, b.short())
	}
	return nil, r.noDefault(ctx, "", names)
}

// noDefault says that the default branch is not known, and how to tell it.
func (r Repo) noDefault(ctx context.Context, remote string, found []string) error {
	which := "none of its branches is known to be the default one"
	if len(found) > 1 {
		which = "nothing says which of " + strings.Join(found, ", ") + " is the default branch"
	}
	way := "name the base, as in `zstdshop gate --base BRANCH`"
	if len(found) > 0 {
		name := found[0]
		if remote != "" {
			name = remote + "/" + name
		}
		way = fmt.Sprintf("name the base, as in `zstdshop gate --base %s`", name)
	}
	// A bare clone and its worktrees have the branches as their own, which no remote names.
	if tracked, err := r.run(ctx, "for-each-ref", "--count=1", "refs/remotes"); err == nil && tracked != "" {
		way += fmt.Sprintf(", or run `git remote set-head %s --auto`", remote)
		if r.isShallow(ctx) {
			way += fmt.Sprintf(" after `git fetch --unshallow %s '+refs/heads/*:refs/remotes/%s/*'`", remote, remote)
		}
	}
	return fmt.Errorf("%s: %s", which, way)
}

// forkOf is the last commit that HEAD and another one have in common; "" where there
// is none here.
func (r Repo) forkOf(ctx context.Context, other string) (string, error) {
	fork, err := r.run(ctx, "merge-base", "HEAD", other)
	if err != nil {
		return "", ctx.Err()
	}
	return fork, nil
}

// nearestFork returns where HEAD left the default branch: the nearest such commit of
// all that have one. A fork's own copy of the branch may be long out of date.
func (r Repo) nearestFork(ctx context.Context, branches []ref) (commit string, from ref, err error) {
	for _, b := range branches {
		fork, err := r.forkOf(ctx, string(b))
		if err != nil {
			return "", "", err
		}
		switch {
		case fork == "":
		case commit == "" || commit != fork && r.isAncestor(ctx, commit, fork):
			commit, from = fork, b
		}
	}
	if commit == "" {
		return "", "", r.unrelated(ctx, branches[0].short())
	}
	return commit, from, nil
}

func (r Repo) isAncestor(ctx context.Context, old, new string) bool {
	_, err := r.run(ctx, "merge-base", "--is-ancestor", old, new)
	return err == nil
}

// unrelated says that no commit is known from which both HEAD and another came.
func (r Repo) unrelated(ctx context.Context, name string) error {
	if r.isShallow(ctx) {
		return fmt.Errorf("this clone is shallow, and where HEAD left %s is not in it: run `git fetch --unshallow` (in actions/checkout: fetch-depth: 0), or name the base with --base", name)
	}
	return fmt.Errorf("HEAD and %s have no commit in common: name the base, as in `zstdshop gate --base %s`", name, name)
}

// doubt is an error where a remote's branch may be out of date, as that of a fork is:
// nothing is on it since HEAD left it, and not all that HEAD has since is by the author
// of HEAD.
func (r Repo) doubt(ctx context.Context, fork string, from ref) error {
	if tip, err := r.find(ctx, string(from)); err != nil || tip != fork || !from.isRemote() {
		return err
	}
	authors, err := r.run(ctx, "log", "--format=%ae", fork+"..HEAD")
	if err != nil {
		return err
	}
	all := strings.Split(authors, "\n")
	others := slices.DeleteFunc(slices.Clone(all), func(a string) bool { return a == all[0] })
	if len(others) == 0 {
		return nil
	}
	return fmt.Errorf("%d of the %d commits since %s are by others than the author of HEAD: they are of this change, or %s is out of date, and git does not tell which; "+
		"run `git fetch --all`, or name the base: `zstdshop gate --base %s` if they are, `zstdshop gate --base COMMIT` with the last one that is not",
		len(others), len(all), from.short(), from.short(), from.short())
}

// Untracked lists the files of the working tree that git neither has nor ignores, by
// their paths from the root.
func (r Repo) Untracked(ctx context.Context) ([]string, error) {
	root, err := r.Root(ctx)
	if err != nil {
		return nil, err
	}
	listed, err := Repo{root}.run(ctx, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil || listed == "" {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(listed, "\x00"), "\x00"), nil
}

// HasChanges reports whether a file that git has is changed in the working tree.
func (r Repo) HasChanges(ctx context.Context) (bool, error) {
	listed, err := r.run(ctx, "status", "--porcelain", "--untracked-files=no")
	return listed != "", err
}
