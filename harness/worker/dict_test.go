package worker

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A worker uses the dictionary that is meant, or none.
func TestDictRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dict")
	if err := os.WriteFile(path, []byte("a dictionary"), 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("a dictionary"))
	good := Dict{Path: path, Digest: hex.EncodeToString(sum[:])}
	if content, err := good.read(); err != nil || string(content) != "a dictionary" {
		t.Errorf("%q, %v", content, err)
	}
	other := good
	other.Digest = strings.Repeat("0", 64)
	if _, err := other.read(); err == nil || !strings.Contains(err.Error(), "is not the one") {
		t.Errorf("another dictionary: %v", err)
	}
	if _, err := (&Dict{Path: path + "x"}).read(); err == nil {
		t.Error("a file that is not there is read")
	}
}
