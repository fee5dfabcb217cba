package machine

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// files reads small text files by absolute path. What is not there is "".
type files struct{ root fs.FS }

func (f files) text(name string) string {
	if f.root == nil {
		return ""
	}
	data, _ := fs.ReadFile(f.root, strings.TrimPrefix(name, "/"))
	return strings.TrimSpace(strings.TrimRight(string(data), "\x00"))
}

func (f files) lines(name string) func(yield func(string) bool) {
	return strings.Lines(f.text(name) + "\n")
}

func (f files) exists(name string) bool {
	if f.root == nil {
		return false
	}
	_, err := fs.Stat(f.root, strings.TrimPrefix(name, "/"))
	return err == nil
}

// distinct joins the different contents of all files that match by ",".
func distinct(f files, pattern string) string {
	if f.root == nil {
		return ""
	}
	names, _ := fs.Glob(f.root, strings.TrimPrefix(pattern, "/")) // the patterns are ours and valid
	found := map[string]bool{}
	for _, name := range names {
		found[f.text(name)] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(found)), ",")
}
