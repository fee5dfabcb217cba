package fleet

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json"

	"zstdshop/scenarios/corpus"
)

// A corpus travels as one line of JSON, its manifest, and the bytes of all its files.

const corpusSchema = "zstdshop/corpus/v1"

const (
	maxManifest = 256 << 20 // of a corpus of millions of records
	maxPacked   = corpus.MaxBytes + maxManifest
)

type manifest struct {
	Schema   string  `json:"schema"`
	Name     string  `json:"name"`
	Source   string  `json:"source"`
	Members  []label `json:"members"`
	Training []label `json:"training"`
}

type label struct {
	Name  string `json:"name"`
	Bytes int64  `json:"bytes"`
}

// packCorpus writes down a corpus.
func packCorpus(c *corpus.Corpus) ([]byte, error) {
	m := manifest{Schema: corpusSchema, Name: c.Name, Source: c.Source}
	size := int64(0)
	for _, part := range []struct {
		to   *[]label
		from []corpus.Member
	}{{&m.Members, c.Members}, {&m.Training, c.Training}} {
		for _, member := range part.from {
			*part.to = append(*part.to, label{member.Name, int64(len(member.Data))})
			size += int64(len(member.Data))
		}
	}
	head, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", c.Name, err)
	}
	if size > corpus.MaxBytes || len(head) > maxManifest {
		return nil, fmt.Errorf("corpus %s: %d bytes in %d files are too many to be sent", c.Name, size, len(m.Members))
	}
	out := bytes.NewBuffer(make([]byte, 0, len(head)+1+int(size)))
	out.Write(head)
	out.WriteByte('\n')
	for _, members := range [][]corpus.Member{c.Members, c.Training} {
		for _, member := range members {
			out.Write(member.Data)
		}
	}
	return out.Bytes(), nil
}

// unpackCorpus reads what packCorpus wrote. It takes nothing that Load would not make:
// the data is bounded, and names are labels, never paths.
func unpackCorpus(r io.Reader) (*corpus.Corpus, error) {
	in := bufio.NewReader(r)
	head, err := readLine(in, maxManifest)
	if err != nil {
		return nil, refused("the corpus has no manifest: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(head, &m, json.RejectUnknownMembers(true)); err != nil {
		return nil, refused("the manifest of the corpus: %w", err)
	}
	if m.Schema != corpusSchema {
		return nil, refused("the schema of the corpus is %q, this program reads %s", clip(m.Schema), corpusSchema)
	}
	if err := checkName(m.Name); err != nil {
		return nil, refused("corpus: %w", err)
	}
	if err := checkText("source", m.Source); err != nil {
		return nil, refused("corpus: %w", err)
	}
	size := int64(0)
	for _, labels := range [][]label{m.Members, m.Training} {
		for _, l := range labels {
			if err := checkLabel(l.Name); err != nil {
				return nil, refused("corpus %s: %w", m.Name, err)
			}
			if l.Bytes < 0 || l.Bytes > corpus.MaxBytes-size {
				return nil, refused("corpus %s: its files have more than %d bytes", m.Name, corpus.MaxBytes)
			}
			size += l.Bytes
		}
	}
	if size == 0 {
		return nil, refused("corpus %s: it has no data", m.Name)
	}
	// Memory grows with what comes, not with what a manifest claims.
	data, err := io.ReadAll(io.LimitReader(in, size+1))
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", m.Name, err)
	}
	if int64(len(data)) != size {
		return nil, refused("corpus %s: its manifest says %d bytes, and there are more or less", m.Name, size)
	}
	c := &corpus.Corpus{Name: m.Name, Source: m.Source}
	cut := func(labels []label) (members []corpus.Member) {
		for _, l := range labels {
			members = append(members, corpus.Member{Name: l.Name, Data: data[:l.Bytes:l.Bytes]})
			data = data[l.Bytes:]
		}
		return members
	}
	c.Members = cut(m.Members)
	c.Training = cut(m.Training)
	return c, nil
}

// readLine returns a line of at most so many bytes, without its end.
func readLine(in *bufio.Reader, most int) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > most:
			return nil, fmt.Errorf("the line is longer than %d bytes", most)
		case err == nil:
			return line[:len(line)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// checkName refuses what is no name of a corpus or dictionary: it becomes part of the names
// of cells and files.
func checkName(name string) error {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\`) {
		return fmt.Errorf("%q is no name of data", clip(name))
	}
	return checkText("name", name)
}

// checkLabel refuses what is no name of a file in a corpus.
func checkLabel(name string) error {
	if !utf8.ValidString(name) || len(name) > maxText || !fs.ValidPath(strings.TrimSuffix(name, "/")) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Errorf("%q is no name of a file", clip(name))
	}
	return nil
}
