package cli

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"zstdshop/harness"
)

// Files are read and written compressed where their names end in packedEnding: results
// are mostly numbers and shrink to a fifth.
const (
	packedEnding = ".zst"
	packedFormat = "zstd" // of a codec's streams
	packedLevel  = 9      // on zstd's scale: files are few and kept
)

// packedMagic begins each such file (RFC 8878, 3.1.1).
var packedMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}

// What a compressed file may unpack to: no result shrinks by more, and a file that was
// made to fill the memory does.
const (
	unpackedFree  = 16 << 20 // bytes, whatever the size of the file
	unpackedTimes = 200      // times its size besides
)

var errNoPacker = errors.New("this build has no codec that writes and reads " + packedEnding + ": leave the ending out, or use the command zstd")

// isPacked reports whether a file is written compressed, by its name.
func isPacked(path string) bool { return strings.EqualFold(filepath.Ext(path), packedEnding) }

// unpackedName is a file's name without the ending of compressed ones.
func unpackedName(path string) string {
	if isPacked(path) {
		return path[:len(path)-len(packedEnding)]
	}
	return path
}

// packed is text as it is written into a file of that name.
func packed(reg *harness.Registry, path string, text []byte) ([]byte, error) {
	if !isPacked(path) {
		return text, nil
	}
	streams := reg.Streams(packedFormat)
	if streams == nil {
		return nil, errNoPacker
	}
	var b bytes.Buffer
	w, err := streams.NewWriter(&b, packedLevel)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(text)
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}

// unpacked returns what in holds, decompressed where it begins as a compressed file
// does, whatever it is called. Call done when it is read; in stays open.
func (a *app) unpacked(in io.Reader) (text io.Reader, done func(), err error) {
	nothing := func() {}
	if f, ok := in.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			head := make([]byte, len(packedMagic))
			n, _ := f.ReadAt(head, 0) // what cannot be read is said later
			if !bytes.Equal(head[:n], packedMagic) {
				return f, nothing, nil
			}
		}
	}
	ahead := bufio.NewReader(in)
	start, _ := ahead.Peek(len(packedMagic)) // its error comes back with the first read
	if !bytes.Equal(start, packedMagic) {
		return ahead, nothing, nil
	}
	streams := a.reg.Streams(packedFormat)
	if streams == nil {
		return nil, nothing, errNoPacker
	}
	from := &counted{r: ahead}
	content, err := streams.NewReader(from)
	if err != nil {
		return nil, nothing, err
	}
	return &bounded{content: content, from: from}, func() { content.Close() }, nil
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// bounded ends with an error where much more comes out than went in.
type bounded struct {
	content io.Reader
	from    *counted
	n       int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.content.Read(p)
	b.n += int64(n)
	if b.n > unpackedFree+unpackedTimes*b.from.n {
		return 0, fmt.Errorf("it unpacks to more than %d times its size, as nothing does that this program writes", unpackedTimes)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("it is compressed, and damaged or cut: %w", err)
	}
	return n, err
}
