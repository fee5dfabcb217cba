package worker

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
)

// read returns the dictionary, which must be the one that is meant.
func (d *Dict) read() ([]byte, error) {
	content, err := os.ReadFile(d.Path)
	if err != nil {
		return nil, fmt.Errorf("read dictionary: %w", err)
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != d.Digest {
		return nil, fmt.Errorf("dictionary %q is not the one with SHA-256 %s", d.Path, d.Digest)
	}
	return content, nil
}
