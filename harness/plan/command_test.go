package plan

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestSplitCommand(t *testing.T) {
	for _, test := range []struct {
		text string
		want []string // nil: refused
	}{
		{"python3", []string{"python3"}},
		{"  python3   -X gil=0\t", []string{"python3", "-X", "gil=0"}},
		{`"/opt/my python/bin/python3" -O`, []string{"/opt/my python/bin/python3", "-O"}},
		{`'/opt/my python/bin/python3'`, []string{"/opt/my python/bin/python3"}},
		{`/opt/my\ python/bin/python3`, []string{"/opt/my python/bin/python3"}},
		{`C:\Python\python.exe -O`, []string{`C:\Python\python.exe`, "-O"}},
		{`"C:\Program Files\Python\python.exe" -O`, []string{`C:\Program Files\Python\python.exe`, "-O"}},
		{`\\server\python.exe`, []string{`\\server\python.exe`}},
		{`a"b c"'d e'f`, []string{"ab cd ef"}},
		{`say "a \"word\"" '\'`, []string{"say", `a "word"`, `\`}},
		{`"a\\" b`, []string{`a\`, "b"}},
		{`x '' ""`, []string{"x", "", ""}},
		{`trailing\`, []string{`trailing\`}},
		{"", []string{}},
		{`"open`, nil},
		{`it's`, nil},
		{"nul\x00", nil},
	} {
		got, err := splitCommand(test.text)
		if (err != nil) != (test.want == nil) || !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, %v, want %q", test.text, got, err, test.want)
		}
	}
}

// Any words can be written so that they come back, however they are parted.
func TestSplitCommandTakesAnyWord(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.Custom(func(t *rapid.T) string {
			return string(rapid.SliceOf(rapid.SampledFrom([]rune(`ab\\\'"" =-/é`+"\t\n"))).Draw(t, "word"))
		})
		words := rapid.SliceOf(word).Draw(t, "words")
		var quoted []string
		for _, w := range words {
			quoted = append(quoted, "'"+strings.ReplaceAll(w, "'", `'\''`)+"'")
		}
		text := strings.Join(quoted, rapid.SampledFrom([]string{" ", "  ", "\t", "\n "}).Draw(t, "between"))
		got, err := splitCommand(text)
		if err != nil || !slices.Equal(got, words) {
			t.Fatalf("%s: got %q, %v, want %q", text, got, err, words)
		}
	})
}

// FuzzWorkerNamed holds what is promised of any text: no panic, and of one that is
// taken a program and no NUL.
func FuzzWorkerNamed(f *testing.F) {
	for _, text := range []string{"python=python3", "python=python3 -X gil=0", `a="b c" 'd'`, `x=\`, "=", `n="`, "a=\x00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		w, err := WorkerNamed(text)
		if err != nil {
			return
		}
		if w.Name == "" || len(w.Argv) == 0 || w.Argv[0] == "" || strings.ContainsAny(w.Name, "/ ,") || strings.Contains(strings.Join(w.Argv, ""), "\x00") {
			t.Errorf("%q: got %q, %q", text, w.Name, w.Argv)
		}
	})
}
