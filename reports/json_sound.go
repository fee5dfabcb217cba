package reports

import (
	"errors"
	"io"
	"reflect"
	"sync"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"zstdshop/harness/result"
)

// readSound reads a result as Read wants it, in two passes at once and without
// holding its text; ok is false where anything is wrong with it.
func readSound(r io.ReaderAt, size int64) (read *result.Result, ok bool) {
	checked := make(chan error, 1)
	go func() {
		checked <- hasFields(jsontext.NewDecoder(io.NewSectionReader(r, 0, size)), reflect.TypeFor[result.Result]())
	}()
	read = new(result.Result)
	err := jsonv2.UnmarshalRead(io.NewSectionReader(r, 0, size), read)
	if errors.Join(<-checked, err) != nil || read.Schema != result.Schema || checkValues(read) != nil {
		return nil, false
	}
	return read, true
}

var errFields = errors.New("other fields")

// hasFields reads one value, which must have the fields that checkFields wants.
func hasFields(d *jsontext.Decoder, t reflect.Type) error {
	kind := d.PeekKind()
	for t.Kind() == reflect.Pointer {
		if kind == 'n' {
			return d.SkipValue()
		}
		t = t.Elem()
	}
	switch {
	case kind == 'n' && t.Kind() != reflect.Slice && t.Kind() != reflect.Map:
		return errFields
	case t.Kind() == reflect.Struct && t != timeType:
		return hasObject(d, t)
	case kind == '[' && t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		if _, err := d.ReadToken(); err != nil {
			return err
		}
		for d.PeekKind() != ']' {
			if err := hasFields(d, t.Elem()); err != nil {
				return err
			}
		}
		_, err := d.ReadToken()
		return err
	}
	return d.SkipValue()
}

func hasObject(d *jsontext.Decoder, t reflect.Type) error {
	if token, err := d.ReadToken(); err != nil || token.Kind() != '{' {
		return errors.Join(errFields, err)
	}
	fields := fieldsOf(t)
	seen := 0
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		field, ok := fields.at[name.String()]
		if !ok {
			return errFields
		}
		if field.required {
			seen++
		}
		if err := hasFields(d, field.typ); err != nil {
			return err
		}
	}
	if seen != fields.required { // a name twice is an error of the decoder
		return errFields
	}
	_, err := d.ReadToken()
	return err
}

// structFields are the fields of a struct by their names in JSON.
type structFields struct {
	at       map[string]structField
	required int
}

type structField struct {
	typ      reflect.Type
	required bool
}

var knownFields sync.Map // reflect.Type to *structFields

func fieldsOf(t reflect.Type) *structFields {
	if known, ok := knownFields.Load(t); ok {
		return known.(*structFields)
	}
	f := &structFields{at: map[string]structField{}}
	for i := range t.NumField() {
		required := !optional(t.Field(i))
		f.at[jsonName(t.Field(i))] = structField{t.Field(i).Type, required}
		if required {
			f.required++
		}
	}
	knownFields.Store(t, f)
	return f
}
