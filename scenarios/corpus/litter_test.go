package corpus

import (
	"os"
	"path/filepath"
	"testing"
)

// What systems and tools leave in folders and archives is no data, and the same data is
// found in both.
func TestLitter(t *testing.T) {
	const appleDouble = "\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        "
	data := map[string]string{
		"a.log": "1", "sub/b.log": "2", "._c": "data of its own", "sub/ds_store": "3", "git/config": "4", ".gitignore": "5", "thumbs.db.txt": "6",
	}
	litter := map[string]string{
		"__MACOSX/._a.log": appleDouble, "__MACOSX/sub/._b.log": appleDouble, "__MACOSX/x": "x", "._a.log": appleDouble, "sub/._b.log": appleDouble,
		".DS_Store": "\x00\x00\x00\x01Bud1", "sub/.DS_Store": "x", "Thumbs.db": "x", "sub/desktop.ini": "x", ".git/config": "x", "sub/.git": "gitdir: x",
		".svn/entries": "x", "$RECYCLE.BIN/x": "x", ".Spotlight-V100/x": "x",
	}
	both := map[string]string{}
	var pairs []string
	for _, files := range []map[string]string{data, litter} {
		for name, content := range files {
			both[name] = content
			pairs = append(pairs, name, content)
		}
	}
	root := tree(t, both)
	packed := filepath.Join(t.TempDir(), "packed.zip")
	if err := os.WriteFile(packed, []byte(zipOf(t, pairs...)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, spec := range []string{root, packed} {
		found := map[string]string{}
		for _, m := range load(t, spec).Members {
			found[m.Name] = string(m.Data)
		}
		for name, content := range both {
			_, want := data[name]
			if got, ok := found[name]; ok != want || want && got != content {
				t.Errorf("%s: %s is a member: %v, want %v", filepath.Base(spec), name, ok, want)
			}
		}
	}
	// A folder that is named itself is measured, whatever it is called.
	if c := load(t, filepath.Join(root, "__MACOSX")); len(c.Members) != 1 || c.Members[0].Name != "x" {
		t.Errorf("__MACOSX itself is %s", show(c))
	}
}
