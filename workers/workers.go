// Package workers holds workers in other languages, which know zstdshop by the
// protocol of docs/protocol.md only. They are embedded, because bench --worker
// NAME=INTERPRETER runs them, and programs to copy.
package workers

import (
	_ "embed"
	"slices"
	"strings"
)

var (
	//go:embed python/worker.py
	python string
	//go:embed node/worker.mjs
	node string
)

// A language is one that a worker is built in for.
type language struct {
	name string
	// program are the options of its interpreter that name what is to be run, valued
	// those that take the next word as their value.
	program, valued []string
	argv            func(interpreter []string) []string
}

var languages = []language{
	{name: "python", program: []string{"-c", "-m", "-"}, valued: []string{"-X", "-W", "--check-hash-based-pycs"},
		argv: func(interpreter []string) []string { return append(interpreter, "-c", python) }},
	{name: "node", program: []string{"-e", "--eval", "-p", "--print", "-"}, valued: []string{"-r", "--require", "--import", "--loader", "-C", "--conditions"},
		// Its threads run the same text, which the module itself cannot know.
		argv: func(interpreter []string) []string {
			return append(interpreter, "--input-type=module", "-e", node+"\n", node)
		}},
}

// Names lists the languages that Argv knows.
func Names() []string {
	var names []string
	for _, l := range languages {
		names = append(names, l.name)
	}
	return names
}

// Argv is the command line of the worker built in for a language, run by an
// interpreter with options of its own, such as python3 -X gil=0. It is false where
// there is none, and where the command names a program to run itself.
func Argv(name string, interpreter []string) ([]string, bool) {
	at := slices.IndexFunc(languages, func(l language) bool { return l.name == name })
	if at < 0 || len(interpreter) == 0 || languages[at].runs(interpreter[1:]) {
		return nil, false
	}
	return languages[at].argv(slices.Clip(interpreter)), true
}

// runs reports whether words after an interpreter name a program.
func (l language) runs(words []string) bool {
	for i := 0; i < len(words); i++ {
		switch {
		case slices.Contains(l.program, words[i]), !strings.HasPrefix(words[i], "-"):
			return true
		case slices.Contains(l.valued, words[i]):
			i++
		}
	}
	return false
}
