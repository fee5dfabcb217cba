package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"zstdshop/harness/result"
)

// MaxResultBytes is the most that Read takes: far above what the largest
// matrix makes, far below what memory holds.
const MaxResultBytes = 512 << 20

// Encode writes r as JSON that follows ResultSchema: two spaces a level,
// members in the order of the Go fields, arrays of numbers on one line, a line
// feed at the end. Equal results make equal bytes, and what Read returns is
// written as it was read. r is only read; its Schema may be "" for this one.
// A figure that is no number (NaN, infinity) is an error.
func Encode(w io.Writer, r *result.Result) error { return writeJSON(w, r, Options{}) }

// writeJSON writes cell by cell: they hold nearly all there is, and the whole in one
// piece would take three times the memory. What could fail is tried before anything
// is written; raw samples are whole numbers and cannot.
func writeJSON(w io.Writer, r *result.Result, _ Options) error {
	if r.Schema != "" && r.Schema != result.Schema {
		return fmt.Errorf("encode result: schema is %q, this program writes %q", r.Schema, result.Schema)
	}
	rest := *r
	rest.Schema, rest.Cells = result.Schema, nil
	compact, err := compactJSON(rest)
	if err != nil {
		return err
	}
	for i := range r.Cells {
		figures := r.Cells[i]
		figures.Samples = nil
		if _, err := compactJSON(figures); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	flush := func() error {
		if _, err := b.WriteTo(w); err != nil {
			return fmt.Errorf("write result: %w", err)
		}
		return nil
	}
	before, after, _ := bytes.Cut(compact, []byte(noCells))
	indent(&b, before, 0)
	b.WriteString(`"cells": [`)
	for i := range r.Cells {
		cell, err := compactJSON(r.Cells[i])
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		indent(&b, cell, 2)
		if err := flush(); err != nil {
			return err
		}
	}
	if len(r.Cells) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteByte(']')
	indent(&b, after, 1)
	b.WriteByte('\n')
	return flush()
}

// noCells stands for the cells in the compact form of a result without them. In no
// string can it be: quotes are escaped there.
const noCells = `"cells":[]`

// compactJSON is v without nil slices and maps.
func compactJSON[T any](v T) ([]byte, error) {
	var compact bytes.Buffer
	e := json.NewEncoder(&compact)
	e.SetEscapeHTML(false)
	if err := e.Encode(withoutNil(reflect.ValueOf(v)).Interface()); err != nil {
		return nil, fmt.Errorf("encode result: %w", err)
	}
	return bytes.TrimSpace(compact.Bytes()), nil
}

var timeType = reflect.TypeFor[time.Time]()

// withoutNil copies v with empty slices and maps in the place of nil ones: in
// the saved form null means that something does not apply, and it is pointers
// that say so.
func withoutNil(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == timeType {
			return v
		}
		out := reflect.New(v.Type()).Elem()
		for i := range v.NumField() {
			out.Field(i).Set(withoutNil(v.Field(i)))
		}
		return out
	case reflect.Slice:
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		if k := v.Type().Elem().Kind(); k != reflect.Struct && k != reflect.Slice && k != reflect.Map {
			reflect.Copy(out, v)
			return out
		}
		for i := range v.Len() {
			out.Index(i).Set(withoutNil(v.Index(i)))
		}
		return out
	case reflect.Map:
		if v.IsNil() {
			return reflect.MakeMap(v.Type())
		}
	}
	return v
}

// indent writes compact JSON over lines: one for each member and element,
// except that an array without objects is one line. It may be a part, which begins
// that many levels deep.
func indent(b *bytes.Buffer, compact []byte, depth int) {
	line := func() {
		b.WriteByte('\n')
		for range depth {
			b.WriteString("  ")
		}
	}
	for i := 0; i < len(compact); i++ {
		switch c := compact[i]; c {
		case '"':
			end := stringEnd(compact, i)
			b.Write(compact[i:end])
			i = end - 1
		case '[', '{':
			if end, flat := flatEnd(compact, i); flat {
				b.Write(compact[i:end])
				i = end - 1
				continue
			}
			b.WriteByte(c)
			depth++
			line()
		case ']', '}':
			depth--
			line()
			b.WriteByte(c)
		case ',':
			b.WriteByte(c)
			line()
		case ':':
			b.WriteString(": ")
		default:
			b.WriteByte(c)
		}
	}
}

