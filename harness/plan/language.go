package plan

import (
	"errors"
	"fmt"
	"io/fs"
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

// WorkerNamed parses NAME=COMMAND. A command is cut into words as splitCommand has
// it. An interpreter of a language that a worker is built in for, with options and no
// program, runs that worker; any other command is a worker of the user's.
func WorkerNamed(text string) (Worker, error) {
	name, command, ok := strings.Cut(text, "=")
	words, err := splitCommand(command)
	if err != nil {
		return Worker{}, err
	}
	if !ok || name == "" || len(words) == 0 || words[0] == "" || strings.ContainsAny(name, "/ ,") {
		return Worker{}, errors.New("want NAME=COMMAND, such as python=python3")
	}
	path, err := exec.LookPath(words[0])
	if errors.Is(err, fs.ErrPermission) {
		return Worker{}, fmt.Errorf("%s cannot be run: make it executable, or copy it to a folder that is not mounted noexec", words[0])
	}
	if err != nil {
		return Worker{}, fmt.Errorf("%s: no such program: install it, or name its path, in quotes where it has blanks", words[0])
	}
	w := Worker{Name: name, Argv: append([]string{path}, words[1:]...)}
	if argv, ok := workers.Argv(name, w.Argv); ok {
		w.Argv = argv
	} else if len(words) == 1 {
		return Worker{}, fmt.Errorf("there is no worker for %s built in (there is for %s): name its program, too, as in %s=\"%s worker.x\"",
			name, strings.Join(workers.Names(), " and "), name, words[0])
	}
	return w, nil
}

func languageNamed(_ *harness.Registry, text string) ([]string, error) {
	_, err := WorkerNamed(text)
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
