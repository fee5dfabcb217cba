package measure

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"zstdshop/harness/result"
	"zstdshop/harness/worker"
	"zstdshop/internal/tool"
)

// Processes launches workers as child processes.
type Processes struct {
	// Argv is the worker's command line; empty: this program's own worker.
	Argv []string
	// Timeout is how long a worker may be silent before it is taken for hung.
	Timeout time.Duration
}

// Start runs the command with the environment, GOMAXPROCS and affinity of spec.
func (l Processes) Start(ctx context.Context, spec Spawn) (WorkerConn, error) {
	cmd, err := l.command(spec)
	if err != nil {
		return nil, err
	}
	cmd.Env = append(tool.Environ(), "GOMAXPROCS="+strconv.Itoa(spec.GOMAXPROCS))
	cmd.Env = append(cmd.Env, spec.Env...)
	stderr := &excerpt{}
	cmd.Stderr = stderr
	ownGroup(cmd)
	stdin, inErr := cmd.StdinPipe()
	stdout, outErr := cmd.StdoutPipe()
	if err := errors.Join(inErr, outErr); err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	if err := startChild(cmd, spec.CPUs); err != nil {
		return nil, fmt.Errorf("start worker %s: %w", cmd.Args[0], NotRunnable(cmd.Path, err))
	}
	return &process{
		cmd: cmd, stdin: stdin, stderr: stderr,
		talk: converse(stdout, stdin, l.Timeout),
	}, nil
}

// command is the command line of a worker: that of spec, of l, or this program's.
func (l Processes) command(spec Spawn) (*exec.Cmd, error) {
	argv := l.Argv
	if len(spec.Argv) > 0 {
		argv = spec.Argv
	}
	if len(argv) == 0 {
		return selfCommand()
	}
	return exec.Command(argv[0], argv[1:]...), nil
}

// Greet starts a worker by argv, waits for its hello and ends it. The error
// wraps ErrUnusable where it speaks none of the protocol's versions that this
// program does.
func (l Processes) Greet(ctx context.Context, argv []string) error {
	conn, err := l.Start(ctx, Spawn{Argv: argv, GOMAXPROCS: 1})
	if err != nil {
		return err
	}
	defer conn.Kill()
	p := conn.(*process)
	m, err := p.talk.expect(ctx, worker.TypeHello)
	if err != nil {
		return p.lost(ctx, err)
	}
	if slices.ContainsFunc(worker.Versions, func(v int) bool { return slices.Contains(m.Hello.Versions, v) }) {
		return nil
	}
	return fmt.Errorf("%w protocol: it speaks versions %v of the worker protocol, this program %v", result.ErrUnusable, m.Hello.Versions, worker.Versions)
}

// process is a worker in a child process.
type process struct {
	cmd    *exec.Cmd
	stdin  io.Closer
	stderr *excerpt
	talk   *conversation
	ended  bool
}

func (p *process) Prepare(ctx context.Context, m worker.Prepare) (worker.Ready, error) {
	r, err := p.talk.prepare(ctx, m)
	return r, p.lost(ctx, err)
}

func (p *process) Hello() worker.Hello { return p.talk.said }

func (p *process) Greeted() time.Time { return p.talk.greeted }

func (p *process) Slice(ctx context.Context, s worker.Slice) (worker.Sample, worker.Idle, error) {
	sample, idle, err := p.talk.slice(ctx, s)
	return sample, idle, p.lost(ctx, err)
}

func (p *process) Close(ctx context.Context) (worker.Bye, error) {
	bye, err := p.talk.bye(ctx)
	if err != nil {
		return bye, p.lost(ctx, err)
	}
	p.stdin.Close()
	timer := time.AfterFunc(p.talk.timeout, p.kill)
	defer timer.Stop()
	for range p.talk.incoming { // until its end of the pipe is closed
	}
	p.ended = true
	if err := p.cmd.Wait(); err != nil {
		return bye, &WorkerError{fmt.Errorf("worker after bye: %w", err), p.stderr.String()}
	}
	return bye, nil
}

func (p *process) Kill() {
	if p.ended {
		return
	}
	p.ended = true
	p.kill()
	p.stdin.Close()
	for range p.talk.incoming {
	}
	p.cmd.Wait()
}

// kill ends the worker and whatever it started.
func (p *process) kill() { killGroup(p.cmd) }

// lost turns an error into one that says how the worker ended and what it said
// last. After it the process is gone.
func (p *process) lost(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		p.Kill()
		return context.Cause(ctx)
	}
	if errors.Is(err, ErrHung) || errors.Is(err, worker.ErrNonsense) || p.ended {
		p.Kill()
		return &WorkerError{err, p.stderr.String()}
	}
	// It ended, or is ending, by itself: give it a moment to do so.
	timer := time.AfterFunc(time.Second, p.kill)
	p.stdin.Close()
	for range p.talk.incoming {
	}
	p.ended = true
	waitErr := p.cmd.Wait()
	timer.Stop()
	if how := ending(waitErr); how != "" && !strings.Contains(err.Error(), how) {
		err = fmt.Errorf("%w (%s)", err, how)
	}
	return &WorkerError{err, p.stderr.String()}
}

// ending says how a process ended where that is more than an exit of its own.
func ending(err error) string {
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() == 1 { // it has told its reason by an error message
		return ""
	}
	return exit.String()
}
