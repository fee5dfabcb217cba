package server

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"testing/fstest"
)

func TestSelfContained(t *testing.T) {
	files := fstest.MapFS{
		"page.html": {Data: []byte(`<p>$1</p><link rel="stylesheet" href="a/b.css"><script src="c.js"></script>`)},
		"a/b.css":   {Data: []byte("p {\n  margin: 0;\n}\n")},
		"c.js":      {Data: []byte("// why\nf('//');\n\n  g(); // how\n")},
		"lost.html": {Data: []byte(`<script src="lost.js"></script>`)},
		"ends.html": {Data: []byte(`<script src="ends.js"></script>`)},
		"ends.js":   {Data: []byte(`f('</script>')`)},
	}
	page, policy, err := selfContained(files, "page.html")
	const style, script = "\np {\nmargin: 0;\n}\n", "\nf('//');\ng(); // how\n"
	if want := "<p>$1</p><style>" + style + "</style><script>" + script + "</script>\n"; err != nil || string(page) != want {
		t.Errorf("%q, %v; want %q", page, err, want)
	}
	for kind, content := range map[string]string{"style": style, "script": script} {
		sum := sha256.Sum256([]byte(content))
		if want := kind + "-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %q", policy, want)
		}
	}
	for name, why := range map[string]string{"none.html": "none.html", "lost.html": "lost.js", "ends.html": "ends.js would end its own element"} {
		if _, _, err := selfContained(files, name); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
