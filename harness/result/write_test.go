package result

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"
)

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
	text := []byte(minimal(t))
	if _, err := read(bytes.NewReader(text), int64(len(text))); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := read(bytes.NewReader(text), int64(len(text))-1); err == nil {
		t.Error("one byte over the limit is read")
	}
}

// minimal is the least that is a result.
func minimal(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, &Result{Cells: []CellResult{NewCellResult(Cell{Scenario: "s", Runner: "r", Workers: 1})}}); err != nil {
		t.Fatal(err)
	}
	return strings.Replace(b.String(), `"status": ""`, `"status": "ok"`, 1)
}

// What a later program writes beside the members that this one knows is passed over,
// and a key that does not apply comes back as one that does not.
func TestReadPassesOverNewMembers(t *testing.T) {
	text := strings.NewReplacer(`"schema":`, `"novelty": [{"a": null}], "schema":`, `"items":`, `"items_new": {"deep": [1]}, "items":`).Replace(minimal(t))
	r, err := read(strings.NewReader(text), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Cells[0].Cell; got != (Cell{Scenario: "s", Runner: "r", Workers: 1}) {
		t.Errorf("read the cell %+v", got)
	}
}

// Every key is a member of a cell in JSON, once, and comes back.
func TestWireHasAllKeys(t *testing.T) {
	var full Cell
	for i, k := range keys {
		switch v := k.field(&full).(type) {
		case *string:
			*v = k.Name
		case *int:
			*v = i + 1
		case *int64:
			*v = int64(i + 1)
		}
	}
	var b bytes.Buffer
	c := NewCellResult(full)
	c.Status = StatusOK
	if err := Encode(&b, &Result{Cells: []CellResult{c}}); err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if n := strings.Count(b.String(), "\""+k.JSONName()+"\": "); n < 1 || n > 2 {
			t.Errorf("%s stands %d times", k.JSONName(), n)
		}
	}
	r, err := read(&b, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Cells[0].Cell; got != full {
		t.Errorf("%+v came back as %+v", full, got)
	}
}

// Level 0 is a level like any other, and not the same as none.
func TestLevelZero(t *testing.T) {
	none := Cell{Scenario: "s", Codec: "c", Runner: "r", Workers: 1}
	zero := none
	zero.SetLevel(0)
	if zero == none || zero.Name() != "scenario=s/codec=c/level=0/runner=r/workers=1" || none.HasLevel() {
		t.Errorf("level 0 is %+v, %s", zero, zero.Name())
	}
	for _, cell := range []Cell{none, zero} {
		c := NewCellResult(cell)
		c.Status = StatusOK
		var b bytes.Buffer
		if err := Encode(&b, &Result{Cells: []CellResult{c}}); err != nil {
			t.Fatal(err)
		}
		r, err := read(&b, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Cells[0].Cell; got != cell {
			t.Errorf("%+v came back as %+v", cell, got)
		}
	}
}

// A result that a shell of Windows redirected, or an editor marked, is read from a file
// and from a stream alike.
func TestReadOtherEncodings(t *testing.T) {
	plain := minimal(t)
	want, err := Read(strings.NewReader(plain), nil)
	if err != nil {
		t.Fatal(err)
	}
	inUTF16 := func(order binary.AppendByteOrder, text string) string {
		var out []byte
		for _, unit := range utf16.Encode([]rune(text)) {
			out = order.AppendUint16(out, unit)
		}
		return string(out)
	}
	for name, text := range map[string]string{
		"a byte-order mark":  "\ufeff" + plain,
		"little endian":      inUTF16(binary.LittleEndian, "\ufeff"+plain),
		"big endian":         inUTF16(binary.BigEndian, "\ufeff"+plain),
		"no mark":            inUTF16(binary.LittleEndian, plain),
		"lines of two bytes": inUTF16(binary.LittleEndian, "\ufeff"+strings.ReplaceAll(plain, "\n", "\r\n")),
	} {
		path := filepath.Join(t.TempDir(), "result.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for from, r := range map[string]io.Reader{"file": f, "stream": strings.NewReader(text)} {
			if got, err := Read(r, nil); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s, from a %s: %v", name, from, err)
			}
		}
	}
}
