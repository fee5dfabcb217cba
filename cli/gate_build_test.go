package cli

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What killed gates left, and what earlier versions kept, is removed; what another gate
// is at is not.
func TestForgetBuilds(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	for name, age := range map[string]time.Duration{"base": 0, "zstdshop-build-old": 25 * time.Hour, "zstdshop-build-new": time.Hour, "other": 100 * time.Hour} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Join(path, "sub"), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	forgetBuilds(dir, now)
	for name, kept := range map[string]bool{"base": false, "zstdshop-build-old": false, "zstdshop-build-new": true, "other": true} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != kept {
			t.Errorf("%s: %v, want it kept: %v", name, err, kept)
		}
	}
}
