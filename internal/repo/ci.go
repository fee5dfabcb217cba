package repo

import (
	"encoding/json"
	"strings"

	"zstdshop/internal/plaintext"
)

// told is what a CI system says of the change that it checks. At most one of commit
// and branch is set.
type told struct {
	by     string // what says it, for messages
	commit string // to hold the change against
	branch string // that the change is to go into
	// defaultBranch is that of the repository; "" where nobody says.
	defaultBranch string
}

// targets are the variables in which CI systems name the branch, or the commit, that
// a change is to go into. The first one that is set counts.
var targets = []struct {
	name   string
	commit bool
	also   string // must be set, too, and not to false
}{
	{name: "GITHUB_BASE_REF"}, // and Gitea, Forgejo
	{name: "CI_MERGE_REQUEST_DIFF_BASE_SHA", commit: true},
	{name: "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"},
	{name: "BITBUCKET_PR_DESTINATION_BRANCH"},
	{name: "SYSTEM_PULLREQUEST_TARGETBRANCH"},    // Azure
	{name: "CHANGE_TARGET", also: "CHANGE_ID"},   // Jenkins
	{name: "BUILDKITE_PULL_REQUEST_BASE_BRANCH"}, // "" where there is no pull request
	{name: "CIRRUS_BASE_SHA", commit: true},
	{name: "DRONE_TARGET_BRANCH", also: "DRONE_PULL_REQUEST"},
	{name: "CI_COMMIT_TARGET_BRANCH", also: "CI_COMMIT_PULL_REQUEST"}, // Woodpecker
	{name: "TRAVIS_BRANCH", also: "TRAVIS_PULL_REQUEST"},
}

// ofCI returns what CI says; the zero value outside of it. readFile reads the file
// that GitHub describes an event in.
func ofCI(getenv func(string) string, readFile func(string) ([]byte, error)) told {
	t := told{defaultBranch: branchName(getenv("CI_DEFAULT_BRANCH"))}
	if path := getenv("GITHUB_EVENT_PATH"); path != "" && getenv("GITHUB_ACTIONS") == "true" {
		text, err := readFile(path)
		if err == nil {
			text, err = plaintext.Bytes(text) // a step of a workflow may have written it anew
		}
		if err == nil {
			t = ofEvent(text)
		}
	}
	if t.commit != "" {
		return t
	}
	for _, v := range targets {
		value := getenv(v.name)
		if value == "" || v.also != "" && (getenv(v.also) == "" || getenv(v.also) == "false") {
			continue
		}
		switch branch := branchName(value); {
		case v.commit && isCommit(value):
			t.by, t.commit = v.name, value
			return t
		case !v.commit && branch != "":
			t.by, t.branch = v.name, branch
			return t
		}
	}
	// GitLab on the default branch: what it was before the push.
	if before := getenv("CI_COMMIT_BEFORE_SHA"); isCommit(before) && t.defaultBranch != "" && getenv("CI_COMMIT_BRANCH") == t.defaultBranch {
		t.by, t.commit = "CI_COMMIT_BEFORE_SHA", before
	}
	return t
}

// ofEvent reads GitHub's description of an event.
func ofEvent(text []byte) told {
	var e struct {
		Ref         string `json:"ref"`
		Before      string `json:"before"`
		Forced      bool   `json:"forced"`
		PullRequest struct {
			Base struct {
				SHA string `json:"sha"`
			} `json:"base"`
		} `json:"pull_request"`
		MergeGroup struct {
			BaseSHA string `json:"base_sha"`
		} `json:"merge_group"`
		Repository struct {
			DefaultBranch string `json:"default_branch"`
		} `json:"repository"`
	}
	if json.Unmarshal(text, &e) != nil {
		return told{}
	}
	t := told{defaultBranch: branchName(e.Repository.DefaultBranch)}
	onDefault := t.defaultBranch != "" && e.Ref == "refs/heads/"+t.defaultBranch
	switch {
	case isCommit(e.PullRequest.Base.SHA):
		t.by, t.commit = "the pull request", e.PullRequest.Base.SHA
	case isCommit(e.MergeGroup.BaseSHA):
		t.by, t.commit = "the merge group", e.MergeGroup.BaseSHA
	case isCommit(e.Before) && onDefault && !e.Forced:
		t.by, t.commit = "the push", e.Before
	}
	return t
}

// isCommit reports whether name is the full one of a commit, which nothing but zeros
// is not.
func isCommit(name string) bool {
	return wholeName().MatchString(name) && strings.Trim(name, "0") != ""
}

// branchName is a branch without what some systems put before it; "" for what cannot
// be one.
func branchName(name string) string {
	name = strings.TrimPrefix(name, "refs/heads/")
	if strings.HasPrefix(name, "-") || strings.ContainsAny(name, " \t\r\n\x00~^:?*[\\") || strings.Contains(name, "..") || strings.Contains(name, "@{") {
		return ""
	}
	return name
}
