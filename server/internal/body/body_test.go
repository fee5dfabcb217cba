package body_test

import (
	"fmt"
	"strings"
	"testing"

	"zstdshop/server/internal/body"
)

// maxText is the limit of the bodies above.
const maxText = 1000

// verdict is what Compress makes of src, as bodies have it.
func verdict(t testing.TB, src string) string {
	t.Helper()
	text, level, set, err := body.Compress([]byte(src), maxText)
	if err != nil {
		e := fault(t, err)
		if text != nil || level != 0 || set {
			t.Errorf("%.80q: %q, %d, %v along with %v", src, text, level, set, err)
		}
		return fmt.Sprintf("%d %s %d", e.Status, e.Type, e.Offset)
	}
	if text == nil {
		t.Errorf("%.80q: nil text", src)
	}
	if set {
		return fmt.Sprintf(`"%s" %d`, text, level)
	}
	return fmt.Sprintf(`"%s"`, text)
}

func fault(t testing.TB, err error) *body.Error {
	t.Helper()
	e, ok := err.(*body.Error)
	if !ok {
		t.Fatalf("error is a %T: %v", err, err)
	}
	codes := map[int]string{400: "json_invalid", 413: "too_large", 422: e.Type}
	if e.Code != codes[e.Status] || e.Code == "" || e.Msg == "" || e.Offset < -1 || (e.Offset < 0) != (e.Type == "missing") {
		t.Errorf("malformed error %+v", e)
	}
	return e
}

func TestCompress(t *testing.T) {
	for _, c := range bodies {
		if got := verdict(t, c.src); got != c.want {
			t.Errorf("%s: %.80q: %.120s; want %.120s", c.name, c.src, got, c.want)
		}
	}
}

func TestCompressLoc(t *testing.T) {
	for _, c := range []struct{ src, loc string }{
		{`{}`, "text"}, {`{"text":5}`, "text"}, {`{"text":"` + strings.Repeat("x", 1001) + `"}`, "text"},
		{`{"text":"a","level":"3"}`, "level"}, {`{"text":"a","level":1e10}`, "level"},
		{`[]`, ""}, {`{"text":"a",}`, ""}, {`{"text":"a","text":"b"}`, ""}, {``, ""},
	} {
		_, _, _, err := body.Compress([]byte(c.src), maxText)
		if e := fault(t, err); e.Loc != c.loc {
			t.Errorf("%.40s: %q, want %q", c.src, e.Loc, c.loc)
		}
	}
}

func TestDecompress(t *testing.T) {
	for _, c := range []struct{ name, src, want, loc string }{
		{"plain", `{"b64":"KLUv/SAAAQAA"}`, `"KLUv/SAAAQAA"`, ""},
		{"empty", `{"b64":""}`, `""`, ""},
		{"slashes escaped, as PHP does", `{"b64":"KLUv\/SAAAQAA"}`, `"KLUv/SAAAQAA"`, ""},
		{"not base64 is not decided here", `{"b64":"\n*"}`, "\"\n*\"", ""},
		{"unknown members", `{"a":{"b64":1},"b64":"AA==","text":"a","level":"x"}`, `"AA=="`, ""},
		{"missing", `{"text":"a"}`, `422 missing -1`, "b64"},
		{"wrong case", `{"B64":"AA=="}`, `422 missing -1`, "b64"},
		{"null", `{"b64":null}`, `422 string_type 7`, "b64"},
		{"number", `{"b64":1}`, `422 string_type 7`, "b64"},
		{"JSON before members", `{"b64":1`, `400 syntax 8`, ""},
		{"twice", `{"b64":"","b64":""}`, `400 duplicate_name 10`, ""},
		{"unknown twice", `{"b":"","b64":"","b":1}`, `400 duplicate_name 17`, ""},
		{"not an object", `"AA=="`, `422 object_type 0`, ""},
		{"nothing", ``, `400 empty 0`, ""},
		{"raw ff", "{\"b64\":\"\xff\"}", `400 utf8 8`, ""},
		{"trailing", `{"b64":""}x`, `400 trailing_data 10`, ""},
	} {
		b64, err := body.Decompress([]byte(c.src))
		got, loc := fmt.Sprintf(`"%s"`, b64), ""
		if err != nil {
			e := fault(t, err)
			got, loc = fmt.Sprintf("%d %s %d", e.Status, e.Type, e.Offset), e.Loc
		}
		if got != c.want || loc != c.loc || (b64 == nil) != (err != nil) {
			t.Errorf("%s: %s: %s in %q; want %s in %q", c.name, c.src, got, loc, c.want, c.loc)
		}
	}
}

// TestErrorText: an error reads well in a log.
func TestErrorText(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{`{`, "syntax at byte 1: the body ends too early"},
		{`{}`, "missing in text: text is missing"},
		{"\ufeff{}", "syntax at byte 0: JSON must not begin with a byte order mark"},
		{`{"text":1}`, "string_type in text at byte 8: text must be a string"},
	} {
		if _, _, _, err := body.Compress([]byte(c.src), maxText); err.Error() != c.want {
			t.Errorf("%s: %q, want %q", c.src, err, c.want)
		}
	}
}

// TestTextIsPartOfBody: and nothing behind it can be overwritten by an append.
func TestTextIsPartOfBody(t *testing.T) {
	for _, s := range []string{`{"text":"abc","level":1}`, `{"text":"a\tc","level":1}`, `{"text":"","level":1}`} {
		src := []byte(s)
		text, _, _, err := body.Compress(src, maxText)
		if err != nil || cap(text) != len(text) {
			t.Errorf("%s: capacity %d of %d, %v", s, cap(text), len(text), err)
		}
		if len(text) > 0 && &text[0] != &src[9] {
			t.Errorf("%s: text is a copy", s)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	const src = `{"text":"a\tb\u00e9\ud83d\ude00` + "中" + `","level":3}`
	buf := make([]byte, len(src))
	if n := testing.AllocsPerRun(100, func() {
		copy(buf, src)
		if _, level, _, err := body.Compress(buf, 100); level != 3 || err != nil {
			t.Fatal(level, err)
		}
	}); n != 0 {
		t.Errorf("Compress: %v allocations", n)
	}
	const other = `{"b64":"KLUv\/SAAAQAA"}`
	if n := testing.AllocsPerRun(100, func() {
		copy(buf, other)
		if _, err := body.Decompress(buf[:len(other)]); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("Decompress: %v allocations", n)
	}
}
