package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/lockedfile"
	"github.com/rogpeppe/go-internal/testscript"

	"zstdshop/cli"
	"zstdshop/harness"
	"zstdshop/internal/stories"
)

// The test binary is the program: testscript puts copies of it into the PATH
// under these names and the name decides what runs, in a worker too, because
// the program starts its workers from its own executable.
func TestMain(m *testing.M) {
	// Stories wait for budgets to pass more than they compute, and none asserts a time.
	if err := flag.Set("test.parallel", strconv.Itoa(runtime.GOMAXPROCS(0)+1)); err != nil {
		panic(err) // a flag of this name is there in every test
	}
	testscript.Main(m, map[string]func(){
		"zstdshop": main,
		// faulty is the same with entries that go wrong when a script says so.
		"faulty": func() {
			reg := registry()
			stories.AddFaulty(reg)
			run(reg)
		},
		// slower is another build of it, which takes twice as long for cpuburn.
		"slower": func() { run(stories.Slower()) },
	})
}

func run(reg *harness.Registry) {
	os.Exit(cli.Main(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr, reg))
}

// The stories are testdata/script/*.txtar. Beside testscript's own commands they
// use:
//
//	exits STATUS PROGRAM [ARG...]   run it; it must end with that status
//	refused PATTERN [ARG...]        run zstdshop; it must end with status 2 and one line
//	                                on stderr that fits, nothing on stdout, nothing saved
//	says PATTERN                    stdout must fit, wherever its lines are wrapped
//	file NAME TEXT                  write a file; NAME is a quoted Go string
//	cut FILE BYTES NEW              write the first so many bytes of FILE into NEW
//	hides [ARG...]                  run zstdshop; it must fail, and then be hidden
//	hidden                          s3cret must be nowhere in what was said and written
//	begins NAME PATTERN PROGRAM...  run it beside the story, once a line of it fits; NAME becomes
//	                                a variable, of the group that PATTERN has
//	ends NAME STATUS                interrupt it; what it said is then in the file NAME
//	ended                           wait until all workers have ended that faulty has started
//	examples COMMAND                run the examples of its help
//	local                           put the server of bench --fleet local into the PATH
//	documented PATTERN              run what the blocks of the repository's pages show
//
// and the conditions cgo, that codecs in C are there, and race, that the program is
// built with the race detector. Short runs leave out what measures long: stories
// under the race detector are there for goroutines that meet, and without cgo for
// what C changes.
func TestScript(t *testing.T) {
	localDir = t.TempDir()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("XDG_STATE_HOME", filepath.Join(env.WorkDir, ".state"))
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, ".cache"))
			root, err := os.Getwd()
			if err != nil {
				return err
			}
			env.Setenv("REPOSITORY", root)
			if cache, err := os.UserCacheDir(); err == nil && os.Getenv("GOCACHE") == "" {
				env.Setenv("GOCACHE", filepath.Join(cache, "go-build")) // or each story compiles Go's library
			} else {
				env.Setenv("GOCACHE", os.Getenv("GOCACHE"))
			}
			// Built with the race detector a program waits a second before it ends.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			env.Setenv("FAULT_DIR", filepath.Join(env.WorkDir, ".fault"))
			env.Values[besideKey{}] = besides{}
			return os.Mkdir(filepath.Join(env.WorkDir, ".fault"), 0o777)
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "cgo":
				codec, err := registry().Codec("datadog")
				return err == nil && codec.Info().Unavailable == "", err
			case "race":
				return stories.Race, nil
			}
			return false, fmt.Errorf("unknown condition %s", cond)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "refused": refused, "says": says, "file": file, "cut": cut, "ended": ended, "examples": examples, "documented": documented,
			"begins": begins, "ends": ends, "hides": hides, "hidden": hidden, "local": local,
		},
	})
}

// localDir is where the server of bench --fleet local is built, by buildLocal and once.
var localDir string

var buildLocal = sync.OnceValue(func() error {
	out, err := exec.Command("go", "build", "-o", localDir, "./cmd/zstdshop-nats").CombinedOutput()
	if err != nil {
		return fmt.Errorf("build zstdshop-nats: %w: %s", err, out)
	}
	return nil
})