// flatEnd reports whether what begins at i is an empty object or an array that
// holds no object, and where it ends.
func flatEnd(compact []byte, i int) (end int, flat bool) {
	if compact[i] == '{' {
		return i + 2, compact[i+1] == '}'
	}
	for depth := 0; i < len(compact); i++ {
		switch compact[i] {
		case '"':
			i = stringEnd(compact, i) - 1
		case '{':
			return 0, false
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i + 1, true
			}
		}
	}
	return i, true
}

// stringEnd is where the string that begins at i ends.
func stringEnd(compact []byte, i int) int {
	for i++; compact[i] != '"'; i++ {
		if compact[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// Read reads what Encode wrote, and refuses all else: another schema, a file
// that was cut or damaged (naming the byte), more than one value, more than
// MaxResultBytes, a field too few or too many, columns of a fork that differ
// in length. Errors say what is wrong with it; the caller names the file.
func Read(r io.Reader) (*result.Result, error) { return read(r, MaxResultBytes) }

func read(r io.Reader, limit int64) (*result.Result, error) {
	if f, ok := r.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Size() <= limit {
			if r, ok := readSound(f, info.Size()); ok {
				return r, nil
			}
		}
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("it is larger than %d MiB, so it is no saved result", limit>>20)
	}
	return parse(data)
}

// parse reads what is sound in two quick passes. Anything else is read once more,
// slowly, for an error that says what is wrong.
func parse(data []byte) (*result.Result, error) {
	if r, ok := readSound(bytes.NewReader(data), int64(len(data))); ok {
		return r, nil
	}
	var head struct {
		Schema *string `json:"schema"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, damage(data, err)
	}
	if head.Schema == nil {
		return nil, errors.New("it has no schema, so it is no saved result")
	}
	if *head.Schema != result.Schema {
		return nil, foreign(*head.Schema)
	}
	if err := checkFields(data, reflect.TypeFor[result.Result](), ""); err != nil {
		return nil, fmt.Errorf("%w; the file is damaged or not from this version", err)
	}
	r := new(result.Result)
	if err := json.Unmarshal(data, r); err != nil {
		return nil, damage(data, err)
	}
	if err := checkValues(r); err != nil {
		return nil, fmt.Errorf("%w; the file is damaged", err)
	}
	return r, nil
}

// foreign says why another schema is refused.
func foreign(schema string) error {
	family := strings.TrimRight(result.Schema, "0123456789")
	version, isOurs := strings.CutPrefix(schema, family)
	ours, _ := strconv.Atoi(strings.TrimPrefix(result.Schema, family))
	n, err := strconv.Atoi(version)
	switch {
	case !isOurs || err != nil || n < 1:
		return fmt.Errorf("its schema is %q, so it is no saved result (%s)", schema, result.Schema)
	case n > ours:
		return fmt.Errorf("it was written by a newer program (%s, this one reads %s): update this one", schema, result.Schema)
	}
	return fmt.Errorf("it was written by an older program (%s, this one reads %s): measure again", schema, result.Schema)
}

// damage says at which byte the text stops being a result.
func damage(data []byte, err error) error {
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return errors.New("it is empty (0 bytes of JSON); the file was cut")
	case errors.As(err, &syntax) && cut(data, syntax):
		return fmt.Errorf("it ends at byte %d in the middle; the file was cut", len(data))
	case errors.As(err, &syntax):
		return fmt.Errorf("byte %d: %w; the file is damaged", syntax.Offset, err)
	case errors.As(err, &wrongType):
		return fmt.Errorf("byte %d: %s cannot be a %s; the file is damaged", wrongType.Offset, orElse(wrongType.Field, "the whole"), wrongType.Value)
	}
	return fmt.Errorf("%w; the file is damaged", err)
}

// cut reports whether data is the beginning of something longer. At the end
// encoding/json tries a space, and where that is in the middle of a number or
// word, its error complains of a space that is not there.
func cut(data []byte, err *json.SyntaxError) bool {
	return err.Offset >= int64(len(data)) && (strings.HasPrefix(err.Error(), "unexpected end") ||
		strings.HasPrefix(err.Error(), "invalid character ' '") && !bytes.HasSuffix(data, []byte(" ")))
}

// checkFields holds valid JSON against the Go type that it is to fill: each
// object has the type's fields, no more and no fewer, and null stands for
// pointers only, and for slices and maps, where it is read as empty.
// encoding/json would let all of that pass. What is no struct inside is left
// to encoding/json.
func checkFields(data json.RawMessage, t reflect.Type, path string) error {
	isNull := string(bytes.TrimSpace(data)) == "null"
	switch {
	case t.Kind() == reflect.Pointer:
		if isNull {
			return nil
		}
		return checkFields(data, t.Elem(), path)
	case isNull && t.Kind() != reflect.Slice && t.Kind() != reflect.Map:
		return fmt.Errorf("%s is null", orElse(path, "the whole"))
	case t.Kind() == reflect.Struct && t != timeType:
		return checkObject(data, t, path)
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		var elements []json.RawMessage
		if err := json.Unmarshal(data, &elements); err != nil {
			return fmt.Errorf("%s is no array", path)
		}
		for i, element := range elements {
			if err := checkFields(element, t.Elem(), fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkObject(data json.RawMessage, t reflect.Type, path string) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return fmt.Errorf("%s is no object", orElse(path, "the whole"))
	}
	for i := range t.NumField() {
		name := jsonName(t.Field(i))
		at := strings.TrimPrefix(path+"."+name, ".")
		member, ok := members[name]
		if !ok && optional(t.Field(i)) {
			continue
		}
		if !ok {
			return fmt.Errorf("%s is missing", at)
		}
		if err := checkFields(member, t.Field(i).Type, at); err != nil {
			return err
		}
		delete(members, name)
	}
	for name := range members {
		return fmt.Errorf("%s is not known", strings.TrimPrefix(path+"."+strconv.Quote(name), "."))
	}
	return nil
}

// jsonName is the name of a field in JSON.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// optional reports whether a field may be absent: it came with a later program, and
// earlier results of the schema go on being read.
func optional(f reflect.StructField) bool {
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	return options == "omitempty"
}

// checkValues refuses what no run writes and later code relies on.
func checkValues(r *result.Result) error {
	for i := range r.Cells {
		c := &r.Cells[i]
		switch c.Status {
		case result.StatusOK, result.StatusFailed, result.StatusUnavailable, result.StatusUnmeasured:
		default:
			return fmt.Errorf("cells[%d].status is %q", i, c.Status)
		}
		for j := range c.Samples {
			if !evenColumns(&c.Samples[j]) {
				return fmt.Errorf("cells[%d].samples[%d] has columns of unequal length", i, j)
			}
		}
	}
	for i, c := range r.Checks {
		switch c.Outcome {
		case result.OutcomePass, result.OutcomeRegression, result.OutcomeUndecided, result.OutcomeFailed, result.OutcomeAccepted:
		default:
			return fmt.Errorf("checks[%d].outcome is %q", i, c.Outcome)
		}
	}
	for i, c := range r.Comparisons {
		switch c.Verdict {
		case result.VerdictFaster, result.VerdictSlower, result.VerdictBetter, result.VerdictWorse,
			result.VerdictEquivalent, result.VerdictUndecided:
		default:
			return fmt.Errorf("comparisons[%d].verdict is %q", i, c.Verdict)
		}
		switch c.Metric {
		case result.MetricTime, result.MetricRatio, result.MetricAllocs:
		default:
			return fmt.Errorf("comparisons[%d].metric is %q", i, c.Metric)
		}
	}
	return nil
}

// evenColumns reports whether the columns of a fork are of one length; those of
// the sentinel may be empty.
func evenColumns(f *result.Fork) bool {
	n := len(f.WallNS)
	for _, m := range []int{len(f.Turn), len(f.First), len(f.Tasks), len(f.CPUNS), len(f.IdleNS), len(f.Collect)} {
		if m != n {
			return false
		}
	}
	return len(f.Before) == len(f.After) && (len(f.Before) == 0 || len(f.Before) == n)
}
