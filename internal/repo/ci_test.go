package repo

import (
	"errors"
	"strings"
	"testing"
)

func TestOfCI(t *testing.T) {
	sha, zero := strings.Repeat("ab", 20), strings.Repeat("0", 40)
	for _, test := range []struct {
		env   map[string]string
		event string
		want  told
	}{
		{nil, "", told{}},
		{map[string]string{"GITHUB_BASE_REF": "main"}, "", told{by: "GITHUB_BASE_REF", branch: "main"}},
		{map[string]string{"CI_MERGE_REQUEST_DIFF_BASE_SHA": sha, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_DEFAULT_BRANCH": "main"}, "",
			told{by: "CI_MERGE_REQUEST_DIFF_BASE_SHA", commit: sha, defaultBranch: "main"}},
		{map[string]string{"CI_MERGE_REQUEST_DIFF_BASE_SHA": "junk", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, "", told{by: "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", branch: "main"}},
		{map[string]string{"CI_COMMIT_BEFORE_SHA": sha, "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}, "", told{by: "CI_COMMIT_BEFORE_SHA", commit: sha, defaultBranch: "main"}},
		{map[string]string{"CI_COMMIT_BEFORE_SHA": zero, "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}, "", told{defaultBranch: "main"}},
		{map[string]string{"CI_COMMIT_BEFORE_SHA": sha, "CI_COMMIT_BRANCH": "work", "CI_DEFAULT_BRANCH": "main"}, "", told{defaultBranch: "main"}},
		{map[string]string{"CHANGE_TARGET": "main"}, "", told{}},
		{map[string]string{"CHANGE_TARGET": "main", "CHANGE_ID": "3"}, "", told{by: "CHANGE_TARGET", branch: "main"}},
		{nil, `{"pull_request":{"base":{"sha":"` + sha + `"}}}`, told{by: "the pull request", commit: sha}},
		{nil, "\ufeff" + `{"pull_request":{"base":{"sha":"` + sha + `"}}}`, told{by: "the pull request", commit: sha}},
		{nil, `{"merge_group":{"base_sha":"` + sha + `"}}`, told{by: "the merge group", commit: sha}},
		{nil, `{"ref":"refs/heads/main","before":"` + sha + `","repository":{"default_branch":"main"}}`, told{by: "the push", commit: sha, defaultBranch: "main"}},
		{nil, `{"ref":"refs/heads/main","before":"` + sha + `","forced":true,"repository":{"default_branch":"main"}}`, told{defaultBranch: "main"}},
		{nil, `{"ref":"refs/heads/main","before":"` + zero + `","repository":{"default_branch":"main"}}`, told{defaultBranch: "main"}},
		{nil, `{"ref":"refs/heads/work","before":"` + sha + `","repository":{"default_branch":"main"}}`, told{defaultBranch: "main"}},
		{map[string]string{"GITHUB_BASE_REF": "main"}, `junk`, told{by: "GITHUB_BASE_REF", branch: "main"}},
	} {
		getenv := func(name string) string {
			switch {
			case test.event != "" && name == "GITHUB_EVENT_PATH":
				return "event"
			case test.event != "" && name == "GITHUB_ACTIONS":
				return "true"
			}
			return test.env[name]
		}
		got := ofCI(getenv, func(string) ([]byte, error) {
			if test.event == "" {
				return nil, errors.New("read without being told to")
			}
			return []byte(test.event), nil
		})
		if got != test.want {
			t.Errorf("%v %s: %+v, want %+v", test.env, test.event, got, test.want)
		}
	}
}

// Whatever an event or a variable says, what git is asked for looks like a commit or a
// branch and like no option.
func FuzzOfCI(f *testing.F) {
	f.Add(`{"pull_request":{"base":{"sha":"--upload-pack=x"}},"repository":{"default_branch":"-x"}}`, "refs/heads/-x")
	f.Add(`{"ref":1}`, "a b")
	f.Add(`[]`, "origin/refs/heads/main")
	f.Fuzz(func(t *testing.T, event, branch string) {
		for name := range map[string]bool{"GITHUB_BASE_REF": true, "CI_DEFAULT_BRANCH": true, "CIRRUS_BASE_SHA": true} {
			env := map[string]string{name: branch, "GITHUB_ACTIONS": "true", "GITHUB_EVENT_PATH": "x"}
			got := ofCI(func(n string) string { return env[n] }, func(string) ([]byte, error) { return []byte(event), nil })
			if got.commit != "" && (!isCommit(got.commit) || got.branch != "") {
				t.Errorf("commit %q, branch %q", got.commit, got.branch)
			}
			for _, b := range []string{got.branch, got.defaultBranch} {
				if strings.HasPrefix(b, "-") || strings.ContainsAny(b, " \n\x00") {
					t.Errorf("branch %q", b)
				}
			}
			if (got.commit != "" || got.branch != "") && got.by == "" {
				t.Errorf("%+v: nobody said so", got)
			}
		}
	})
}