func local(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: local")
	}
	ts.Check(buildLocal())
	ts.Setenv("PATH", localDir+string(filepath.ListSeparator)+ts.Getenv("PATH"))
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS PROGRAM [ARG...]")
	}
	if got := status(ts, args[1], args[2:]...); strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}

// status runs a program and returns its exit status; -1 where a signal ended it.
func status(ts *testscript.TestScript, program string, args ...string) int {
	err := ts.Exec(program, args...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	ts.Check(err)
	return 0
}

func refused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: refused PATTERN [ARG...]")
	}
	before := savedRuns(ts)
	got := status(ts, "zstdshop", args[1:]...)
	stdout, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	fits, err := regexp.MatchString(args[0], stderr)
	ts.Check(err)
	switch {
	case got != 2:
		ts.Fatalf("exit status %d, want 2", got)
	case stdout != "":
		ts.Fatalf("stdout is not empty: %q", stdout)
	case strings.Count(stderr, "\n") != 1 || !strings.HasSuffix(stderr, "\n"):
		ts.Fatalf("stderr is not one line: %q", stderr)
	case !strings.HasPrefix(stderr, "zstdshop: ") || !fits:
		ts.Fatalf("stderr %q does not fit %q", stderr, args[0])
	case savedRuns(ts) != before:
		ts.Fatalf("saved runs before: %s; after: %s", before, savedRuns(ts))
	}
}

// says is stdout for prose: figures of other lengths wrap it in other places.
func says(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: [!] says PATTERN")
	}
	said := strings.Join(strings.Fields(ts.ReadFile("stdout")), " ")
	fits, err := regexp.MatchString(args[0], said)
	ts.Check(err)
	if fits == neg {
		ts.Fatalf("stdout fits %q: %t", args[0], fits)
	}
}

// hides runs the program, which must end with an error, and then is hidden.
func hides(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: hides [ARG...]")
	}
	if got := status(ts, "zstdshop", args...); got == 0 {
		ts.Fatalf("exit status 0")
	}
	hidden(ts, false, nil)
}

// hidden looks for a secret in all that was said last and in all files below $WORK but
// those of the folder given.
func hidden(ts *testscript.TestScript, neg bool, args []string) {
	const secret = "s3cret"
	if neg || len(args) > 0 {
		ts.Fatalf("usage: hidden")
	}
	if said := ts.ReadFile("stdout") + ts.ReadFile("stderr"); strings.Contains(said, secret) {
		ts.Fatalf("the secret is in %q", said)
	}
	given := ts.MkAbs("given")
	ts.Check(filepath.WalkDir(ts.MkAbs("."), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || path == given {
			return cmp.Or(err, fs.SkipDir)
		}
		text := []byte(path)
		if entry.Type().IsRegular() {
			if text, err = os.ReadFile(path); err != nil {
				return err
			}
		}
		if bytes.Contains(text, []byte(secret)) || strings.Contains(path, secret) {
			return fmt.Errorf("the secret is in %s", path)
		}
		return nil
	}))
}

func savedRuns(ts *testscript.TestScript) string {
	runs, err := filepath.Glob(filepath.Join(ts.Getenv("XDG_STATE_HOME"), "zstdshop", "runs", "*"))
	ts.Check(err)
	return strings.Join(runs, " ")
}

func file(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: file NAME TEXT")
	}
	name, err := strconv.Unquote(args[0])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(name), []byte(args[1]), 0o666))
}

func cut(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: cut FILE BYTES NEW")
	}
	data := ts.ReadFile(args[0])
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	if n > len(data) {
		ts.Fatalf("%s has %d bytes only", args[0], len(data))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(data[:n]), 0o666))
}

func ended(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: ended")
	}
	locks, err := filepath.Glob(filepath.Join(ts.Getenv("FAULT_DIR"), "*.lock"))
	ts.Check(err)
	if len(locks) == 0 {
		ts.Fatalf("faulty has started no worker")
	}
	for _, name := range locks {
		f, err := lockedfile.Edit(name) // waits for the process that has it locked
		ts.Check(err)
		ts.Check(f.Close())
	}
}
