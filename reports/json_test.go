package reports

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zstdshop/harness/result"
)

func encoded(t testing.TB, r *result.Result) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestJSONRoundTrip sees that what was read is written as it was, and that it
// looks the same in every format.
func TestJSONRoundTrip(t *testing.T) {
	for name, r := range fixtures() {
		first := encoded(t, r)
		read, err := Read(bytes.NewReader(first))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if second := encoded(t, read); !bytes.Equal(first, second) {
			t.Errorf("%s changes:\n%s", name, cmp.Diff(string(first), string(second)))
		}
		for _, format := range Formats() {
			var was, is bytes.Buffer
			if err := errors.Join(Write(&was, format, r, Options{Wide: true}), Write(&is, format, read, Options{Wide: true})); err != nil {
				t.Errorf("%s as %s: %v", name, format, err)
			}
			if was.String() != is.String() {
				t.Errorf("%s as %s differs once read:\n%s", name, format, cmp.Diff(was.String(), is.String()))
			}
		}
	}
}

// TestJSONKeepsNames sees names of users in JSON as they came.
func TestJSONKeepsNames(t *testing.T) {
	r := nastyResult()
	read, err := Read(bytes.NewReader(encoded(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Cells {
		if read.Cells[i].Name != r.Cells[i].Name {
			t.Errorf("%q became %q", r.Cells[i].Name, read.Cells[i].Name)
		}
	}
}

func TestJSONIndent(t *testing.T) {
	for _, c := range []struct{ compact, want string }{
		{`{"a":1,"b":[1,2],"c":[],"d":{}}`, "{\n  \"a\": 1,\n  \"b\": [1,2],\n  \"c\": [],\n  \"d\": {}\n}"},
		{`{"a":[{"b":[[1,2],[3]]},{}]}`, "{\n  \"a\": [\n    {\n      \"b\": [[1,2],[3]]\n    },\n    {}\n  ]\n}"},
		{`{"a":"x,y:{[\"\\"}`, "{\n  \"a\": \"x,y:{[\\\"\\\\\"\n}"},
		{`{"a":["{","]"]}`, "{\n  \"a\": [\"{\",\"]\"]\n}"},
	} {
		var b bytes.Buffer
		indent(&b, []byte(c.compact), 0)
		if b.String() != c.want {
			t.Errorf("indent(%s) =\n%s\nwant\n%s", c.compact, b.String(), c.want)
		}
		var back bytes.Buffer
		if err := json.Compact(&back, b.Bytes()); err != nil || back.String() != c.compact {
			t.Errorf("indent(%s) compacts to %s, %v", c.compact, back.String(), err)
		}
	}
}

// TestEncodeNil sees empty arrays and objects in the place of nil ones, and
// the result itself unchanged.
func TestEncodeNil(t *testing.T) {
	r := &result.Result{Cells: []result.CellResult{{Status: result.StatusOK, Samples: []result.Fork{{}}}}}
	text := string(encoded(t, r))
	for _, want := range []string{`"comparisons": []`, `"settings": {}`, `"turn": []`, `"task_ns": []`, `"args": []`, `"corpus": null`, `"schema": "zstdshop/result/v1"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s does not occur in\n%s", want, text)
		}
	}
	if r.Schema != "" || r.Comparisons != nil || r.Cells[0].Samples[0].Turn != nil {
		t.Error("the result was changed")
	}
}

func TestEncodeErrors(t *testing.T) {
	for _, c := range []struct {
		r    *result.Result
		want string
	}{
		{&result.Result{Schema: "zstdshop/result/v0"}, "zstdshop/result/v0"},
		{&result.Result{Cells: []result.CellResult{{Ratio: ptr(math.NaN())}}}, "NaN"},
		{&result.Result{Comparisons: []result.Comparison{{MDE: new(math.Inf(1))}}}, "Inf"},
	} {
		var b bytes.Buffer
		err := Encode(&b, c.r)
		if err == nil || !strings.Contains(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("error %v, want one with %s; %d bytes written", err, c.want, b.Len())
		}
	}
}

func TestReadRefuses(t *testing.T) {
	good := string(encoded(t, cpuburnResult()))
	swap := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%s does not occur", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for _, c := range []struct{ about, text, want string }{
		{"empty", "", "it is empty"},
		{"spaces", " \n", "it is empty"},
		{"not JSON", "goos: linux\n", "byte 1: "},
		{"another value", "[]", "the whole cannot be a array"},
		{"null", "null", "no schema"},
		{"no schema", "{}", "no schema"},
		{"schema of another kind", `{"schema": 1}`, "schema cannot be a number"},
		{"foreign", `{"schema": "other/v1"}`, `its schema is "other/v1", so it is no saved result`},
		{"half foreign", `{"schema": "zstdshop/result/vx"}`, "so it is no saved result"},
		{"newer", swap("result/v1", "result/v12"), "written by a newer program (zstdshop/result/v12, this one reads zstdshop/result/v1): update"},
		{"newer with unknown fields", `{"schema": "zstdshop/result/v2", "new": {}}`, "newer"},
		{"version zero", swap("result/v1", "result/v0"), "so it is no saved result"},
		{"only a schema", `{"schema": "zstdshop/result/v1"}`, "machine is missing"},
		{"two values", good + good, "after top-level value; the file is damaged"},
		{"trailing garbage", good + "x", "after top-level value"},
		{"trailing zero", good + "\x00", "after top-level value"},
		{"unknown field", swap(`"budget_ns"`, `"extra": 1, "budget_ns"`), `plan."extra" is not known`},
		{"other case", swap(`"budget_ns"`, `"Budget_NS"`), "plan.budget_ns is missing"},
		{"missing deep", swap(`"threads": 7,`, ""), "cells[0].samples[0].threads is missing"},
		{"text for an optional number", swap(`"workers": 1`, `"rate": "5", "workers": 1`), "cannot be a string"},
		{"null number", swap(`"workers": 1`, `"workers": null`), "cells[0].workers is null"},
		{"null object", swap(`"build": {`, `"build": null, "x": {`), "build is null"},
		{"text for a number", swap(`"workers": 1`, `"workers": "1"`), "cannot be a string; the file is damaged"},
		{"object for an array", swap(`"warnings": []`, `"warnings": {}`), "cannot be a object"},
		{"number for cells", swap(`"comparisons": [`, `"comparisons": 1, "x": [`), "comparisons is no array"},
		{"fraction for a count", swap(`"forks": 8`, `"forks": 8.5`), "cannot be a number 8.5"},
		{"too large a number", swap(`"est": 1,`, `"est": 1e999,`), "cannot be a number 1e999"},
		{"bad time", swap(`"started": "2026`, `"started": "x`), "the file is damaged"},
		{"unknown status", swap(`"status": "ok"`, `"status": "fine"`), `cells[0].status is "fine"`},
		{"unknown verdict", swap(`"verdict": "faster"`, `"verdict": "best"`), `comparisons[0].verdict is "best"`},
		{"unknown metric", swap(`"metric": "time"`, `"metric": "beauty"`), `comparisons[0].metric is "beauty"`},
		{"uneven columns", swap(`"cpu_ns": [`, `"cpu_ns": [1,`), "cells[0].samples[0] has columns of unequal length"},
		{"one sentinel", swap(`"sentinel_before_ns": [6100,6100]`, `"sentinel_before_ns": []`), "unequal length"},
	} {
		_, err := Read(strings.NewReader(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error is %v, want one with %s", c.about, err, c.want)
		}
	}
}

// TestReadCut cuts a result at every byte: each time the error says where.
func TestReadCut(t *testing.T) {
	r := cpuburnResult()
	r.Cells[0].Samples, r.Cells = r.Cells[0].Samples[:1], r.Cells[:1]
	good := bytes.TrimSpace(encoded(t, r))
	if _, err := Read(bytes.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for n := 1; n < len(good); n++ {
		_, err := Read(bytes.NewReader(good[:n]))
		if want := fmt.Sprintf("it ends at byte %d in the middle; the file was cut", n); err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("cut at %d: error is %v", n, err)
		}
	}
}

// TestReadDamaged puts a byte that cannot be there into every place: it is
// never a crash, and an error says where it is.
func TestReadDamaged(t *testing.T) {
	good := encoded(t, newResult())
	for n := range good {
		bad := bytes.Clone(good)
		bad[n] = 0x01
		if _, err := Read(bytes.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "byte ") {
			t.Errorf("damaged at %d: error is %v", n, err)
		}
	}
}

// TestReadNullArrays sees null read as an empty array, as a plain encoder
// writes it.
func TestReadNullArrays(t *testing.T) {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(&result.Result{Schema: result.Schema}); err != nil {
		t.Fatal(err)
	}
	r, err := Read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Cells) != 0 {
		t.Errorf("%d cells", len(r.Cells))
	}
}

// endless never ends and counts what was taken.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.n += int64(len(p))
	return len(p), nil
}

func TestReadBounded(t *testing.T) {
	e := new(endless)
	_, err := read(e, 1<<20)
	if err == nil || !strings.Contains(err.Error(), "larger than 1 MiB") {
		t.Errorf("error is %v", err)
	}
	if e.n > 4<<20 {
		t.Errorf("%d bytes were taken", e.n)
	}
	text := encoded(t, newResult())
	if _, err := read(bytes.NewReader(text), int64(len(text))); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := read(bytes.NewReader(text), int64(len(text))-1); err == nil {
		t.Error("one byte over the limit is read")
	}
}

func TestReadError(t *testing.T) {
	broken := errors.New("disk on fire")
	_, err := Read(io.MultiReader(strings.NewReader("{"), errReader{broken}))
	if !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

// FuzzRead sees that no input crashes Read, and that whatever it accepts is
// written as it was read, follows the schema of its own making and can be
// drawn in every format.
func FuzzRead(f *testing.F) {
	for _, name := range fixtureNames() {
		text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		if len(text) < 1<<17 {
			f.Add(text)
		}
	}
	r := randmulResult()
	r.Cells = r.Cells[:1]
	r.Cells[0].Samples = r.Cells[0].Samples[:1]
	f.Add(encoded(f, r))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Read(bytes.NewReader(text))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of several lines: %q", err)
			}
			return
		}
		first := encoded(t, r)
		again, err := Read(bytes.NewReader(first))
		if err != nil {
			t.Fatalf("what was written is refused: %v", err)
		}
		if !bytes.Equal(encoded(t, again), first) {
			t.Error("written differently the second time")
		}
		for _, format := range Formats() {
			if err := Write(io.Discard, format, r, Options{}); err != nil {
				t.Errorf("%s: %v", format, err)
			}
		}
	})
}
