package repo

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// found is the default base of a repository: of what CI says, in a tree that is
// changed or not.
func (s sandbox) found(dir string, env map[string]string, changed bool) (Base, error) {
	return s.at(dir).DefaultBase(s.Context(), func(name string) string { return env[name] }, func() (bool, error) { return changed, nil })
}

func TestDefaultBase(t *testing.T) {
	for _, test := range []struct {
		name    string
		make    func(s sandbox) (dir string, env map[string]string)
		changed bool
		want    string // a revision of it; "" an error
		why     string // in the reason, or in the error
		command string // that the error names
	}{
		{name: "on a branch", make: func(s sandbox) (string, map[string]string) {
			s.init("r")
			s.commits("r", "one", "two")
			s.git("r", "switch", "-q", "-c", "work")
			s.commits("r", "three")
			return "r", nil
		}, want: "main", why: "where this branch left main"},

		{name: "on the default branch", make: alone, want: "HEAD~1", why: "the commit before HEAD"},
		{name: "on the default branch, changed", make: alone, changed: true, want: "HEAD", why: "the working tree is changed"},
		{name: "with the first commit only", make: func(s sandbox) (string, map[string]string) {
			s.init("r")
			s.commits("r", "one")
			return "r", nil
		}, why: "HEAD is the first commit"},
		{name: "without a commit", make: func(s sandbox) (string, map[string]string) {
			s.init("r")
			return "r", nil
		}, why: "no such commit"},
		{name: "on the only branch, of any name", make: func(s sandbox) (string, map[string]string) {
			s.init("r")
			s.commits("r", "one", "two")
			s.git("r", "branch", "-m", "mine")
			return "r", nil
		}, want: "HEAD~1"},
		{name: "of local branches that could each be the default one", make: func(s sandbox) (string, map[string]string) {
			s.init("r")
			s.commits("r", "one", "two")
			s.git("r", "branch", "develop")
			s.git("r", "switch", "-q", "-c", "work")
			return "r", nil
		}, why: "which of main, develop is the default branch", command: "zstdshop gate --base main"},

		// A release branch is not the default one because of its name.
		{name: "on a default branch that is not main", make: released, want: "HEAD~1", why: "origin/develop"},
		{name: "on a branch of one that is not main", make: func(s sandbox) (string, map[string]string) {
			released(s)
			s.git("c", "switch", "-q", "-c", "work")
			s.commits("c", "mine")
			return "c", nil
		}, want: "origin/develop", why: "where this branch left origin/develop"},
		{name: "where the remote does not say which is the default one", make: func(s sandbox) (string, map[string]string) {
			released(s)
			s.git("c", "remote", "set-head", "origin", "--delete")
			return "c", nil
		}, why: "which of main, develop is the default branch", command: "git remote set-head origin --auto"},
		{name: "where the remote has one that could be", make: func(s sandbox) (string, map[string]string) {
			s.init("up")
			s.commits("up", "one", "two")
			s.clone("up", "c")
			s.git("c", "remote", "set-head", "origin", "--delete")
			s.git("c", "switch", "-q", "-c", "work")
			s.commits("c", "mine")
			return "c", nil
		}, want: "origin/main", why: "where this branch left origin/main"},
		{name: "where the remote's default branch is gone", make: func(s sandbox) (string, map[string]string) {
			released(s)
			s.git("c", "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone")
			return "c", nil
		}, why: "which of main, develop is the default branch", command: "git remote set-head origin --auto"},
		{name: "of a remote of another name", make: func(s sandbox) (string, map[string]string) {
			s.init("up")
			s.commits("up", "one", "two")
			s.clone("up", "c", "--origin", "server")
			s.git("c", "switch", "-q", "-c", "work")
			s.commits("c", "mine")
			return "c", nil
		}, want: "server/main"},
		{name: "on the default branch with commits of its own", make: func(s sandbox) (string, map[string]string) {
			s.init("up")
			s.commits("up", "one", "two")
			s.clone("up", "c")
			s.commits("c", "mine", "and")
			return "c", nil
		}, want: "origin/main", why: "where this branch left origin/main"},
		{name: "on a branch of a release", make: func(s sandbox) (string, map[string]string) {
			s.init("up")
			s.commits("up", "one", "two")
			s.git("up", "switch", "-q", "-c", "release/1")
			s.commits("up", "three", "four")
			s.git("up", "switch", "-q", "main")
			s.commits("up", "five")
			s.clone("up", "c")
			s.git("c", "switch", "-q", "-c", "work", "origin/release/1")
			s.commits("c", "mine")
			return "c", nil
		}, want: "origin/release/1", why: "where this branch left origin/release/1"},
		{name: "on a branch that was pushed", make: func(s sandbox) (string, map[string]string) {
			s.init("up")
			s.commits("up", "one", "two")
			s.clone("up", "c")
			s.git("c", "switch", "-q", "-c", "work")
			s.commits("c", "mine")
			s.git("c", "push", "-q", "-u", "origin", "work")
			s.commits("c", "and")
			return "c", nil
		}, want: "origin/main"},
		{name: "with a detached HEAD", make: func(s sandbox) (string, map[string]string) {
			s.init("up")
			s.commits("up", "one", "two")
			s.clone("up", "c")
			s.git("c", "switch", "-q", "--detach")
			s.commits("c", "mine")
			return "c", nil
		}, want: "origin/main"},
		{name: "in a linked worktree", make: func(s sandbox) (string, map[string]string) {
			s.init("r")
			s.commits("r", "one", "two")
			s.git("r", "worktree", "add", "-q", "-b", "work", "../linked")
			s.commits("linked", "mine")
			return "linked", nil
		}, want: "main"},

		{name: "in a worktree of a bare clone, whose branches no remote names", make: func(s sandbox) (string, map[string]string) {
			s.init("up")
			s.commits("up", "one", "two")
			s.clone("up", "bare", "--bare")
			s.git("bare", "worktree", "add", "-q", "-b", "work", "../c")
			return "c", nil
		}, why: "none of its branches", command: "name the base, as in `zstdshop gate --base BRANCH`"},

		// What a shallow clone lacks is not replaced by what it has.
		{name: "in a shallow clone of a branch, depth 2", make: shallow("--depth=2", "--branch=work"), why: "none of its branches", command: "git fetch --unshallow"},
		{name: "in a shallow clone of a branch, depth 3", make: shallow("--depth=3", "--branch=work"), why: "none of its branches", command: "git fetch --unshallow"},
		{name: "in a shallow clone of all branches, depth 2", make: shallow("--depth=2", "--no-single-branch", "--branch=work"), why: "where HEAD left origin/main is not in it", command: "git fetch --unshallow"},
		{name: "in a clone of the default branch, depth 1", make: shallow("--depth=1"), why: "does not have the commit before HEAD", command: "git fetch --unshallow"},
		{name: "in a clone of the default branch, depth 2", make: shallow("--depth=2"), want: "HEAD~1"},
		{name: "of histories that have nothing in common", make: func(s sandbox) (string, map[string]string) {
			s.init("r")
			s.commits("r", "one", "two")
			s.git("r", "switch", "-q", "--orphan", "work")
			s.commits("r", "mine", "and")
			return "r", nil
		}, why: "no commit in common", command: "zstdshop gate --base main"},

		// A fork's own copy of the default branch may be old.
		{name: "in a fork that knows where it came from", make: func(s sandbox) (string, map[string]string) {
			forked(s)
			s.git("c", "remote", "add", "upstream", filepath.Join(s.root, "up"))
			s.git("c", "fetch", "-q", "upstream")
			s.git("c", "switch", "-q", "-c", "work", "upstream/main")
			s.commits("c", "mine")
			return "c", nil
		}, want: "upstream/main", why: "where this branch left upstream/main"},
		{name: "in a fork that does not", make: func(s sandbox) (string, map[string]string) {
			forked(s)
			s.git("c", "fetch", "-q", filepath.Join(s.root, "up"), "main")
			s.git("c", "switch", "-q", "-c", "work", "FETCH_HEAD")
			s.commits("c", "mine")
			return "c", nil
		}, why: "2 of the 3 commits since origin/main are by others", command: "zstdshop gate --base origin/main"},
		{name: "in a fork whose local branch is newer", make: func(s sandbox) (string, map[string]string) {
			forked(s)
			s.git("c", "pull", "-q", "--ff-only", filepath.Join(s.root, "up"), "main")
			s.git("c", "switch", "-q", "-c", "work")
			s.commits("c", "mine")
			return "c", nil
		}, want: "main", why: "where this branch left main"},
		{name: "on a branch of several people whose base has moved on", make: func(s sandbox) (string, map[string]string) {
			s.init("up")
			s.commits("up", "one")
			s.clone("up", "c")
			s.commit("up", "two", "other")
			s.git("c", "switch", "-q", "-c", "work")
			s.commit("c", "theirs", "other")
			s.commits("c", "mine")
			s.git("c", "fetch", "-q")
			return "c", nil
		}, want: "HEAD~2"},

		// What CI says counts.
		{name: "told a branch", make: checked(map[string]string{"GITHUB_BASE_REF": "release"}), want: "origin/release~1", why: "GITHUB_BASE_REF"},
		{name: "told a branch in full", make: checked(map[string]string{"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/release"}), want: "origin/release~1", why: "SYSTEM_PULLREQUEST_TARGETBRANCH"},
		{name: "told a branch that is not here", make: checked(map[string]string{"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "gone"}),
			why: "CI_MERGE_REQUEST_TARGET_BRANCH_NAME names gone as the base, which this clone does not have", command: "git fetch origin gone:refs/remotes/origin/gone"},
		{name: "told a commit that is not here", make: checked(map[string]string{"CI_MERGE_REQUEST_DIFF_BASE_SHA": strings.Repeat("ab", 20)}), why: "CI_MERGE_REQUEST_DIFF_BASE_SHA names abab", command: "git fetch origin abab"},
		{name: "told that it is no pull request", make: checked(map[string]string{"TRAVIS_BRANCH": "release", "TRAVIS_PULL_REQUEST": "false"}), want: "origin/main"},
		{name: "told the default branch", make: func(s sandbox) (string, map[string]string) {
			released(s)
			s.git("c", "remote", "set-head", "origin", "--delete")
			s.git("c", "switch", "-q", "-c", "work")
			s.commits("c", "mine")
			return "c", map[string]string{"CI_DEFAULT_BRANCH": "develop"}
		}, want: "origin/develop"},
		{name: "told in a shallow clone", make: func(s sandbox) (string, map[string]string) {
			shallow("--depth=1", "--branch=work")(s)
			return "c", map[string]string{"GITHUB_BASE_REF": "main"}
		}, why: "GITHUB_BASE_REF names main", command: "git fetch --unshallow origin main:refs/remotes/origin/main"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSandbox(t)
			dir, env := test.make(s)
			got, err := s.found(dir, env, test.changed)
			if test.want == "" {
				s.says(err, test.why, test.command)
				if tracked := s.git(dir, "for-each-ref", "refs/remotes"); tracked == "" && strings.Contains(err.Error(), "set-head") {
					t.Errorf("%v: there is nothing to set it to", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := s.git(dir, "rev-parse", test.want); got.Commit != want {
				t.Errorf("%s (%s), want %s:\n%s", got.Commit, got.Why, test.want, s.git(dir, "log", "--graph", "--oneline", "--all", "--decorate"))
			}
			if !strings.Contains(got.Why, test.why) {
				t.Errorf("why: %q, want %q in it", got.Why, test.why)
			}
		})
	}
}

// alone is a repository on its only branch.
func alone(s sandbox) (string, map[string]string) {
	s.init("r")
	s.commits("r", "one", "two")
	return "r", nil
}

// released is a clone whose default branch is develop; main is a release.
func released(s sandbox) (string, map[string]string) {
	s.init("up")
	s.commits("up", "one", "two")
	s.git("up", "switch", "-q", "-c", "develop")
	s.commits("up", "three", "four")
	s.clone("up", "c")
	return "c", nil
}

// shallow is a shallow clone of a repository whose branch work is long.
func shallow(args ...string) func(s sandbox) (string, map[string]string) {
	return func(s sandbox) (string, map[string]string) {
		s.init("up")
		s.commits("up", "one", "two")
		s.git("up", "switch", "-q", "-c", "work")
		s.commits("up", "a", "b", "c", "d")
		s.git("up", "switch", "-q", "main")
		s.commits("up", "three", "four")
		s.clone("up", "c", args...)
		return "c", nil
	}
}

// forked is a clone of a fork that is behind by two commits of others.
func forked(s sandbox) {
	s.init("up")
	s.commits("up", "one")
	s.git("", "clone", "-q", "--bare", "up", "fork")
	s.commit("up", "two", "other")
	s.commit("up", "three", "another")
	s.clone("fork", "c")
}

// checked is what CI checks out: a merge of a branch into release, which main left long
// ago.
func checked(env map[string]string) func(s sandbox) (string, map[string]string) {
	return func(s sandbox) (string, map[string]string) {
		s.init("up")
		s.commits("up", "one")
		s.git("up", "switch", "-q", "-c", "release")
		s.commits("up", "two")
		s.git("up", "switch", "-q", "-c", "work")
		s.commits("up", "mine")
		s.git("up", "switch", "-q", "release")
		s.commits("up", "three")
		s.git("up", "switch", "-q", "main")
		s.clone("up", "c")
		s.git("c", "switch", "-q", "--detach", "origin/work")
		return "c", env
	}
}

func TestBaseOfEvent(t *testing.T) {
	s := newSandbox(t)
	checked(nil)(s)
	base := s.git("c", "rev-parse", "origin/release")
	s.write("event.json", fmt.Sprintf(`{"pull_request":{"base":{"sha":%q}},"repository":{"default_branch":"main"}}`, base))
	env := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": filepath.Join(s.root, "event.json"), "GITHUB_BASE_REF": "main"}
	got, err := s.found("c", env, false)
	if err != nil || got.Commit != s.git("c", "rev-parse", "origin/release~1") || !strings.Contains(got.Why, "the pull request names") {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestChanges(t *testing.T) {
	s := newSandbox(t)
	s.init("r")
	s.write("r/.gitignore", "ignored\n")
	s.commits("r", "one")
	r := s.at("r")
	if changed, err := r.HasChanges(t.Context()); err != nil || changed {
		t.Errorf("a clean tree: changed %v, %v", changed, err)
	}
	s.write("r/ignored", "")
	s.write("r/sub/new.go", "")
	s.write("r/with space", "")
	if changed, err := r.HasChanges(t.Context()); err != nil || changed {
		t.Errorf("with new files: changed %v, %v", changed, err)
	}
	for _, dir := range []string{"r", "r/sub"} {
		if got, err := s.at(dir).Untracked(t.Context()); err != nil || fmt.Sprintf("%q", got) != `["sub/new.go" "with space"]` {
			t.Errorf("%s: %q, %v", dir, got, err)
		}
	}
	s.write("r/file", "other")
	if changed, err := r.HasChanges(t.Context()); err != nil || !changed {
		t.Errorf("a changed file: changed %v, %v", changed, err)
	}
}
