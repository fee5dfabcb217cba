package plan

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"zstdshop/harness"
	"zstdshop/workers"
)

// Worker is a worker program in another language.
type Worker struct {
	Name string // as cells have it
	Argv []string
}

// workerNamed parses NAME=COMMAND. A command of one word is the interpreter of a
// language that a worker is built in for; more words are a worker of the user's.
func workerNamed(text string) (Worker, error) {
	name, command, ok := strings.Cut(text, "=")
	words := strings.Fields(command)
	if !ok || name == "" || len(words) == 0 || strings.ContainsAny(name, "/ ,") {
		return Worker{}, errors.New("want NAME=COMMAND, such as python=python3")
	}
	path, err := exec.LookPath(words[0])
	if err != nil {
		return Worker{}, fmt.Errorf("%s: no such program: install it, or name its path", words[0])
	}
	argv := append([]string{path}, words[1:]...)
	if len(words) == 1 {
		if argv, ok = workers.Argv(name, path); !ok {
			return Worker{}, fmt.Errorf("there is no worker for %s built in (there is for %s): name its program, too, as in %s=\"%s worker.x\"",
				name, strings.Join(workers.Names(), " and "), name, words[0])
		}
	}
	return Worker{name, argv}, nil
}

func languageNamed(_ *harness.Registry, text string) ([]string, error) {
	_, err := workerNamed(text)
	return []string{text}, err
}

// languages returns this program, which has no name, and those of the workers;
// nothing where there are none.
func languages(_ *harness.Registry, m map[string][]string) ([]string, error) {
	var names []string
	for _, text := range m["worker"] {
		if names == nil {
			names = []string{""}
		}
		name, _, _ := strings.Cut(text, "=")
		names = append(names, name)
	}
	return names, nil
}
