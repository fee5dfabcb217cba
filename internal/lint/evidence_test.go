package lint

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// evidence are the folders of recorded data and of the programs that made
// them. Each entry of one is cited on a page or has no place there.
var evidence = []string{"docs/evidence", "docs/runs"}

func TestEvidenceIsCited(t *testing.T) {
	files := walk(t, ownModule)
	entries := entriesOf(files)
	if len(entries) == 0 {
		t.Fatalf("nothing is in %s", strings.Join(evidence, ", "))
	}
	texts := map[string]string{}
	for _, file := range files {
		if cites(file) {
			texts[file] = string(read(t, file))
		}
	}
	for _, entry := range uncited(entries, texts) {
		t.Errorf("%s is cited nowhere: cite or remove it", entry)
	}
}

func TestUncitedIsSeen(t *testing.T) {
	entries := entriesOf([]string{
		"docs/evidence/turns/main.go", "docs/evidence/turns/more.go", "docs/evidence/rows.jsonl", "docs/runs/gil.json", "docs/screens/dark.png", "docs/method.md", "main.go",
	})
	if want := []string{"docs/evidence/turns", "docs/evidence/rows.jsonl", "docs/runs/gil.json"}; !slices.Equal(entries, want) {
		t.Errorf("entries %q, want %q", entries, want)
	}
	for _, test := range []struct {
		file, text string
		want       int // uncited
	}{
		{"README.md", "", 3},
		{"README.md", "./docs/evidence/turns, `docs/evidence/rows.jsonl`, [it](docs/runs/gil.json) and more.", 0},
		{"docs/decisions/a.md", "docs/evidence/turns/main.go [rows](../evidence/rows.jsonl), <img src=../runs/gil.json>", 0},
		{"docs/method.md", "evidence/turns evidence/rows.jsonl runs/gil.json", 0},
		{"reports/a_test.go", `"../docs/runs/gil.json"`, 2},
		{"docs/evidence/turns/main.go", "go run ./docs/evidence/turns docs/evidence/rows.jsonl", 2},
		{"README.md", "docs/evidence/turnstile, docs/evidence/rows.jsonl.gz, gil.json and overruns/gil.json", 3},
	} {
		if got := uncited(entries, map[string]string{test.file: test.text}); len(got) != test.want {
			t.Errorf("%s: %q: %q are uncited, want %d", test.file, test.text, got, test.want)
		}
	}
	for file, want := range map[string]bool{
		"docs/a.md": true, "reports/a_test.go": true, "docs/evidence/a/main.go": true, "docs/evidence/a.sh": true,
		"docs/runs/a.json": false, "cli/a.go": false, "internal/lint/a_test.go": false,
	} {
		if cites(file) != want {
			t.Errorf("cites(%q) is %v", file, !want)
		}
	}
}

// cites reports whether what a file names is cited: a page, a test, and what
// itself is evidence and written by hand.
func cites(file string) bool {
	switch path.Ext(file) {
	case ".md":
		return true
	case ".go", ".sh":
		return strings.HasPrefix(file, "docs/") || strings.HasSuffix(file, "_test.go") && !strings.HasPrefix(file, "internal/lint/")
	}
	return false
}

// entriesOf returns the files and folders right below the folders of evidence
// that files are of.
func entriesOf(files []string) []string {
	var entries []string
	for _, file := range files {
		for _, folder := range evidence {
			rest, ok := strings.CutPrefix(file, folder+"/")
			if !ok {
				continue
			}
			first, _, _ := strings.Cut(rest, "/")
			if entry := folder + "/" + first; !slices.Contains(entries, entry) {
				entries = append(entries, entry)
			}
		}
	}
	return entries
}

// uncited returns the entries whose path is in none of the texts, which are by
// file, besides their own.
func uncited(entries []string, texts map[string]string) []string {
	cited := map[string]bool{}
	for file, text := range texts {
		for p := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(" \n\t`'\"()[]{},;:<>|=", r) }) {
			p = strings.TrimRight(p, ".")
			// From the root, from docs, or from the file's own folder.
			for _, full := range []string{path.Clean(p), path.Join("docs", p), path.Join(path.Dir(file), p)} {
				for _, entry := range entries {
					if within(full, entry) && !within(file, entry) {
						cited[entry] = true
					}
				}
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(entries), func(entry string) bool { return cited[entry] })
}

// within reports whether file is folder or below it.
func within(file, folder string) bool { return file == folder || strings.HasPrefix(file, folder+"/") }
