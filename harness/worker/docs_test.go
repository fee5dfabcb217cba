package worker

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"zstdshop/runners"

	"zstdshop/scenarios"
)

// The specification is a page for people who have only that page, so what can
// be told from the code is held against it here.

const specification = "../../docs/protocol.md"

// page is the specification, cut at its headings: the text under "### `hello`"
// is section "hello", that under "## The process" is "The process".
type page map[string]string

func readPage(t *testing.T) page {
	t.Helper()
	text, err := os.ReadFile(specification)
	if err != nil {
		t.Fatal(err)
	}
	p, heading := page{}, ""
	for line := range strings.Lines(string(text)) {
		if title := strings.TrimLeft(line, "#"); title != line && strings.HasPrefix(title, " ") {
			heading = strings.Trim(strings.TrimSpace(title), "`")
		}
		p[heading] += line
	}
	return p
}

// whole is the page without line breaks inside sentences.
func (p page) whole() string {
	var all strings.Builder
	for _, text := range p {
		all.WriteString(strings.Join(strings.Fields(text), " "))
	}
	return all.String()
}

// rows are the cells of the tables in a section, without the headings.
func (p page) rows(section string) [][]string {
	var rows [][]string
	heading := true
	for line := range strings.Lines(p[section]) {
		line = strings.TrimSpace(line)
		switch {
		case !strings.HasPrefix(line, "|"):
			heading = true
		case strings.HasPrefix(line, "|---"):
			heading = false
		case !heading:
			var row []string
			for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
				row = append(row, strings.TrimSpace(cell))
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// TestSpecificationHasEveryField compares the table of each message with the
// struct: every field is there, in the struct's order, marked optional where it
// is, and nothing else is.
func TestSpecificationHasEveryField(t *testing.T) {
	p := readPage(t)
	for section, typ := range parts(reflect.TypeFor[Message]()) {
		var want, got []string
		for i := range typ.NumField() {
			name, options, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if options == "omitempty" {
				name += " optional"
			}
			want = append(want, name)
		}
		for _, row := range p.rows(section) {
			name := strings.Trim(row[0], "`")
			if strings.HasSuffix(row[1], ", optional") {
				name += " optional"
			}
			got = append(got, name)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s, section %s: fields\n%q, but %v has\n%q", specification, section, got, typ, want)
		}
	}
}

// parts returns the structs that make up a message, by the title of their
// section: the message's type, or the name of the field that holds one.
func parts(message reflect.Type) map[string]reflect.Type {
	found := map[string]reflect.Type{}
	for i := range message.NumField() {
		f := message.Field(i)
		if !f.Anonymous {
			continue
		}
		part := f.Type.Elem()
		title := strings.ToLower(part.Name())
		if title == "failure" {
			title = TypeError
		}
		found[title] = part
		for j := range part.NumField() {
			inner := part.Field(j)
			if inner.Type.Kind() == reflect.Pointer {
				inner.Type = inner.Type.Elem()
			}
			if inner.Type.Kind() == reflect.Struct {
				name, _, _ := strings.Cut(inner.Tag.Get("json"), ",")
				found[name] = inner.Type
			}
		}
	}
	return found
}

func TestSpecificationHasEveryTypeAndMode(t *testing.T) {
	p := readPage(t)
	n := 0
	for name, value := range stringConstants(t, "protocol.go") {
		n++
		switch {
		case strings.HasPrefix(name, "Type"):
			if p[value] == "" {
				t.Errorf("%s has no section for message type %q", specification, value)
			}
		case strings.HasPrefix(name, "Mode"):
			if !strings.Contains(p["slice"], "`"+value+"`") {
				t.Errorf("%s, section slice, does not know mode %q", specification, value)
			}
		}
	}
	if n < 11 {
		t.Errorf("found only %d types and modes in protocol.go", n)
	}
}

// TestSpecificationHasEveryScenario takes the names from the catalogue.
func TestSpecificationHasEveryScenario(t *testing.T) {
	catalogue, err := os.ReadFile("../../main.go")
	if err != nil {
		t.Fatal(err)
	}
	p, n := readPage(t), 0
	for line := range strings.Lines(string(catalogue)) {
		if _, rest, ok := strings.Cut(line, `AddScenario("`); ok {
			n++
			name, _, _ := strings.Cut(rest, `"`)
			if !strings.Contains(p["Scenarios"], "**`"+name+"`**") {
				t.Errorf("%s, section Scenarios, does not define %s", specification, name)
			}
		}
	}
	if n == 0 {
		t.Error("main.go registers no scenario")
	}
}

func stringConstants(t *testing.T, file string) map[string]string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
			found[spec.Names[0].Name], _ = strconv.Unquote(literal.Value)
		}
		return true
	})
	return found
}

