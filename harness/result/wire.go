package result

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// In v1 the keys of a cell are members beside its figures, where CellResult has them
// in a Cell. wireCell is the struct that looks like v1, made of the table of keys and
// of the fields of CellResult, so that neither is written down twice.
//
// v1Keys are the keys in v1's order and v1Asked is one that stands apart, behind what
// became of it; younger keys follow the first.
var (
	v1Keys  = strings.Fields("scenario corpus codec level runner workers tasks block iters endpoint rate cpus env language host build")
	v1Asked = "gomaxprocs"
)

// A wireField is one member: a key, or a field of CellResult by its index.
type wireField struct {
	key   *Key
	index int
}

type wire struct {
	typ    reflect.Type
	fields []wireField
}

var wireCell = sync.OnceValue(func() wire {
	var w wire
	var fields []reflect.StructField
	addKey := func(name string) {
		k, _ := KeyOf(name) // held by TestWireHasAllKeys
		w.fields = append(w.fields, wireField{key: &k})
		fields = append(fields, k.wireField())
	}
	t := reflect.TypeFor[CellResult]()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("json") == "-" {
			continue
		}
		w.fields = append(w.fields, wireField{index: i})
		fields = append(fields, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
		switch f.Name {
		case "Name":
			for _, name := range v1Keys {
				addKey(name)
			}
			for _, k := range keys {
				if !slices.Contains(v1Keys, k.Name) && k.Name != v1Asked {
					addKey(k.Name)
				}
			}
		case "EffectiveGOMAXPROCS":
			addKey(v1Asked)
		}
	}
	w.typ = reflect.StructOf(fields)
	return w
})

// wireField is the member of a key.
func (k Key) wireField() reflect.StructField {
	f := reflect.StructField{Name: "Key_" + k.Name, Type: reflect.TypeOf(k.field(new(Cell))), Tag: reflect.StructTag(`json:"` + k.JSONName() + `"`)}
	if k.always {
		f.Type = f.Type.Elem()
	}
	if k.later || !slices.Contains(v1Keys, k.Name) && k.Name != v1Asked {
		f.Tag = reflect.StructTag(`json:"` + k.JSONName() + `,omitempty"`)
	}
	return f
}

// MarshalJSONTo writes c as v1 has it.
func (c CellResult) MarshalJSONTo(e *jsontext.Encoder) error {
	w := wireCell()
	v, from := reflect.New(w.typ).Elem(), reflect.ValueOf(c)
	for i, f := range w.fields {
		switch {
		case f.key == nil:
			v.Field(i).Set(from.Field(f.index))
		case f.key.always:
			v.Field(i).Set(reflect.ValueOf(f.key.field(&c.Cell)).Elem())
		case f.key.Applies(c.Cell):
			v.Field(i).Set(reflect.ValueOf(f.key.field(&c.Cell)))
		}
	}
	return json.MarshalEncode(e, v.Addr().Interface())
}

// UnmarshalJSONFrom reads what MarshalJSONTo wrote.
func (c *CellResult) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	w := wireCell()
	v := reflect.New(w.typ)
	if err := json.UnmarshalDecode(d, v.Interface()); err != nil {
		return err
	}
	*c = CellResult{}
	to := reflect.ValueOf(c).Elem()
	for i, f := range w.fields {
		value := v.Elem().Field(i)
		switch {
		case f.key == nil:
			to.Field(f.index).Set(value)
		case f.key.always:
			reflect.ValueOf(f.key.field(&c.Cell)).Elem().Set(value)
		case !value.IsNil():
			reflect.ValueOf(f.key.field(&c.Cell)).Elem().Set(value.Elem())
			if f.key.read != nil {
				f.key.read(&c.Cell)
			}
		}
	}
	return nil
}
