package result

import (
	"cmp"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// A presence looks for members that a type requires and that a text lacks, and for
// null where the type does not allow it: the library takes both for zero. Pointers may
// be null, and so may slices and maps, which are read as empty. What is of another kind
// than the type is left to the library.
type presence struct {
	d     *jsontext.Decoder
	lacks string // the first fault, "" none
	empty bool   // there is nothing but white space
}

// value looks at the next value. An error says that the text is no JSON.
func (p *presence) value(t reflect.Type) error {
	kind := p.d.PeekKind()
	if _, n := p.d.StackIndex(0); kind == 0 && n == 0 {
		p.empty = true
	}
	for t.Kind() == reflect.Pointer {
		if kind == 'n' {
			return p.d.SkipValue()
		}
		t = t.Elem()
	}
	if t == reflect.TypeFor[CellResult]() {
		t = wireCell().typ
	}
	switch {
	case kind == 'n' && t.Kind() != reflect.Slice && t.Kind() != reflect.Map:
		if err := p.d.SkipValue(); err != nil {
			return err
		}
		p.fault(cmp.Or(pathOf(p.d.StackPointer()), "the whole"), "is null")
	case kind == '{' && t.Kind() == reflect.Struct && t != timeType:
		return p.object(t)
	case kind == '[' && t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		return p.each(']', func() error { return p.value(t.Elem()) })
	default:
		return p.d.SkipValue()
	}
	return nil
}

// each calls visit for every element or member of what begins here.
func (p *presence) each(end jsontext.Kind, visit func() error) error {
	if _, err := p.d.ReadToken(); err != nil {
		return err
	}
	for p.d.PeekKind() != end {
		if err := visit(); err != nil {
			return err
		}
	}
	_, err := p.d.ReadToken()
	return err
}

func (p *presence) object(t reflect.Type) error {
	fields, seen := fieldsOf(t), map[string]bool{}
	err := p.each('}', func() error {
		name, err := p.d.ReadToken()
		if err != nil {
			return err
		}
		member := name.String()
		seen[member] = true
		if typ, known := fields.at[member]; known {
			return p.value(typ)
		}
		return p.d.SkipValue()
	})
	if err != nil {
		return err
	}
	at := pathOf(p.d.StackPointer())
	for _, name := range fields.required {
		if !seen[name] {
			p.fault(strings.TrimPrefix(at+"."+name, "."), "is missing")
		}
	}
	return nil
}

func (p *presence) fault(path, what string) {
	if p.lacks == "" {
		p.lacks = path + " " + what
	}
}

var timeType = reflect.TypeFor[time.Time]()

// structFields are the members of a struct.
type structFields struct {
	at       map[string]reflect.Type
	required []string
}

var knownFields sync.Map // reflect.Type to *structFields

func fieldsOf(t reflect.Type) *structFields {
	if known, ok := knownFields.Load(t); ok {
		return known.(*structFields)
	}
	f := &structFields{at: map[string]reflect.Type{}}
	for field := range t.Fields() {
		name := jsonName(field)
		if name == "-" {
			continue
		}
		f.at[name] = field.Type
		if !optional(field) {
			f.required = append(f.required, name)
		}
	}
	knownFields.Store(t, f)
	return f
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
	return strings.HasPrefix(options, "omit")
}

// pathOf is a place in JSON as programs in Go have it: cells[0].workers.
func pathOf(p jsontext.Pointer) string {
	var path string
	for part := range p.Tokens() {
		if _, err := strconv.Atoi(part); err == nil {
			path += "[" + part + "]"
		} else {
			path += "." + part
		}
	}
	return strings.TrimPrefix(path, ".")
}
