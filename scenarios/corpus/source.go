package corpus

import (
	"bytes"
	"compress/gzip"
	_ "embed" // for sourceArchive
	"io"
)

// The snapshot is committed, so that the corpus changes only when someone means
// it to. The second line pins the new digest.
//
//go:generate go run ./internal/snapshot -root ../.. -out data/source.go.gz -max 1048576
//go:generate go test -run TestDigests . -update

// sourceArchive holds the Go files of this program one after the other, in one
// gzip stream, which the standard library can read without a backend.
//
//go:embed data/source.go.gz
var sourceArchive []byte

func source() ([]Member, error) {
	z, err := gzip.NewReader(bytes.NewReader(sourceArchive))
	if err != nil {
		return nil, err
	}
	data := make([]byte, embeddedSize)
	n, err := io.ReadFull(z, data)
	if err != nil && err != io.ErrUnexpectedEOF { // the program may have less than that
		return nil, err
	}
	return []Member{{"source.go", data[:n:n]}}, nil
}
