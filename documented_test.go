package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// examples runs the examples of a command's help. It measures nothing, and result.json
// stands in for standard input.
func examples(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: examples COMMAND")
	}
	ts.Check(ts.Exec("zstdshop", args[0], "--help"))
	_, text, found := strings.Cut(ts.ReadFile("stdout"), "\nExamples:\n")
	if !found {
		ts.Fatalf("no examples")
	}
	text, _, _ = strings.Cut(text, "\n\n")
	for line := range strings.Lines(text) {
		for _, words := range calls(line) {
			switch {
			case slices.Contains(words, "--resume"): // it has a story of its own
				continue
			case words[0] == "bench", words[0] == "compare" && !strings.Contains(line, ".json"):
				words = append(words, "--dry-run")
			case words[0] == "doctor":
				words = append(words, "--probe", "50ms")
			}
			tryCall(ts, words)
		}
	}
}

// documented runs each call of the program in the code blocks of pages, as far as it
// can without measuring: others have their flags and values read only. A bench with a line
// of the program's errors below it must be refused so. Files that calls name are the
// story's.
func documented(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: documented PATTERN")
	}
	pages, err := filepath.Glob(filepath.FromSlash(args[0]))
	ts.Check(err)
	tried := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		ts.Check(err)
		lines := blockLines(string(text))
		for i, line := range lines {
			for _, words := range calls(line) {
				ts.Logf("%s: %s", page, line)
				switch {
				case len(words) == 0, slices.Contains(words, "--resume"):
					continue
				case words[0] == "bench" && i+1 < len(lines) && strings.HasPrefix(strings.TrimSpace(lines[i+1]), "zstdshop: "):
					if err := ts.Exec("zstdshop", append(words, "--dry-run")...); err == nil || !strings.Contains(ts.ReadFile("stderr"), strings.TrimSpace(lines[i+1])) {
						ts.Fatalf("%v, and it should be refused as the page says", err)
					}
					tried++
					continue
				case words[0] == "bench":
					words = append(words, "--dry-run")
				case words[0] == "report" && len(words) > 1 && strings.HasSuffix(words[1], ".zst"), words[0] == "list":
				default:
					words = append(words, "--help") // flags and values are read before
				}
				tryCall(ts, words)
				tried++
			}
		}
	}
	if tried == 0 {
		ts.Fatalf("%s: no page shows a call of zstdshop", args[0])
	}
}

// tryCall runs zstdshop, with result.json for standard input.
func tryCall(ts *testscript.TestScript, words []string) {
	for i, word := range words {
		if word == "-" {
			words[i] = "result.json"
		}
	}
	ts.Check(ts.Exec("zstdshop", words...))
}

// blockLines returns the lines of a page's code blocks, with those that end in a
// backslash joined.
func blockLines(page string) []string {
	var lines []string
	fenced := false
	for line := range strings.Lines(strings.ReplaceAll(page, "\\\n", " ")) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		} else if fenced || strings.HasPrefix(line, "    ") {
			lines = append(lines, line)
		}
	}
	return lines
}

var (
	// shellWords are words, with quoted parts, and what stands between commands.
	shellWords = regexp.MustCompile(`(?:'[^']*'|"[^"]*"|[^\s'"|<>();&])+|[|<>();&]+`)
	quoted     = regexp.MustCompile(`'([^']*)'|"([^"]*)"`)
)

// calls returns the words of each call of zstdshop in a line of shell, without its name.
func calls(line string) [][]string {
	var all [][]string
	within := false
	first := true // of a command
	for _, word := range shellWords.FindAllString(line, -1) {
		switch {
		case word == "#":
			return all
		case word == "$" && first, word == "..." && within:
		case strings.ContainsAny(word[:1], "|<>();&"):
			within, first = false, true
		case first && (word == "zstdshop" || word == "./zstdshop"):
			all = append(all, nil)
			within, first = true, false
		case within:
			last := len(all) - 1
			all[last] = append(all[last], quoted.ReplaceAllString(word, "$1$2"))
		default:
			first = false
		}
	}
	return all
}
