package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/harness/analyze"
	"zstdshop/harness/machine"
	"zstdshop/harness/measure"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

// shardFlags say which part of a matrix is measured.
type shardFlags struct {
	shard plan.Shard // zero: none
	of    int        // the index is that of an Indexed Job; 0: none
}

func (s *shardFlags) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.Var(&setting[plan.Shard]{&s.shard, "index/count", "", plan.ParseShard}, "shard", "only this part of the matrix, such as 2/5, a --budget for each unit of it; report puts the parts together")
	f.Var(&setting[int]{&s.of, "count", "", shardCount}, "shards", "the same with the index of a Kubernetes Indexed Job, $"+completionIndex+", which is from 0")
	suggest(cmd, "shard", "1/2", "2/2")
	suggest(cmd, "shards")
}

// completionIndex is the variable in which Kubernetes tells a pod of an Indexed Job
// which one it is.
const completionIndex = "JOB_COMPLETION_INDEX"

func shardCount(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > plan.MaxShards {
		return 0, fmt.Errorf("want a count from 1 to %d", plan.MaxShards)
	}
	return n, nil
}

// asked returns the shard that is asked for; the zero one where none is.
func (s *shardFlags) asked(getenv func(string) string) (plan.Shard, error) {
	if s.of == 0 {
		return s.shard, nil
	}
	if s.shard.Of != 0 {
		return plan.Shard{}, errors.New("--shard and --shards both say which part of the matrix: drop one of them")
	}
	text := getenv(completionIndex)
	if text == "" {
		return plan.Shard{}, fmt.Errorf("--shards %d takes the index from $%s, which is not set: name the part with --shard 1/%d", s.of, completionIndex, s.of)
	}
	index, err := strconv.Atoi(text)
	if err != nil || index < 0 || index >= s.of {
		return plan.Shard{}, fmt.Errorf("--shards %d: $%s is %q: want an index from 0 to %d, as the job's completions: %d make it", s.of, completionIndex, text, s.of-1, s.of)
	}
	return plan.Shard{Index: index + 1, Of: s.of}, nil
}

// ofWhole refuses what only a whole matrix can answer.
func (s *shardFlags) ofWhole(out *output) error {
	if (s.shard.Of > 0 || s.of > 0) && (len(out.goals) > 0 || len(out.questions) > 0) {
		return errors.New("--recommend and --question are about the whole matrix: ask them of `zstdshop report` with the results of all shards")
	}
	return nil
}

// runShard measures the units of a shard one after another, each as a run of its own, and
// returns what they come to, with an error what there is of it.
func (a *app) runShard(ctx context.Context, p *plan.Plan, shard plan.Shard) (*result.Result, error) {
	mine, about := shard.Cut(p.Units())
	begun := time.Now()
	var parts []*result.Result
	var names []string
	var ended error
	for i, u := range mine {
		fmt.Fprintf(a.stderr, "zstdshop: unit %d of %d of shard %d/%d: %s\n", i+1, len(mine), shard.Index, shard.Of, printable(u.Name))
		r, err := a.run(ctx, a.request(u.Plan, time.Now()))
		if r != nil {
			parts, names = append(parts, r), append(names, u.Name)
		}
		if err != nil {
			ended = shardEnded(u, err)
			break
		}
	}
	r, err := a.joined(parts, names, p, begun)
	if err != nil {
		return nil, errors.Join(ended, err)
	}
	r.Shard = about
	r.Warnings = append(r.Warnings, p.Warnings...)
	return r, ended
}

// joined is one result of those of units; of none it says which program on which machine
// had nothing to do.
func (a *app) joined(parts []*result.Result, names []string, p *plan.Plan, begun time.Time) (*result.Result, error) {
	if len(parts) > 0 {
		return analyze.Merge(parts, names)
	}
	r := &result.Result{Schema: result.Schema, Machine: machine.Current(), Build: measure.CurrentBuild(a.reg, nil),
		Cells: []result.CellResult{}, Comparisons: []result.Comparison{}, Warnings: []result.Warning{}}
	r.Plan = result.PlanInfo{Args: a.args, Method: result.Method, Precision: p.Precision, Delta: p.Delta, Confidence: 0.95, Started: begun.UTC().Truncate(time.Millisecond), Complete: true}
	return r, nil
}

// shardEnded says why a shard ended with a unit. It is not gone on with: it would be one
// run of several.
func shardEnded(u plan.Unit, err error) error {
	if interrupted, ok := errors.AsType[*exitError](err); ok && interrupted.status == exitInterrupted {
		return &exitError{exitInterrupted, errors.New("interrupted; the units before this one are finished and exported: give the same command again for the whole shard")}
	}
	return fmt.Errorf("unit %s: %w", u.Name, err)
}

// lacking is exit status 1 where a result lacks units of the matrix it is a part of, and
// says which.
func lacking(r *result.Result, missing []string) error {
	if len(missing) == 0 {
		return nil
	}
	var errs []error
	for _, text := range missing {
		errs = append(errs, errors.New(text))
	}
	return &exitError{exitFailed, errors.Join(errs...)}
}
