package corpus

import (
	"bytes"
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
	var sums [][sha256.Size]byte
	for _, m := range c.Members {
		if len(m.Data) > 0 {
			sums = append(sums, sha256.Sum256(m.Data))
		}
	}
	if len(sums) == 1 {
		return hex.EncodeToString(sums[0][:])
	}
	all := bytes.NewBufferString("zstdshop corpus of several files\n")
	for _, sum := range sums {
		all.Write(sum[:])
	}
	sum := sha256.Sum256(all.Bytes())
	return hex.EncodeToString(sum[:])
}

// DigestItems identifies items of the corpus that has the digest: the SHA-256, in
// hex, of the digest on a line and of the items as Spool.Index writes them.
func DigestItems(digest string, items []Range) string {
	h := sha256.New()
	fmt.Fprintln(h, digest)
	writeItems(h, items)
	return hex.EncodeToString(h.Sum(nil))
}
