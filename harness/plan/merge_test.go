package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zstdshop/harness/internal/standin"
)

// What a mapping has itself counts, wherever it stands, and of several bases the first
// that has a key.
func TestMergeKeys(t *testing.T) {
	const a, b = "  - &a {codec: a, level: 1}\n", "  - &b {codec: b, workers: 2, limits: &l {time: 5%, rss: 9%}}\n"
	for _, c := range []struct{ text, want string }{ // what the last entry is
		{a + "  - <<: *a\n", "codec: a, level: 1"},
		{a + "  - <<: *a\n    level: 9\n", "codec: a, level: 9"},
		{a + "  - level: 9\n    <<: *a\n", "codec: a, level: 9"},
		{a + "  - {level: 9, <<: *a}\n", "codec: a, level: 9"},
		{a + b + "  - <<: [*a, *b]\n    level: 9\n", "codec: a, level: 9, workers: 2, limits: {time: 5%, rss: 9%}"},
		{a + b + "  - <<: [*b, *a]\n", "codec: b, level: 1, workers: 2, limits: {time: 5%, rss: 9%}"},
		{a + b + "  - <<: *b\n    limits: {<<: *l, time: 3%}\n", "codec: b, workers: 2, limits: {time: 3%, rss: 9%}"},
		{a + b + "  - <<: *b\n    limits:\n      time: 3%\n      <<: *l\n", "codec: b, workers: 2, limits: {time: 3%, rss: 9%}"},
		{a + "  - &c\n    <<: *a\n    level: 2\n  - <<: *c\n    workers: 3\n", "codec: a, level: 2, workers: 3"},
		{a + "  - <<: {codec: x, level: 7}\n    level: 8\n", "codec: x, level: 8"},
		{"  - codec: [a, b]\n    level: &levels [1, 2]\n  - {codec: c, level: *levels}\n", "codec: c, level: [1, 2]"},
	} {
		var got, want matrixFile
		if err := (YAML{"f", []byte("cells:\n" + c.text)}).Decode(&got); err != nil {
			t.Errorf("%s%v", c.text, err)
			continue
		}
		if err := (YAML{"f", []byte("cells:\n  - {" + c.want + "}\n")}).Decode(&want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Cells[0], got.Cells[len(got.Cells)-1]); diff != "" {
			t.Errorf("%s-want +got:\n%s", c.text, diff)
		}
	}
}

// What cannot be merged, and the same key twice in one mapping, are mistakes that are
// shown with their line.
func TestMergeKeysRefused(t *testing.T) {
	for text, why := range map[string]string{
		"  - &a {<<: *a, codec: a}\n":                                 "the mapping that it is in",
		"  - <<: *none\n    codec: a\n":                               "there is no &none",
		"  - <<: 5\n    codec: a\n":                                   "wants a mapping",
		"  - <<: [5]\n":                                               "wants a mapping",
		"  - &a [1]\n  - <<: *a\n":                                    "wants a mapping",
		"  - codec: a\n    codec: b\n":                                `"codec" already defined`,
		"  - &a {codec: a}\n  - <<: *a\n    level: 1\n    level: 2\n": `"level" already defined`,
	} {
		var f matrixFile
		if err := (YAML{"f", []byte("cells:\n" + text)}).Decode(&f); err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%s%v, want %q", text, err, why)
		}
	}
}

// FuzzFile reads any text as a zstdshop.yaml: it is a matrix or an error.
func FuzzFile(f *testing.F) {
	f.Add("cells:\n  - &a {codec: fast, limits: {time: 5%}}\n  - <<: [*a]\n    level: 9\n")
	f.Add("\xff\xfeb\x00u\x00")
	f.Add("budget: 1m\ncells: [{<<: *a}]\n")
	f.Add("&a cells: &a\n  - <<: *a\n")
	f.Fuzz(func(t *testing.T, text string) {
		src := YAML{"f", []byte(text)}
		var m matrixFile
		if err := src.Decode(&m, "budget", "cells"); err != nil {
			return
		}
		for i := range m.Cells {
			_, _ = readEntry(src, "$.cells[0]", m.Cells[i], standin.Registry(t))
		}
	})
}
