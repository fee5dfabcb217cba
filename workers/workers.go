// Package workers holds workers in other languages, which know zstdshop by the
// protocol of docs/protocol.md only. They are embedded, because bench --worker
// NAME=INTERPRETER runs them, and programs to copy.
package workers

import _ "embed"

var (
	//go:embed python/worker.py
	python string
	//go:embed node/worker.mjs
	node string
)

// Names lists the languages that Argv knows.
func Names() []string { return []string{"python", "node"} }

// Argv is the command line of a worker in that language; false for one that is not
// known.
func Argv(language, interpreter string) ([]string, bool) {
	switch language {
	case "python":
		return []string{interpreter, "-c", python}, true
	case "node":
		// Its threads run the same text, which the module itself cannot know.
		return []string{interpreter, "--input-type=module", "-e", node + "\n", node}, true
	}
	return nil, false
}
