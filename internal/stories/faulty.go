// Package stories holds programs that the stories of testdata/script run beside
// zstdshop itself: one whose entries go wrong when a story says so, and one that
// is slower.
package stories

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"

	"zstdshop/codecs"
	"zstdshop/codecs/memcpy"
	"zstdshop/harness"
	"zstdshop/scenarios"
)

// AddFaulty adds entries that go wrong to the program's catalogue.
func AddFaulty(reg *harness.Registry) {
	reg.AddScenario("fault", fault{})
	reg.AddCodec("absent", absent{})
	reg.AddCodec("flips", flips{memcpy.New()})
}

// flips is a codec that copies, and gives one bit of long items back wrong.
type flips struct{ codecs.Codec }

func (f flips) NewContext(level int) (codecs.Context, error) {
	ctx, err := f.Codec.NewContext(level)
	return flipsContext{ctx}, err
}

type flipsContext struct{ codecs.Context }

func (f flipsContext) Decompress(dst, src []byte) ([]byte, error) {
	out, err := f.Context.Decompress(dst, src)
	if len(out) > 1000 {
		out[1000] ^= 4
	}
	return out, err
}

// absent is a codec that this build cannot run.
type absent struct{}

func (absent) Info() codecs.Info {
	return codecs.Info{Summary: "nothing", Library: "none", Version: "v0", Format: "none", Unavailable: "it needs a compiler: install one"}
}
func (absent) EffectiveLevel(int) (int, error)        { return 0, nil }
func (absent) CompressBound(n int) int                { return n }
func (absent) NewContext(int) (codecs.Context, error) { return nil, codecs.ErrUnavailable }

// fault is a scenario whose FAULT_AT-th worker in a script does what FAULT says
// in its first slice, or with FAULT_EARLY set while it is prepared, and of which
// all others do a little work. One worker of a
// run is for the pilot run, so with one cell and FAULT_AT=3 one round is done.
// The workers count themselves in the folder FAULT_DIR, each by a lock that it
// has until it ends.
type fault struct{}

func (fault) Info() scenarios.Info { return scenarios.Info{Summary: "goes wrong", Iters: 20_000} }

func (fault) Prepare(_ context.Context, in scenarios.Input) (scenarios.Job, error) {
	dir := os.Getenv("FAULT_DIR")
	lock, err := lockedfile.Create(filepath.Join(dir, strconv.Itoa(os.Getpid())+".lock"))
	if err != nil {
		return nil, err
	}
	workers, err := filepath.Glob(filepath.Join(dir, "*.lock"))
	if err != nil {
		return nil, err
	}
	j := &faultJob{lock: lock, iters: in.Iters}
	if at := os.Getenv("FAULT_AT"); at == strconv.Itoa(len(workers)) {
		j.what = os.Getenv("FAULT")
		if os.Getenv("FAULT_EARLY") != "" {
			j.begun = 2
		}
	}
	return j, nil
}

type faultJob struct {
	lock  *lockedfile.File
	iters int
	what  string
	begun int
	sum   int
}

func (j *faultJob) Facts() scenarios.Facts { return scenarios.Facts{Items: 4} }

// Begin is called before the two passes of prepare, then before each warm-up and
// slice.
func (j *faultJob) Begin() { j.begun++ }

func (j *faultJob) Do(_, item int) error {
	for i := range j.iters {
		j.sum = j.sum*31 + i
	}
	if j.begun < 3 || j.what == "" {
		return nil
	}
	what := j.what
	j.what = ""
	fmt.Fprintln(os.Stderr, "fault: begins to", what)
	switch what {
	case "die":
		return signal(os.Getpid(), os.Kill)
	case "fail":
		return errors.New("the fault that was asked for")
	case "panic":
		panic("the fault that was asked for")
	case "exit":
		os.Exit(3)
	case "hang":
		time.Sleep(time.Hour)
	case "chatter":
		fmt.Println("Hello, world")
	case "run":
		return runMeanwhile()
	case "interrupt the program":
		// It stays at work until the program, which hears of the interrupt some
		// time or other, ends it.
		defer time.Sleep(time.Hour)
		return signal(os.Getppid(), os.Interrupt)
	case "kill the program":
		return signal(os.Getppid(), os.Kill)
	}
	return nil
}

// runMeanwhile runs the command line FAULT_RUN and writes what it says and how it
// ends to the file meanwhile.
func runMeanwhile() error {
	words := strings.Fields(os.Getenv("FAULT_RUN"))
	said, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	return os.WriteFile("meanwhile", fmt.Appendf(said, "%v\n", err), 0o666)
}

func signal(pid int, s os.Signal) error {
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	return p.Signal(s)
}

func (j *faultJob) Checksum() uint64 { return 7 }
func (j *faultJob) Close() error     { return nil }
