package html

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"zstdshop/harness/result"
)

// MostDrawn is how many rows of all tables together have a picture of each kind. A
// page with more cells has the others in its tables alone, and its data are without
// comparisons.
const MostDrawn = 300

// dataOf is r as JSON without raw samples, digests, names of workers and what does not apply, its
// figures to six digits. It holds nothing but ASCII, no < and no >, so it cannot end
// its element or turn the direction of what follows.
func dataOf(r *result.Result) (template.JS, error) {
	slim := *r
	slim.Cells = slices.Clone(r.Cells)
	for i := range slim.Cells {
		slim.Cells[i].Samples = nil
	}
	if len(slim.Cells) > MostDrawn {
		slim.Comparisons = nil
	}
	var text bytes.Buffer
	if err := result.Encode(&text, &slim); err != nil {
		return "", err
	}
	d := json.NewDecoder(&text)
	d.UseNumber() // checksums have more digits than a float
	var tree any
	if err := d.Decode(&tree); err != nil {
		return "", fmt.Errorf("encode result: %w", err)
	}
	data, err := json.Marshal(slimmed(tree))
	if err != nil {
		return "", fmt.Errorf("encode result: %w", err)
	}
	var b strings.Builder
	for _, c := range utf16.Encode([]rune(string(data))) {
		if c < utf8.RuneSelf && c != 0x7f {
			b.WriteByte(byte(c))
		} else {
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	return template.JS(b.String()), nil
}

// slimmed is a value of JSON without nulls, empty lists, digests and the names of
// workers, with fractions of six digits.
func slimmed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if list, ok := member.([]any); member == nil || name == "digest" || name == "implementation" || ok && len(list) == 0 {
				delete(v, name)
			} else {
				v[name] = slimmed(member)
			}
		}
	case []any:
		for i := range v {
			v[i] = slimmed(v[i])
		}
	case json.Number:
		if f, err := v.Float64(); err == nil && strings.ContainsAny(v.String(), ".e") {
			return json.Number(strconv.FormatFloat(f, 'g', 6, 64))
		}
	}
	return v
}
