package cli

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"zstdshop/workers"
)

// languageWorker is a worker in another language: what its cells are called, and
// its command line, joined by zero bytes so that it can be compared.
type languageWorker struct{ name, argv string }

// languageNamed parses NAME=COMMAND. A command of one word is the interpreter of a
// language that a worker is built in for; more words are a worker of the user's.
func languageNamed(text string) (languageWorker, error) {
	name, command, ok := strings.Cut(text, "=")
	words := strings.Fields(command)
	if !ok || name == "" || len(words) == 0 || strings.ContainsAny(name, "/ ,") {
		return languageWorker{}, errors.New("want NAME=COMMAND, such as python=python3")
	}
	path, err := exec.LookPath(words[0])
	if err != nil {
		return languageWorker{}, fmt.Errorf("%s: no such program: install it, or name its path", words[0])
	}
	argv := append([]string{path}, words[1:]...)
	if len(words) == 1 {
		if argv, ok = workers.Argv(name, path); !ok {
			return languageWorker{}, fmt.Errorf("there is no worker for %s built in (there is for %s): name its program, too, as in %s=\"%s worker.x\"",
				name, strings.Join(workers.Names(), " and "), name, words[0])
		}
	}
	return languageWorker{name, strings.Join(argv, "\x00")}, nil
}
