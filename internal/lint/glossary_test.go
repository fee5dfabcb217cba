package lint

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// glossaryFile defines the project's terms, and at its end has the words that
// gave way to them.
const glossaryFile = "docs/glossary.md"

// glossary is what the tables below "Old words" say.
type glossary struct {
	now    map[string]string // by old word
	exempt []exemption
}

// exemption lets a word, or "all", be used in the files that fit one of the
// patterns, or are in a folder that does. A pattern is as path.Match has it.
type exemption struct {
	word     string
	patterns []string
}

func TestOldWords(t *testing.T) {
	files := walk(t, everyModule)
	if !slices.Contains(files, glossaryFile) {
		t.Fatalf("there is no %s: this test reads its tables of old words", glossaryFile)
	}
	g, err := parseGlossary(string(read(t, glossaryFile)))
	if err != nil {
		t.Fatalf("%s: %v", glossaryFile, err)
	}
	used := make([]bool, len(g.exempt))
	for _, file := range files {
		data := read(t, file)
		if !isText(data) {
			continue
		}
		for _, breach := range g.check(file, string(data), used) {
			t.Error(breach)
		}
	}
	for i, e := range g.exempt {
		if !used[i] && e.word != "all" {
			t.Errorf("%s: no file of %s uses %q: remove the exemption", glossaryFile, strings.Join(e.patterns, ", "), e.word)
		}
	}
}

const testGlossary = `
| word | means |
|---|---|
| wizard | in another table |

## Old words

A test reads this.

| old | now |
|---|---|
| dragon | worker connection |
| elf | context pool |
| fairy | interference |
| ogre | timeout |

| exempt word | where | why |
|---|---|---|
| all | docs/glossary.md, docs/runs/* | these |
| dragon | scenarios/*.go | data |

## Words with one meaning

| word | means | for anything else say |
|---|---|---|
| gate | the command | admission |
`

func TestOldWordsAreSeen(t *testing.T) {
	g, err := parseGlossary(testGlossary)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.now) != 4 || len(g.exempt) != 2 {
		t.Fatalf("%d words and %d exemptions were read, want 4 and 2", len(g.now), len(g.exempt))
	}
	for _, test := range []struct {
		file, text string
		want       int // breaches
	}{
		{"a.go", "type dragon struct{}", 1},
		{"a.go", "var dragons []conn // Dragon of a dragon", 3},
		{"a.go", "func (c *conn) closeDragon() { newDragons(); HTTPDragon() }", 3},
		{"a.go", "const max_dragon_count, DRAGON_MAX = 1, dragon2", 3},
		{"a.go", `return errors.New("no dragon's answer")`, 1},
		{"a.go", "elves, ElfSize := fairy.Fairies, ogre", 5},
		{"docs/a.md", "It has *ogre*.\n\nTwo fairies.", 2},
		{"docs/dragons.md", "", 1},
		{"server/web/elf/a.js", "", 1},

		{"a.go", "var _ = TypeError", 0},
		{"a.go", "seadragon magical snapdragon dragonfly pogre elfin", 0},
		{"a.go", "wizard gate timeout", 0},
		{"docs/glossary.md", "dragon elf fairy", 0},
		{"docs/runs/a.json", "ogre", 0},
		{"docs/runs/b/a.json", "ogre", 0},
		{"docs/a.json", "ogre", 1},
		{"scenarios/a.go", "dragon", 0},
		{"scenarios/a.go", "elf", 1},
		{"scenarios/dragon.go", "", 0},
	} {
		used := make([]bool, len(g.exempt))
		if got := g.check(test.file, test.text, used); len(got) != test.want {
			t.Errorf("%s: %q: %d breaches, want %d: %q", test.file, test.text, len(got), test.want, got)
		}
	}
}

func TestGlossaryMustHaveTables(t *testing.T) {
	for _, text := range []string{
		"",
		strings.ReplaceAll(testGlossary, "## Old words", "## New words"),
		strings.ReplaceAll(testGlossary, "| old | now |", "| before | after |"),
		strings.ReplaceAll(testGlossary, "| exempt word | where | why |", "| word | where | why |"),
		strings.ReplaceAll(testGlossary, "| dragon | worker connection |", "| dragon |"),
		strings.ReplaceAll(testGlossary, "| dragon | scenarios/*.go | data |", "| dragon | scenarios/*.go | |"),
		strings.ReplaceAll(testGlossary, "| dragon | scenarios/*.go | data |", "| pear | scenarios/*.go | data |"),
		strings.ReplaceAll(testGlossary, "| dragon | scenarios/*.go | data |", "| dragon | scenarios/[ | data |"),
	} {
		if _, err := parseGlossary(text); err == nil {
			t.Errorf("no error from\n%s", text)
		}
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"TypeError":          "type error",
		"typeerror":          "typeerror",
		"HTTPServer itemID2": "http server item id",
		"worker_conn-x":      "worker conn x",
		"isn't über":         "isn t über",
		"":                   "",
	} {
		var got []string
		for w := range words(in) {
			got = append(got, w.text)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("words(%q) = %q, want %q", in, s, want)
		}
	}
}

