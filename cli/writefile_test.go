package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What cannot be written says so in its own words before and when it is written, and
// stays as it was.
func TestUnwritable(t *testing.T) {
	dir := t.TempDir()
	readOnly := filepath.Join(dir, "read-only")
	if err := os.WriteFile(readOnly, []byte("kept"), 0o444); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		readOnly:                            "it is read-only: ",
		dir:                                 "it is a folder: name a file in it",
		filepath.Join(dir, "none", "file"):  "there is no folder " + filepath.Join(dir, "none") + ": create it first",
		filepath.Join(readOnly, "file"):     "there is no folder " + readOnly,
		filepath.Join(dir, "new"):           "",
		filepath.Join(dir, ".", "other.md"): "",
	} {
		for at, err := range map[string]error{"before": writable(path), "then": writeFile(path, []byte("text"))} {
			if want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), want)) {
				t.Errorf("%s, %s: %v, want %q", path, at, err, want)
			}
		}
	}
	if kept, err := os.ReadFile(readOnly); err != nil || string(kept) != "kept" {
		t.Errorf("the read-only file has %q, %v", kept, err)
	}
}
