package corpus

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Digest identifies the data, whatever it is called and wherever it is from: the
// SHA-256 of the bytes of a corpus of one file, in hex, so that sha256sum tells the
// same. Of several files it is the SHA-256 of a line and of the SHA-256 of each, in
// the order of Members, which is that of the work. Empty files add no work and count
// for nothing.
func (c *Corpus) Digest() string {
	var sum [sha256.Size]byte
	files, all := 0, sha256.New() // of millions of records no list is kept
	fmt.Fprintln(all, "zstdshop corpus of several files")
	for _, m := range c.Members {
		if len(m.Data) > 0 {
			files, sum = files+1, sha256.Sum256(m.Data)
			all.Write(sum[:])
		}
	}
	if files == 1 {
		return hex.EncodeToString(sum[:])
	}
	return hex.EncodeToString(all.Sum(nil))
}

// DigestItems identifies items of the corpus that has the digest: the SHA-256, in
// hex, of the digest on a line and of the items as Spool.Index writes them.
func DigestItems(digest string, items []Range) string {
	h := sha256.New()
	fmt.Fprintln(h, digest)
	writeItems(h, items)
	return hex.EncodeToString(h.Sum(nil))
}
