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
	if err := result.Encode(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestJSONRoundTrip sees that what was read is written as it was, and that it
// looks the same in every format.
func TestJSONRoundTrip(t *testing.T) {
	for name, r := range fixtures() {
		first := encoded(t, r)
		read, err := read(bytes.NewReader(first))
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
	read, err := read(bytes.NewReader(encoded(t, r)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Cells {
		if read.Cells[i].Name != r.Cells[i].Name {
			t.Errorf("%q became %q", r.Cells[i].Name, read.Cells[i].Name)
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
		err := result.Encode(&b, c.r)
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
		{"not JSON", "goos: linux\n", "byte 1 begins no JSON"},
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
		{"other case", swap(`"budget_ns"`, `"Budget_NS"`), "plan.budget_ns is missing"},
		{"missing deep", swap(`"threads": 7,`, ""), "cells[0].samples[0].threads is missing"},
		{"text for an optional number", swap(`"workers": 1`, `"rate": "5", "workers": 1`), "cannot be a string"},
		{"null number", swap(`"workers": 1`, `"workers": null`), "cells[0].workers is null"},
		{"null object", swap(`"build": {`, `"build": null, "x": {`), "build is null"},
		{"text for a number", swap(`"workers": 1`, `"workers": "1"`), "cannot be a string; the file is damaged"},
		{"object for an array", swap(`"warnings": []`, `"warnings": {}`), "cannot be a object"},
		{"number for cells", swap(`"comparisons": [`, `"comparisons": 1, "x": [`), "comparisons cannot be a number"},
		{"fraction for a count", swap(`"forks": 8`, `"forks": 8.5`), "cannot be a number 8.5"},
		{"too large a number", swap(`"est": 1,`, `"est": 1e999,`), "cannot be a number 1e999"},
		{"bad time", swap(`"started": "2026`, `"started": "x`), "the file is damaged"},
		{"unknown status", swap(`"status": "ok"`, `"status": "fine"`), `cells[0].status is "fine"`},
		{"unknown verdict", swap(`"verdict": "faster"`, `"verdict": "best"`), `comparisons[0].verdict is "best"`},
		{"unknown metric", swap(`"metric": "time"`, `"metric": "beauty"`), `comparisons[0].metric is "beauty"`},
		{"uneven columns", swap(`"cpu_ns": [`, `"cpu_ns": [1,`), "cells[0].samples[0] has columns of unequal length"},
		{"one sentinel", swap(`"sentinel_before_ns": [6100,6100]`, `"sentinel_before_ns": []`), "unequal length"},
	} {
		_, err := read(strings.NewReader(c.text))
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
	if _, err := read(bytes.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for n := 1; n < len(good); n++ {
		_, err := read(bytes.NewReader(good[:n]))
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
		if _, err := read(bytes.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "byte ") {
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
	r, err := read(&b)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Cells) != 0 {
		t.Errorf("%d cells", len(r.Cells))
	}
}

func TestReadError(t *testing.T) {
	broken := errors.New("disk on fire")
	_, err := read(io.MultiReader(strings.NewReader("{"), errReader{broken}))
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
		r, err := read(bytes.NewReader(text))
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of several lines: %q", err)
			}
			return
		}
		first := encoded(t, r)
		again, err := read(bytes.NewReader(first))
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

// read is result.Read with the fixtures' catalogue.
func read(r io.Reader) (*result.Result, error) { return result.Read(r, catalogue{}) }