func TestSpecificationHasTheNumbers(t *testing.T) {
	whole := readPage(t).whole()
	for _, want := range []string{
		fmt.Sprintf("The worker protocol, version %d", Version),
		fmt.Sprintf("at most %d bytes", MaxLine),
		fmt.Sprintf("where the first took less than %d ms", shortPass/time.Millisecond),
		fmt.Sprintf("waits for the others for at most %d ms, in naps of %d µs,", gatherTimeout/time.Millisecond, gatherNap/time.Microsecond),
		fmt.Sprintf("waits for the others for at most %d µs, looking", stayTimeout/time.Microsecond),
		fmt.Sprintf("slept for %d µs and used at most %d µs", nap/time.Microsecond, napCPU/time.Microsecond),
		fmt.Sprintf("for at most %d ms: c = CPU clock of the process; sleep %d µs;", quietCap/time.Millisecond, nap/time.Microsecond),
		fmt.Sprintf("if used <= %d µs: end", napCPU/time.Microsecond),
	} {
		if !strings.Contains(whole, want) {
			t.Errorf("%s does not say %q", specification, want)
		}
	}
}

// TestSpecificationRedo computes the test vectors of planted slowdowns.
func TestSpecificationRedo(t *testing.T) {
	rows := readPage(t).rows("Planted slowdowns")
	if len(rows) < 3 {
		t.Fatalf("%s: %d test vectors", specification, len(rows))
	}
	for _, row := range rows {
		permille := number(t, row[0])
		first, count := strings.Fields(row[1]), 0
		var got []string
		for n := range 10_000 {
			// Half of the tasks as if they were of earlier slices.
			r := redo{permille: permille, base: n / 2}
			if !r.hit(n - n/2) {
				continue
			}
			count++
			if len(got) < len(first) {
				got = append(got, strconv.Itoa(n))
			}
		}
		if !reflect.DeepEqual(got, first) || count != number(t, row[2]) {
			t.Errorf("%s: p=%d: tasks %v, %s in all; the code says %v, %d", specification, permille, first, row[2], got, count)
		}
	}
}

// TestSpecificationRedoDoesAnother computes which task follows which.
func TestSpecificationRedoDoesAnother(t *testing.T) {
	whole := readPage(t).whole()
	const count = countedItems // task i is item i
	job := &counting{}
	task := mustCell(t, job, runners.Single(), Prepare{Cell: CellSpec{Workers: 1}, RedoPermille: 1000}).task(0, count)
	var pairs []string
	for i := range count {
		job.done = nil
		if err := task(0, i); err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, strings.Trim(fmt.Sprint(job.done), "[]"))
	}
	want := fmt.Sprintf("With `count` %d and p 1000 the slice does the tasks %s.", count, strings.Join(pairs, ", "))
	if !strings.Contains(whole, want) {
		t.Errorf("%s does not say %q", specification, want)
	}
}

// TestSpecificationCPUBurn computes the checksums of cpuburn.
func TestSpecificationCPUBurn(t *testing.T) {
	rows := readPage(t).rows("Scenarios")
	if len(rows) < 3 {
		t.Fatalf("%s: %d test vectors", specification, len(rows))
	}
	for _, row := range rows {
		job, err := scenarios.CPUBurn().Prepare(t.Context(), scenarios.Input{
			Workers: 1, Tasks: number(t, row[0]), Iters: number(t, row[1]),
		})
		if err != nil {
			t.Fatal(err)
		}
		job.Begin()
		for item := range job.Facts().Items {
			if err := job.Do(0, item); err != nil {
				t.Fatal(err)
			}
		}
		if got := strconv.FormatUint(job.Checksum(), 10); got != row[2] {
			t.Errorf("%s: %s tasks of %s iters: checksum %s; the code says %s", specification, row[0], row[1], row[2], got)
		}
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%s: %v", specification, err)
	}
	return n
}

// TestSpecificationTranscript parses every line of the transcript, strictly:
// what a message of this build has not, the page must not show.
func TestSpecificationTranscript(t *testing.T) {
	sent := map[string]bool{}
	for line := range strings.Lines(readPage(t)["A transcript"]) {
		direction, message, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || direction != "<" && direction != ">" {
			continue
		}
		m, err := Parse([]byte(message))
		if err != nil {
			t.Errorf("%s: %v", specification, err)
			continue
		}
		strict := json.NewDecoder(bytes.NewReader([]byte(message)))
		strict.DisallowUnknownFields()
		if err := strict.Decode(&Message{}); err != nil {
			t.Errorf("%s: %s: %v", specification, message, err)
		}
		sent[direction+m.Type] = true
	}
	for _, want := range []string{"<hello", ">prepare", "<progress", "<ready", ">slice", "<sample", "<idle", ">bye", "<bye", "<error"} {
		if !sent[want] {
			t.Errorf("%s: the transcript has no %q", specification, want)
		}
	}
}
