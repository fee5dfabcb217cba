package result

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"zstdshop/internal/plaintext"
)

// MaxResultBytes is the most that Read takes: far above what the largest
// matrix makes, far below what memory holds.
const MaxResultBytes = 512 << 20

// Read reads what Encode wrote, also of a later program, whose new members it
// passes over, and also with a byte-order mark or in UTF-16, as a shell of Windows
// redirects it. It refuses another schema, a file that was cut or damaged (naming
// the byte), more than one value, more than MaxResultBytes, a missing member,
// columns of a fork that differ in length. Errors say what is wrong with it; the
// caller names the file.
//
// Its cells are described by known, which may be nil.
func Read(r io.Reader, known Catalogue) (*Result, error) {
	saved, err := read(r, MaxResultBytes)
	if err == nil && known != nil {
		saved.Describe(known)
	}
	return saved, err
}

func read(r io.Reader, limit int64) (*Result, error) {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Size() <= limit && isPlain(f) {
			return decode(f, info.Size())
		}
	}
	data, err := io.ReadAll(io.LimitReader(plaintext.Reader(r), limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("it is larger than %d MiB, so it is no saved result", limit>>20)
	}
	return decode(bytes.NewReader(data), int64(len(data)))
}

// isPlain reports whether a file can be read as it is.
func isPlain(f *os.File) bool {
	var head [plaintext.HeadBytes]byte
	n, _ := f.ReadAt(head[:], 0) // what cannot be read is said later
	return plaintext.IsPlain(head[:n])
}

// decode reads a result in two passes at once, one for its values and one for
// members that are missing, and without holding its text.
func decode(at io.ReaderAt, size int64) (*Result, error) {
	seen := make(chan presence, 1)
	go func() {
		p := presence{d: jsontext.NewDecoder(io.NewSectionReader(at, 0, size))}
		_ = p.value(reflect.TypeFor[Result]()) // what is no JSON the other pass says
		seen <- p
	}()
	r := new(Result)
	err := json.UnmarshalRead(io.NewSectionReader(at, 0, size), r)
	members := <-seen
	var syntax *jsontext.SyntacticError
	if errors.Is(err, io.ErrUnexpectedEOF) && members.empty {
		return nil, errors.New("it is empty (0 bytes of JSON); the file was cut")
	}
	if errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) {
		if n, ok := foreignStart(at); ok {
			return nil, fmt.Errorf("byte %d begins no JSON object, so it is no saved result", n+1)
		}
		return nil, damage(err, size)
	}
	if err := schemaOf(at, size, r); err != nil {
		return nil, err
	}
	switch {
	case members.lacks != "":
		return nil, fmt.Errorf("%s; the file is damaged or not from this version", members.lacks)
	case err != nil:
		return nil, damage(err, size)
	}
	if err := checkValues(r); err != nil {
		return nil, fmt.Errorf("%w; the file is damaged", err)
	}
	r.fromV1()
	return r, nil
}

// foreignStart returns where a text begins, and whether with something other than an
// object, as a table or a page does.
func foreignStart(at io.ReaderAt) (offset int, foreign bool) {
	var head [512]byte
	n, _ := at.ReadAt(head[:], 0)
	offset = n - len(bytes.TrimLeft(head[:n], " \t\r\n"))
	return offset, offset < n && head[offset] != '{'
}

// schemaOf refuses what is no result of this schema. It reads no more than it must.
func schemaOf(at io.ReaderAt, size int64, r *Result) error {
	if r.Schema == Schema {
		return nil
	}
	var head struct {
		Schema *string `json:"schema"`
	}
	if err := json.UnmarshalRead(io.NewSectionReader(at, 0, size), &head); err != nil {
		return damage(err, size)
	}
	switch {
	case head.Schema == nil:
		return errors.New("it has no schema, so it is no saved result")
	case *head.Schema != Schema:
		return otherSchema(*head.Schema)
	}
	return nil
}

// otherSchema says why another schema is refused.
func otherSchema(schema string) error {
	family := strings.TrimRight(Schema, "0123456789")
	version, isOurs := strings.CutPrefix(schema, family)
	ours, _ := strconv.Atoi(strings.TrimPrefix(Schema, family))
	n, err := strconv.Atoi(version)
	switch {
	case !isOurs || err != nil || n < 1:
		return fmt.Errorf("its schema is %q, so it is no saved result (%s)", schema, Schema)
	case n > ours:
		return fmt.Errorf("it was written by a newer program (%s, this one reads %s): update this one", schema, Schema)
	}
	return fmt.Errorf("it was written by an older program (%s, this one reads %s): measure again", schema, Schema)
}

// damage says at which byte the text stops being a result.
func damage(err error, size int64) error {
	var syntax *jsontext.SyntacticError
	var meaning *json.SemanticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("it ends at byte %d in the middle; the file was cut", size)
	case errors.As(err, &syntax):
		return fmt.Errorf("byte %d: %w; the file is damaged", syntax.ByteOffset+1, syntax.Err)
	case errors.As(err, &meaning):
		return fmt.Errorf("byte %d: %s cannot be a %s; the file is damaged", meaning.ByteOffset+1,
			cmp.Or(pathOf(meaning.JSONPointer), "the whole"), valueText(meaning))
	}
	return fmt.Errorf("%w; the file is damaged", err)
}

// valueText is a kind of value, and the value where that is a number.
func valueText(e *json.SemanticError) string {
	if e.JSONKind == '0' {
		return strings.TrimSpace("number " + string(e.JSONValue))
	}
	return cmp.Or(map[jsontext.Kind]string{'"': "string", '[': "array", '{': "object", 'n': "null"}[e.JSONKind], "bool")
}

// checkValues refuses what no run writes and later code relies on.
func checkValues(r *Result) error {
	for i := range r.Cells {
		c := &r.Cells[i]
		if !isOne(c.Status, StatusOK, StatusFailed, StatusUnavailable, StatusUnmeasured) {
			return fmt.Errorf("cells[%d].status is %q", i, c.Status)
		}
		for j := range c.Samples {
			if !evenColumns(&c.Samples[j]) {
				return fmt.Errorf("cells[%d].samples[%d] has columns of unequal length", i, j)
			}
		}
	}
	for i, c := range r.Checks {
		if !isOne(c.Outcome, OutcomePass, OutcomeRegression, OutcomeUndecided, OutcomeFailed, OutcomeAccepted) {
			return fmt.Errorf("checks[%d].outcome is %q", i, c.Outcome)
		}
	}
	for i, c := range r.Comparisons {
		if !isOne(c.Verdict, VerdictFaster, VerdictSlower, VerdictBetter, VerdictWorse, VerdictEquivalent, VerdictUndecided) {
			return fmt.Errorf("comparisons[%d].verdict is %q", i, c.Verdict)
		}
		if !isOne(c.Metric, MetricTime, MetricRatio, MetricAllocs) {
			return fmt.Errorf("comparisons[%d].metric is %q", i, c.Metric)
		}
	}
	return nil
}

func isOne(s string, of ...string) bool { return slices.Contains(of, s) }

// evenColumns reports whether the columns of a fork are of one length; those of
// the sentinel may be empty.
func evenColumns(f *Fork) bool {
	n := len(f.WallNS)
	uneven := func(m int) bool { return m != n }
	return !slices.ContainsFunc([]int{len(f.Turn), len(f.First), len(f.Tasks), len(f.CPUNS), len(f.IdleNS), len(f.Collect)}, uneven) &&
		len(f.Before) == len(f.After) && (len(f.Before) == 0 || len(f.Before) == n)
}
