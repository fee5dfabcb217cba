package reports

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"zstdshop/harness/result"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(result.ResultSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("result.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("result.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func TestSchemaAcceptsResults(t *testing.T) {
	schema := compileSchema(t)
	for _, name := range fixtureNames() {
		var b bytes.Buffer
		if err := result.Encode(&b, fixtures()[name]); err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	schema := compileSchema(t)
	var b bytes.Buffer
	if err := result.Encode(&b, cpuburnResult()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new string }{
		{`"zstdshop/result/v1"`, `"zstdshop/result/v2"`},
		{`"status": "ok"`, `"status": "fine"`},
		{`"status": "ok",`, ``},
		{`"level": null`, `"level": "3"`},
		{`"workers": 1`, `"workers": null`},
		{`"forks": 8`, `"forks": 8.5`},
		{`"turn": [0,1]`, `"turn": null`},
		{`[[3250000,98]`, `[[3250000]`},
		{`"started": "2026-01-02`, `"started": "yesterday`},
		{`"verdict": "faster"`, `"verdict": "best"`},
		{`"metric": "time"`, `"metric": "beauty"`},
		{`"warnings": []`, `"warnings": null`},
	} {
		text := strings.Replace(b.String(), c.old, c.new, 1)
		if text == b.String() {
			t.Errorf("%s does not occur", c.old)
			continue
		}
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Errorf("%s: %v", c.new, err)
			continue
		}
		if schema.Validate(doc) == nil {
			t.Errorf("%s in the place of %s is accepted", c.new, c.old)
		}
	}
}
