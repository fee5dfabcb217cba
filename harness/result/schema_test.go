package result

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// node is the part of a schema that the fields of Go types decide.
type node struct {
	Ref         string           `json:"$ref"`
	Description string           `json:"description"`
	Type        any              `json:"type"`
	Const       any              `json:"const"`
	AnyOf       []node           `json:"anyOf"`
	Properties  map[string]*node `json:"properties"`
	Required    []string         `json:"required"`
	Items       *node            `json:"items"`
	Additional  any              `json:"additionalProperties"`
	Defs        map[string]*node `json:"$defs"`
}

// TestSchemaFollowsTypes walks Result and the schema side by side: the
// same fields on both sides, null where there is a pointer and nowhere else,
// every field described, none besides, and optional only what a later program has
// added, which is absent instead of null.
func TestSchemaFollowsTypes(t *testing.T) {
	var root node
	if err := json.Unmarshal(ResultSchema(), &root); err != nil {
		t.Fatal(err)
	}
	used := make(map[string]bool)
	for _, problem := range follow(&root, &root, reflect.TypeFor[Result](), "result", used) {
		t.Error(problem)
	}
	for name := range root.Defs {
		if !used[name] {
			t.Errorf("$defs/%s is not used", name)
		}
	}
}

func follow(root, n *node, typ reflect.Type, path string, used map[string]bool) (problems []string) {
	fail := func(format string, args ...any) {
		problems = append(problems, path+": "+fmt.Sprintf(format, args...))
	}
	if typ == reflect.TypeFor[CellResult]() {
		typ = wireCell().typ
	}
	nullable := false
	if typ.Kind() == reflect.Pointer {
		typ, nullable = typ.Elem(), true
	}
	if len(n.AnyOf) > 0 {
		if len(n.AnyOf) != 2 || n.AnyOf[1].Type != "null" {
			fail("anyOf is not something or null")
			return problems
		}
		if !nullable {
			fail("may be null, but is no pointer")
		}
		nullable = false // said
		n = &n.AnyOf[0]
	}
	if name, ok := strings.CutPrefix(n.Ref, "#/$defs/"); ok {
		used[name] = true
		if n = root.Defs[name]; n == nil {
			fail("$defs/%s does not exist", name)
			return problems
		}
	}
	want := map[reflect.Kind]string{
		reflect.Struct: "object", reflect.Map: "object", reflect.Slice: "array", reflect.Array: "array", reflect.String: "string",
		reflect.Bool: "boolean", reflect.Float64: "number", reflect.Int: "integer", reflect.Int64: "integer", reflect.Uint64: "integer",
	}[typ.Kind()]
	if typ == timeType {
		want = "string"
	}
	var wantType any = want
	if nullable {
		wantType = []any{want, "null"}
	}
	if n.Const == nil && !reflect.DeepEqual(n.Type, wantType) {
		fail("type is %v, want %v", n.Type, wantType)
	}
	switch {
	case typ == timeType:
	case typ.Kind() == reflect.Slice || typ.Kind() == reflect.Array:
		if n.Items == nil {
			fail("does not say what its items are")
			break
		}
		problems = append(problems, follow(root, n.Items, typ.Elem(), path+"[]", used)...)
	case typ.Kind() == reflect.Struct:
		if n.Additional != nil {
			fail("additionalProperties is said, but members of later programs are passed over")
		}
		var names, required []string
		for f := range typ.Fields() {
			name := jsonName(f)
			if name == "-" {
				continue
			}
			names = append(names, name)
			field := f.Type
			if !optional(f) {
				required = append(required, name)
			} else if field.Kind() == reflect.Pointer {
				field = field.Elem() // absent, never null
			}
			p := n.Properties[name]
			if p == nil {
				fail("%s is not in the schema", name)
				continue
			}
			if p.Description == "" {
				fail("%s has no description", name)
			}
			problems = append(problems, follow(root, p, field, path+"."+name, used)...)
		}
		for name := range n.Properties {
			if !slices.Contains(names, name) {
				fail("%s is only in the schema", name)
			}
		}
		slices.Sort(required)
		if got := slices.Sorted(slices.Values(n.Required)); !slices.Equal(got, required) {
			fail("required is %v, want %v", got, required)
		}
	}
	return problems
}
