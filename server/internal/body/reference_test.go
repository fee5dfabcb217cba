package body_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"zstdshop/server/internal/body"
)

// reference is what github.com/go-json-experiment/json makes of a body for
// Compress, as verdict has it but without offsets and, where the body is not
// JSON, without the type.
func reference(src string) string {
	var members map[string]jsontext.Value
	switch value := jsontext.Value(src); {
	case !value.IsValid():
		return "400"
	case value.Kind() != '{':
		return "422 object_type"
	default:
		if err := json.Unmarshal(value, &members); err != nil {
			return err.Error()
		}
	}
	var text string
	switch members["text"].Kind() {
	default:
		return "422 string_type"
	case jsontext.KindInvalid:
		return "422 missing"
	case '"':
		if err := json.Unmarshal(members["text"], &text); err != nil {
			return err.Error()
		}
	}
	if len(text) > maxText {
		return "413 too_large"
	}
	var level float64
	switch members["level"].Kind() {
	default:
		return "422 int_type"
	case jsontext.KindInvalid, 'n':
		return fmt.Sprintf(`"%s"`, text)
	case '0':
		if err := json.Unmarshal(members["level"], &level); err != nil {
			return "422 int_range" // of a float64, even
		}
	}
	switch {
	case level != math.Trunc(level):
		return "422 int_type"
	case level < math.MinInt32 || level > math.MaxInt32:
		return "422 int_range"
	}
	return fmt.Sprintf(`"%s" %d`, text, int(level))
}

// agree holds Compress against the reference. Our own limits of depth and number
// of names are left out.
func agree(t *testing.T, src string) {
	t.Helper()
	got := verdict(t, src)
	switch words := strings.Fields(got); {
	case strings.HasPrefix(got, `"`):
	case words[1] == "too_deep" && strings.Count(src, "[")+strings.Count(src, "{") > 1000:
		return
	case words[1] == "too_many_names" && strings.Count(src, ":") > 10_000:
		return
	case words[0] == "400":
		got = words[0]
	default:
		got = words[0] + " " + words[1]
	}
	if want := reference(src); got != want {
		t.Errorf("%q: %.200s; the reference has %.200s", src, got, want)
	}
}

func TestReference(t *testing.T) {
	for _, c := range bodies {
		agree(t, c.src)
	}
}

// TestReferenceOfChanges: the bodies with every byte left out, doubled, and
// replaced, and every part of them from the beginning.
func TestReferenceOfChanges(t *testing.T) {
	for _, c := range bodies {
		if len(c.src) > 120 {
			continue
		}
		for i := range len(c.src) {
			before, at, after := c.src[:i], c.src[i:i+1], c.src[i+1:]
			agree(t, before)
			agree(t, before+after)
			agree(t, before+at+at+after)
			for _, other := range "\x00 \"\\,:{}[]09-.eu\u00e9" {
				agree(t, before+string(other)+after)
			}
			agree(t, before+"\x80"+after)
		}
	}
}

// TestReferenceOfEscapes: any number of escapes in a row, so that text moves by
// any distance, then any few bytes and the end.
func TestReferenceOfEscapes(t *testing.T) {
	for escapes := range 70 {
		for plain := range 5 {
			agree(t, `{"text":"`+strings.Repeat(`\n`, escapes)+strings.Repeat("x", plain)+`"`+strings.Repeat(" ", 40)+`}`)
		}
	}
}

// FuzzCompress: go test -fuzz FuzzCompress ./server/internal/body
func FuzzCompress(f *testing.F) {
	for _, c := range bodies {
		if len(c.src) < 500 {
			f.Add(c.src)
		}
	}
	f.Fuzz(agree)
}

// FuzzText is FuzzCompress of what is inside the text, where most of the rules
// are, at every distance from the ends that the reader treats differently.
func FuzzText(f *testing.F) {
	for _, c := range bodies {
		inside, ok := strings.CutPrefix(c.src, `{"text":"`)
		if ok && len(inside) < 500 {
			f.Add(strings.TrimSuffix(inside, `"}`), byte(len(inside)), byte(len(inside)/2))
		}
	}
	f.Fuzz(func(t *testing.T, inside string, before, after byte) {
		agree(t, `{"text":"`+strings.Repeat("x", int(before))+inside+strings.Repeat("é", int(after))+`"}`)
	})
}

// FuzzDecompress: Decompress differs from Compress in what it looks for only.
func FuzzDecompress(f *testing.F) {
	for _, c := range bodies {
		if len(c.src) < 500 {
			f.Add([]byte(strings.ReplaceAll(c.src, `"text"`, `"b64"`)))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		b64, err := body.Decompress(bytes.Clone(src))
		var want struct {
			B64 *string `json:"b64"`
		}
		wantErr := json.Unmarshal(src, &want)
		valid := jsontext.Value(src).IsValid()
		if err == nil {
			if wantErr != nil || want.B64 == nil || *want.B64 != string(b64) {
				t.Errorf("%q: %q; the reference has %v, %v", src, b64, want.B64, wantErr)
			}
			return
		}
		switch e := fault(t, err); e.Status {
		case 400:
			if valid && e.Type != "too_deep" && e.Type != "too_many_names" {
				t.Errorf("%q: %v, but it is valid", src, err)
			}
		case 422:
			if !valid || wantErr == nil && want.B64 != nil {
				t.Errorf("%q: %v; the reference has %v, %v", src, err, want.B64, wantErr)
			}
		default:
			t.Errorf("%q: %v", src, err)
		}
	})
}
