package plan

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"zstdshop/harness/result"
)

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		texts map[string]string
		want  result.Limits
		fails bool
	}{
		{nil, result.Limits{result.MetricTime: 0.03, result.MetricRatio: 0, result.MetricAllocs: 0}, false},
		{map[string]string{"time": "5%"}, result.Limits{result.MetricTime: 0.05, result.MetricRatio: 0, result.MetricAllocs: 0}, false},
		{map[string]string{"time": "off", "ratio": "off", "allocs": "2"}, result.Limits{result.MetricAllocs: 2}, false},
		{map[string]string{"ratio": "1 %", "rss": "10%", "p99": "25%", "cores": "1.8"},
			result.Limits{result.MetricTime: 0.03, result.MetricRatio: 0.01, result.MetricAllocs: 0, result.MetricRSS: 0.1, result.MetricP99: 0.25, result.MetricCores: 1.8}, false},
		{map[string]string{"time": "fast"}, result.Limits{}, true},
		{map[string]string{"time": "-1%"}, result.Limits{}, true},
		{map[string]string{"rss": "12"}, result.Limits{}, true}, // of what?
		{map[string]string{"cores": "80%"}, result.Limits{}, true},
		{map[string]string{"allocs": "5%"}, result.Limits{}, true},
		{map[string]string{"tiem": "5%"}, result.Limits{}, true},
	} {
		got, err := limitsOf(c.texts, 0.03)
		if (err != nil) != c.fails {
			t.Errorf("%v: error %v", c.texts, err)
			continue
		}
		if err == nil && cmp.Diff(c.want, got) != "" {
			t.Errorf("%v: %s", c.texts, cmp.Diff(c.want, got))
		}
	}
}

// The published schema knows the keys that the program reads, and takes what it
// takes.
func TestMatrixSchema(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "cli", "schema", "matrix-v1.json"))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	own, ofCells := fileKeys()
	known := slices.Sorted(slices.Values(append(own, ofCells...)))
	written := slices.Sorted(maps.Keys(doc.Properties))
	written = slices.Sorted(slices.Values(append(written, slices.Collect(maps.Keys(doc.Defs["cells"].Properties))...)))
	if diff := cmp.Diff(known, written); diff != "" {
		t.Errorf("keys of the program and of the schema (-program +schema):\n%s", diff)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("matrix.json", value); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("matrix.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range []struct {
		yaml string
		fits bool
	}{
		{"cells: [{codec: klauspost@3}]", true},
		{"budget: 2m\nmax_regression: 3%\ncells:\n- scenario: [compress, decompress]\n  level: [1, 3]\n  exclude: [codec=datadog/level=1]\n  limits: {time: 5%, ratio: off, allocs: 2, cores: 1.8}", true},
		{"budget: 2m", false},
		{"cells: []", false},
		{"cells: [{codek: klauspost@3}]", false},
		{"cells: [{limits: {speed: 3%}}]", false},
		{"cells: [{limits: {time: fast}}]", false},
	} {
		asJSON, err := yaml.YAMLToJSON([]byte(example.yaml))
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); (err == nil) != example.fits {
			t.Errorf("%s: %v, want it taken: %v", example.yaml, err, example.fits)
		}
	}
}
