package rows

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Rows come back in their order, and a damaged one is named, not left out.
func TestRows(t *testing.T) {
	type row struct{ N int }
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	for n := range 3 {
		got, err := Read[row](path)
		if want := []row{{0}, {1}, {2}}[:n]; err != nil || !slices.Equal(got, want) {
			t.Errorf("read %v, %v, want %v", got, err, want)
		}
		if err := Append(path, row{n}); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != "{\"N\":0}\n{\"N\":1}\n{\"N\":2}\n" {
		t.Errorf("the file has %q, %v", text, err)
	}
	if err := os.WriteFile(path, text[:len(text)-3], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read[row](path); err == nil || !strings.Contains(err.Error(), path+": row 3: ") {
		t.Errorf("a row that was cut off: %v", err)
	}
}
