package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"zstdshop/harness/result"
)

// records is r in the CSV format, as maps from column to field.
func records(t *testing.T, r *result.Result) []map[string]string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, "csv", r, Options{}); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for _, line := range lines[1:] {
		record := make(map[string]string)
		for i, name := range lines[0] {
			record[name] = line[i]
		}
		all = append(all, record)
	}
	return all
}

func TestCSVText(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""}, {"logs", "logs"}, {"a=b", "a=b"}, {"'quoted", "'quoted"},
		{"=1+1", "'=1+1"}, {"+1", "'+1"}, {"-1", "'-1"}, {"@SUM", "'@SUM"},
		{"\t=1", `'\t=1`}, {"\r=1", `'\r=1`}, {"\n=1", `'\n=1`},
		{"＝1", "'＝1"}, {"＠x", "'＠x"},
		{"\x1b[31m\u202e", `\x1b[31m\u202e`},
	} {
		if got := csvText(c.in); got != c.want {
			t.Errorf("csvText(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCSVFigures(t *testing.T) {
	r := matrixResult()
	rows := records(t, r)
	if len(rows) != len(r.Cells) {
		t.Fatalf("%d rows for %d cells", len(rows), len(r.Cells))
	}
	for name, want := range map[string]string{
		"codec": "klauspost", "level": "3", "effective_level": "2", "runner": "pool", "workers": "2", "tasks": "", "block_bytes": "65536",
		"cpus": "", "status": "ok", "bytes_in": "1048576", "mb_per_s": csvValue(&r.Cells[4].MBPerS.Est), "mb_per_s_lo": csvValue(r.Cells[4].MBPerS.Lo),
		"speed_up": "1.9", "parallelism": "1.97", "allocs_per_op": "0.25", "peak_rss_bytes": "12345678", "disturbed": "0.125", "checksum": "",
		"forks": "8", "confidence": "0.95", "seed": "42", "started": "2026-01-02T03:04:05.678Z", "complete": "true", "cgo": "true",
		"latency_p50_ns": csvValue(ptr(r.Cells[4].LatencyUS.P50 * 1e3)), "latency_n": "4096",
	} {
		if got := rows[4][name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if got := records(t, cpuburnResult())[0]["checksum"]; got != "2484899264" {
		t.Errorf("checksum is %q", got)
	}
}

// TestCSVHasEveryKey sees a column, or several that begin with its name, for
// every field of a cell but the raw samples.
func TestCSVHasEveryKey(t *testing.T) {
	var names []string
	for _, c := range csvOf(matrixResult()) {
		if slices.Contains(names, c.name) {
			t.Errorf("two columns are %s", c.name)
		}
		names = append(names, c.name)
	}
	var members struct{ Cells []map[string]any }
	if err := json.Unmarshal(encoded(t, matrixResult()), &members); err != nil {
		t.Fatal(err)
	}
	for member := range members.Cells[0] {
		name := strings.TrimSuffix(member, "_us") // latency is in ns here
		found := slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, name) })
		if !found && name != "samples" {
			t.Errorf("no column for %s", name)
		}
	}
}

// TestCSVIsNoFormula sees no field that a spreadsheet would compute, and no
// field that holds a control character.
func TestCSVIsNoFormula(t *testing.T) {
	number := regexp.MustCompile(`^-?[0-9.]+$`)
	for name, r := range fixtures() {
		for i, record := range records(t, r) {
			for column, field := range record {
				if strings.ContainsAny(field[:min(1, len(field))], "=+-@") && !number.MatchString(field) {
					t.Errorf("%s row %d: %s is %q", name, i, column, field)
				}
				if visible(field) != field {
					t.Errorf("%s row %d: %s is %q", name, i, column, field)
				}
			}
		}
	}
	for _, record := range records(t, nastyResult()) {
		for _, column := range []string{"corpus", "codec", "env", "cpus"} {
			if f := record[column]; f != "" && strings.ContainsRune("=+-@", rune(f[0])) {
				t.Errorf("%s is %q", column, f)
			}
		}
	}
}
