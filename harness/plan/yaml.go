package plan

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"

	"zstdshop/internal/nearest"
	"zstdshop/internal/plaintext"
)

// YAML is a text and where it came from, for errors that show the place.
type YAML struct {
	Name string
	Text []byte
}

// PlacedError is about a place in a file and has the lines around it.
type PlacedError struct {
	file, path string
	err        error
	// Excerpt is the lines, with a mark.
	Excerpt string
}

func (e *PlacedError) Error() string { return fmt.Sprintf("%s: %s: %v", e.file, e.path, e.err) }
func (e *PlacedError) Unwrap() error { return e.err }

// plain is the text in UTF-8, as much of it as can be read.
func (y YAML) plain() []byte {
	text, _ := plaintext.Bytes(y.Text) // where it ends in half a letter the decoder finds the fault
	return text
}

// Decode reads the text into a pointer, strictly. known are the keys of the file,
// of which the nearest is named where one is unknown.
func (y YAML) Decode(into any, known ...string) error {
	err := decodeYAML(y.plain(), into)
	if err == nil {
		return nil
	}
	full := yaml.FormatError(err, false, true)
	first, excerpt, _ := strings.Cut(full, "\n")
	if unknown, ok := errors.AsType[*yaml.UnknownFieldError](err); ok {
		if key := strings.Trim(strings.TrimPrefix(unknown.Message, "unknown field "), `"`); key != "" {
			first += meant(key, known)
		}
	}
	return &PlacedError{y.Name, "yaml", errors.New(first), excerpt}
}

// meant says which key an unknown one stands for.
func meant(key string, known []string) string {
	if near := nearest.Name(key, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return "; known are " + strings.Join(known, ", ")
}

// At is an error about what is at a path of the file, such as $.cells[0].codec.
func (y YAML) At(path string, err error) error {
	place := strings.TrimPrefix(path, "$.")
	var excerpt []byte
	p, pathErr := yaml.PathString(path)
	if pathErr == nil {
		excerpt, pathErr = p.AnnotateSource(y.plain(), false)
	}
	if pathErr != nil {
		return fmt.Errorf("%s: %s: %w", y.Name, place, err)
	}
	return &PlacedError{y.Name, place, err, strings.TrimRight(string(excerpt), "\n")}
}
