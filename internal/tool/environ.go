package tool

import (
	"os"
	"slices"
	"strings"
)

// local ties git to one repository; git sets such variables for hooks. A git that
// inherits GIT_INDEX_FILE in a pre-commit hook works on the index of the commit
// under way, whatever folder it is in, and a go or a worker process would hand
// it on. They are the variables that `git rev-parse --local-env-vars` lists, of all
// versions of git.
var local = []string{
	"GIT_ALTERNATE_OBJECT_DIRECTORIES",
	"GIT_COMMON_DIR",
	"GIT_CONFIG",
	"GIT_CONFIG_COUNT",
	"GIT_CONFIG_PARAMETERS",
	"GIT_DIR",
	"GIT_GRAFT_FILE",
	"GIT_IMPLICIT_WORK_TREE",
	"GIT_INDEX_FILE",
	"GIT_INTERNAL_SUPER_PREFIX",
	"GIT_NO_REPLACE_OBJECTS",
	"GIT_OBJECT_DIRECTORY",
	"GIT_PREFIX",
	"GIT_REPLACE_REF_BASE",
	"GIT_SHALLOW_FILE",
	"GIT_WORK_TREE",
}

// Environ returns the environment of a program to start, as os.Environ has it:
// this process's own but for what is local to one git repository.
func Environ() []string { return without(os.Environ()) }

// without returns the variables that are not local. Systems whose names of
// variables have no case find them in any.
func without(vars []string) []string {
	return slices.DeleteFunc(vars, func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.ContainsFunc(local, func(l string) bool { return strings.EqualFold(l, name) })
	})
}
