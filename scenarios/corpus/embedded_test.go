package corpus

import (
	"bytes"
	"compress/flate"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file anew")

// TestDigests pins every byte of the embedded corpora, and where their members
// begin: results of different days, machines and builds are only comparable
// while this does not change.
func TestDigests(t *testing.T) {
	var got strings.Builder
	for _, info := range List() {
		c := load(t, info.Name)
		hash := sha256.New()
		for _, m := range c.Members {
			fmt.Fprintf(hash, "%s %d\n", m.Name, len(m.Data))
			hash.Write(m.Data)
		}
		fmt.Fprintf(&got, "%s %d %d %x\n", c.Name, len(c.Members), c.Size(), hash.Sum(nil))
	}
	const golden = "testdata/digests.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	wantLines := slices.Collect(strings.Lines(string(want)))
	gotLines := slices.Collect(strings.Lines(got.String()))
	for i := range max(len(wantLines), len(gotLines)) {
		var w, g string
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if w != g {
			t.Errorf("name, members, bytes, SHA-256 are\n%swant\n%s(run with -update after a change on purpose)", g, w)
		}
	}
}

// TestRatios checks that the corpora are about as compressible as the data they
// stand for.
func TestRatios(t *testing.T) {
	if testing.Short() {
		t.Skip("packing all data takes long, in one goroutine and without C")
	}
	for _, tt := range []struct {
		name   string
		lo, hi float64 // uncompressed / DEFLATE at its default level
	}{
		{"logs", 5, 12},
		{"html", 4, 8},
		{"metrics", 3, 6},
		{"source", 2.2, 6},
		{"random", 0.99, 1},
		{"zeros", 900, 1032},
	} {
		data := load(t, tt.name).Members[0].Data
		var packed bytes.Buffer
		w, err := flate.NewWriter(&packed, flate.DefaultCompression)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(data)
		w.Close()
		if ratio := float64(len(data)) / float64(packed.Len()); ratio < tt.lo || ratio > tt.hi {
			t.Errorf("%s: ratio %.2f, want %v to %v", tt.name, ratio, tt.lo, tt.hi)
		}
	}
}

func TestShapes(t *testing.T) {
	for _, tt := range []struct {
		name               string
		members            [2]int // fewest, most
		shortest, longest  int    // of a member
		smallest, greatest int64  // in all
	}{
		{"logs", [2]int{1, 1}, 1 << 20, 1 << 20, 1 << 20, 1 << 20},
		{"logs-records", [2]int{2000, 6000}, 150, 2048, 1<<20 - 2048, 1 << 20},
		{"html", [2]int{1, 1}, 1 << 20, 1 << 20, 1 << 20, 1 << 20},
		{"html-records", [2]int{1000, 4000}, 100, 2048, 1<<20 - 2048, 1 << 20},
		{"metrics", [2]int{1, 1}, 1 << 20, 1 << 20, 1 << 20, 1 << 20},
		{"metrics-records", [2]int{1000, 6000}, 80, 2048, 1<<20 - 2048, 1 << 20},
		{"source", [2]int{1, 1}, 64 << 10, 1 << 20, 64 << 10, 1 << 20},
		{"random", [2]int{1, 1}, 1 << 20, 1 << 20, 1 << 20, 1 << 20},
		{"zeros", [2]int{1, 1}, 1 << 20, 1 << 20, 1 << 20, 1 << 20},
	} {
		c := load(t, tt.name)
		if c.Name != tt.name || c.Source != "embedded" {
			t.Errorf("%s: named %q, from %q", tt.name, c.Name, c.Source)
		}
		if n := len(c.Members); n < tt.members[0] || n > tt.members[1] {
			t.Errorf("%s: %d members, want %v", tt.name, n, tt.members)
		}
		if size := c.Size(); size < tt.smallest || size > tt.greatest {
			t.Errorf("%s: %d bytes, want %d to %d", tt.name, size, tt.smallest, tt.greatest)
		}
		for _, m := range c.Members {
			if n := len(m.Data); n < tt.shortest || n > tt.longest {
				t.Errorf("%s: %s has %d bytes, want %d to %d", tt.name, m.Name, n, tt.shortest, tt.longest)
			}
			if m.Name == "" || cap(m.Data) != len(m.Data) {
				t.Errorf("%s: %q has %d bytes to spare, an append would run into the next", tt.name, m.Name, cap(m.Data)-len(m.Data))
			}
		}
	}
}

// TestWellFormed parses the corpora that have a format.
func TestWellFormed(t *testing.T) {
	for _, m := range load(t, "logs-records").Members {
		if !json.Valid(m.Data) || bytes.Count(m.Data, []byte("\n")) != 1 {
			t.Fatalf("%s is not one line of JSON: %s", m.Name, m.Data)
		}
	}
	whole := load(t, "logs").Members[0].Data
	for i, m := range load(t, "logs-records").Members {
		if !bytes.HasPrefix(whole, m.Data) {
			t.Fatalf("record %d of logs-records is not line %d of logs", i, i)
		}
		whole = whole[len(m.Data):]
	}

	table := load(t, "metrics").Members[0].Data
	table = table[:bytes.LastIndexByte(table, '\n')+1] // the last row is cut
	rows, err := csv.NewReader(bytes.NewReader(table)).ReadAll()
	if err != nil || len(rows) < 5000 || rows[0][0] != "time" {
		t.Errorf("metrics has %d rows, %v", len(rows), err)
	}

	for _, m := range load(t, "html-records").Members {
		opened, closed := bytes.Count(m.Data, []byte("<")), bytes.Count(m.Data, []byte("</"))
		voids := bytes.Count(m.Data, []byte("<img"))
		if opened-closed-voids != closed {
			t.Fatalf("%s leaves a tag open: %s", m.Name, m.Data)
		}
	}
	if pages := load(t, "html").Members[0].Data; bytes.Count(pages, []byte("<html")) < 10 {
		t.Error("html has fewer than ten pages")
	}
	if code := load(t, "source").Members[0].Data; bytes.Count(code, []byte("\npackage ")) < 10 {
		t.Error("source has fewer than ten files")
	}
}

// TestSeeds checks that generators obey their seed: another one, other bytes.
func TestSeeds(t *testing.T) {
	for _, tt := range []struct {
		name   string
		record func(seed uint64) func(*text)
	}{
		{"logs", func(s uint64) func(*text) { return newLogs(s).record }},
		{"html", func(s uint64) func(*text) { return newHTML(s).page }},
		{"metrics", func(s uint64) func(*text) { return newMetrics(s).file }},
	} {
		var data [3][]byte
		for i, seed := range []uint64{7, 7, 8} {
			members, err := one("x", tt.record(seed))
			if err != nil {
				t.Fatal(err)
			}
			data[i] = members[0].Data
		}
		if !bytes.Equal(data[0], data[1]) {
			t.Errorf("%s: one seed gave two texts", tt.name)
		}
		if bytes.Equal(data[0], data[2]) {
			t.Errorf("%s: two seeds gave one text", tt.name)
		}
	}
}

func TestList(t *testing.T) {
	want := []string{"logs", "logs-records", "html", "html-records", "metrics", "metrics-records", "source", "random", "zeros"}
	var got []string
	for _, info := range List() {
		got = append(got, info.Name)
		if info.Summary == "" || strings.Contains(info.Summary, "\n") {
			t.Errorf("%s: summary %q is not one line", info.Name, info.Summary)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("List() = %v, want %v", got, want)
	}
}

func BenchmarkEmbedded(b *testing.B) {
	for _, info := range List() {
		b.Run(info.Name, func(b *testing.B) {
			b.SetBytes(load(b, info.Name).Size())
			for b.Loop() {
				load(b, info.Name)
			}
		})
	}
}

// load loads a corpus that is there.
func load(t testing.TB, spec string) *Corpus {
	t.Helper()
	c, err := Load(context.Background(), spec, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
