package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/measure"
	"zstdshop/harness/result"
)

// resume goes on with the newest run, which must be incomplete and of this very
// program on this machine. What the run was told is settled, so it ends as the command
// that began it does.
func (a *app) resume(ctx context.Context, flags *pflag.FlagSet, o *options, begun time.Time) error {
	if fixed := notAmong(flags, append([]string{"resume", "budget", "timeout"}, shownBy...)...); fixed != "" {
		return fmt.Errorf("--resume goes on with the matrix of the interrupted run: drop %s, or drop --resume to start a new one", fixed)
	}
	state, err := journal.StateDir(a.getenv)
	if err != nil {
		return err
	}
	q, err := measure.Resumed(a.reg, state)
	if err != nil {
		return err
	}
	q.Begun = begun
	if flags.Changed("budget") {
		q.Budget = o.budget
	}
	if flags.Changed("timeout") {
		q.Timeout = o.timeout
	}
	end, out, err := a.endingOf(&q, flags)
	if err != nil {
		// Another program's flags need not be known here: that it is another one says more.
		return cmp.Or(q.CheckResumed(), fmt.Errorf("cannot resume: %w", err))
	}
	r, err := a.run(ctx, q)
	switch {
	case err != nil && out != nil:
		return out.unfinished(a, r, err)
	case err != nil:
		return err
	}
	return end(r)
}

// endingOf returns what the command that began a run does with its result, and how it
// shows one that was interrupted again; nil where it does not, as a gate, which says
// nothing of half a run. flags are those given now, which come after the command's own.
func (a *app) endingOf(q *measure.Request, flags *pflag.FlagSet) (func(*result.Result) error, *output, error) {
	command, args := "", q.Args
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch command {
	case "gate":
		cmd, g := a.gateCommand()
		if err := retold(cmd, args, q.Folder, flags, &g.out, &g.junit, &g.summary, &g.accepted); err != nil {
			return nil, nil, err
		}
		return func(r *result.Result) error { return a.endResumedGate(g, q, r) }, nil, nil
	case "compare":
		cmd, c := a.compareCommand()
		if err := retold(cmd, args, q.Folder, flags, &c.out); err != nil {
			return nil, nil, err
		}
		return func(r *result.Result) error { return a.endCompare(c, r) }, &c.out, nil
	}
	cmd, out := a.benchCommand(a.resume)
	if err := retold(cmd, args, q.Folder, flags, out); err != nil {
		return nil, nil, err
	}
	if cmd.Flags().Changed("shard") || cmd.Flags().Changed("shards") {
		return nil, nil, errors.New("the last run is one unit of a shard: give the command of the shard again, which measures all of its units")
	}
	return func(r *result.Result) error { return a.endBench(out, r) }, out, nil
}

// retold gives a command its flags again, as they were given in folder, and those of
// flags that say how a result is shown. paths are flags that name files.
func retold(cmd *cobra.Command, args []string, folder string, flags *pflag.FlagSet, out *output, paths ...*string) error {
	if err := cmd.ParseFlags(args); err != nil {
		return err
	}
	for i := range out.exports {
		paths = append(paths, &out.exports[i])
	}
	for _, path := range paths {
		*path = rooted(folder, *path)
	}
	var err error
	flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains(shownBy, f.Name) {
			return
		}
		values := []string{f.Value.String()}
		if several, ok := f.Value.(pflag.SliceValue); ok {
			values = several.GetSlice()
		}
		for _, value := range values {
			if setErr := cmd.Flags().Set(f.Name, value); setErr != nil {
				err = setErr
			}
		}
	})
	return err
}

// rooted is a path that was given in folder; "" stays.
func rooted(folder, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(folder, path)
}

// endResumedGate ends a gate with what it had found out before it was interrupted.
func (a *app) endResumedGate(g *gateFlags, q *measure.Request, r *result.Result) error {
	told := q.Gate
	if told.Stored != nil {
		path := rooted(q.Folder, told.Stored.Path)
		digest, err := digestOf(path)
		if err == nil && digest != told.Stored.Digest {
			err = fmt.Errorf("%s is not what it was when the gate began: run it again", path)
		}
		if err != nil {
			return &exitError{exitUnusable, fmt.Errorf("--base %w", err)}
		}
		stored, err := a.readFile(path)
		if err != nil {
			return &exitError{exitUnusable, fmt.Errorf("--base %s: %w", path, err)}
		}
		if r, err = heldAgainst(analyze.Source{Name: told.Stored.Path, Result: stored}, r, told.Limits); err != nil {
			return err
		}
	}
	return a.endGate(g, told, r)
}