// parseGlossary reads the tables of the section "Old words".
func parseGlossary(text string) (glossary, error) {
	_, section, found := strings.Cut(text, "\n## Old words\n")
	if !found {
		return glossary{}, fmt.Errorf("no section %q", "Old words")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	g := glossary{now: map[string]string{}}
	header := ""
	for line := range strings.Lines(section) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			header = ""
			continue
		}
		cells := strings.Split(strings.Trim(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case header == "":
			header = strings.Join(cells, ", ")
		case strings.Trim(line, "|-: ") == "":
		case slices.Contains(cells, ""):
			return g, fmt.Errorf("an empty cell: %s", line)
		case header == "old, now" && len(cells) == 2:
			g.now[cells[0]] = cells[1]
		case header == "exempt word, where, why" && len(cells) == 3:
			e := exemption{cells[0], strings.Split(cells[1], ", ")}
			for _, p := range e.patterns {
				if _, err := path.Match(p, ""); err != nil {
					return g, fmt.Errorf("pattern %q: %w", p, err)
				}
			}
			g.exempt = append(g.exempt, e)
		default:
			return g, fmt.Errorf("below %q: %s", header, line)
		}
	}
	if len(g.now) == 0 || len(g.exempt) == 0 {
		return g, fmt.Errorf("a table is missing or empty: %d old words, %d exemptions", len(g.now), len(g.exempt))
	}
	for _, e := range g.exempt {
		if e.word != "all" && g.now[e.word] == "" {
			return g, fmt.Errorf("%q is exempt and no old word", e.word)
		}
	}
	return g, nil
}

// check returns where a file's text, or its path, uses an old word, and sets what
// it used of the exemptions.
func (g glossary) check(file, text string, used []bool) []string {
	var breaches []string
	for i, part := range []string{file, text} {
		for w := range words(part) {
			old := g.old(w.text)
			if old == "" || g.allows(old, file, used) {
				continue
			}
			at := file
			if i > 0 {
				at = fmt.Sprintf("%s:%d", file, 1+strings.Count(text[:w.at], "\n"))
			}
			breaches = append(breaches, fmt.Sprintf("%s: %q is an old word: say %s (see %s)", at, w.text, g.now[old], glossaryFile))
		}
	}
	return breaches
}

// allows reports whether a file may use an old word, and sets the exemption that
// says so in used.
func (g glossary) allows(old, file string, used []bool) bool {
	i := slices.IndexFunc(g.exempt, func(e exemption) bool {
		return (e.word == "all" || e.word == old) &&
			slices.ContainsFunc(e.patterns, func(p string) bool {
				for at := file; at != "."; at = path.Dir(at) {
					if fits(p, at) {
						return true
					}
				}
				return false
			})
	})
	if i >= 0 {
		used[i] = true
	}
	return i >= 0
}

// old returns the old word that a word is, in singular or plural; "" if none.
func (g glossary) old(word string) string {
	stem := strings.TrimSuffix(word, "s")
	for _, singular := range []string{word, stem, strings.TrimSuffix(stem, "e"), strings.TrimSuffix(stem, "ve") + "f", strings.TrimSuffix(stem, "ie") + "y"} {
		if g.now[singular] != "" {
			return singular
		}
	}
	return ""
}

// word is a word of a text, in lower case, and where it begins.
type word struct {
	text string
	at   int
}

// words yields the words of a text: runs of letters, and identifiers taken apart
// where the case changes.
func words(text string) func(yield func(word) bool) {
	return func(yield func(word) bool) {
		begin, before := -1, rune(0) // of the word, and of the text
		for i, r := range text + " " {
			next, _ := utf8.DecodeRuneInString(text[min(i+utf8.RuneLen(r), len(text)):])
			ends := !unicode.IsLetter(r) ||
				unicode.IsUpper(r) && (unicode.IsLower(before) || unicode.IsUpper(before) && unicode.IsLower(next))
			if ends && begin >= 0 {
				if !yield(word{strings.ToLower(text[begin:i]), begin}) {
					return
				}
				begin = -1
			}
			if begin < 0 && unicode.IsLetter(r) {
				begin = i
			}
			before = r
		}
	}
}

// isText reports whether a person could have written it.
func isText(data []byte) bool { return utf8.Valid(data) && !bytes.ContainsRune(data, 0) }
