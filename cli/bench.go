package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zstdshop/harness/analyze"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

// resumer goes on with a run that was interrupted; flags and o are those given now.
type resumer func(ctx context.Context, flags *pflag.FlagSet, o *options, begun time.Time) error

func (a *app) bench(resumed resumer) *cobra.Command {
	cmd, _ := a.benchCommand(resumed)
	return cmd
}

// benchCommand is told how to go on with a run: it ends as the command that began it
// does, which need not be this one.
func (a *app) benchCommand(resumed resumer) (*cobra.Command, *output) {
	o, on := newOptions(benchMatrix), new(fleetFlags)
	o.delta = analyze.LeadDelta
	out := new(output)
	var dryRun, resume bool
	var file string
	var shards shardFlags
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "measure a matrix of scenarios, codecs, levels, runners and corpora",
		Long: `Measures every cell of the matrix that the flags span and prints a table.

Without flags: klauspost and datadog at levels 1 and 3 under single, pool and
gomaxprocs1, compressing and decompressing 1 MiB of JSON logs in 64 KiB blocks,
with memcpy as the ceiling, within a minute.

--shard 2/5 measures the second of five parts of the matrix, cut so that all that is
compared is in one part, with --budget for each unit: a scenario on a corpus at a
block size. zstdshop report puts the parts together.

--recommend takes what to look for (speed, size or balanced) and bounds to keep. Of bounds
alone it looks for the best ratio that keeps them where all are speeds of scenarios
('compress>=100MB/s'), else for the most speed ('p99<1ms').

A flag with several values between commas makes an axis of the matrix. A value
that has a comma itself goes in double quotes: --corpus '"a,b.log",c.log'.

Results go to standard output, all else to standard error. The run is saved as
it goes: an interrupt prints and exports what was finished, report shows it again
and bench --resume measures the rest.

Exit status: 0 done; 1 a cell failed, or none was measured; 2 wrong usage or the
tool itself failed; 130 interrupted, finished work is saved.`,
		Example: `  zstdshop bench
  zstdshop bench --corpus access.log,./dumps --codec klauspost@1,klauspost@3,datadog@3 --block 16KiB
  zstdshop bench --scenario compress --runner single,pool --workers 1,2,4 --budget 2m --export report.md
  tar c src | zstdshop bench --corpus - --format json > result.json
  zstdshop bench --scenario cpuburn --runner single,pool,gomaxprocs1 --workers 4
  zstdshop bench --scenario shop --endpoint compress,v1-compress --runner pool --workers 2,8 --block 16KiB
  zstdshop bench --scenario shop --endpoint v1-compress --rate 500,1000 --runner pool --workers 16
  zstdshop bench --codec klauspost --env GOGC=50,100,400 --gomaxprocs 1,2 --runner pool
  zstdshop bench --scenario cpuburn --runner single,pool --workers 2 --worker python=python3
  zstdshop bench --preset gil
  zstdshop bench --preset threads --workers 4
  zstdshop bench --preset switch
  zstdshop bench --corpus access.log --records lines --codec klauspost,s2
  zstdshop bench --dry-run --level 1,3,9,19
  zstdshop bench --fleet local
  zstdshop bench --fleet nats://hub.example --hosts each --on pool=ci --export fleet.json
  zstdshop bench --dry-run --shard 2/5 --block 4KiB,64KiB,1MiB
  zstdshop bench --resume --budget 1m`,
		Args: noArguments("data is named by a flag, as in --corpus access.log"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			begun := time.Now()
			if err := out.check(a.reg); err != nil {
				return err
			}
			shard, err := shards.asked(a.getenv)
			if err == nil && shard.Of > 0 && on.servers != "" {
				err = errors.New("--shard and --fleet both cut the matrix: drop one of them")
			}
			if err == nil {
				err = shards.ofWhole(out)
			}
			if err != nil {
				return err
			}
			if on.servers == "" {
				if flag := on.needFleet(cmd); flag != "" {
					return fmt.Errorf("--%s says how to measure on a fleet: add --fleet nats://HOST, or drop it", flag)
				}
			}
			if resume && on.servers != "" {
				return a.resumeFleet(cmd, on, out)
			}
			if resume {
				return resumed(cmd.Context(), cmd.Flags(), o, begun)
			}
			p, err := a.benchPlan(cmd, o, file, out.preset)
			if err != nil {
				return err
			}
			if err := out.questions.check(p.Cells, a.reg); err != nil {
				return err
			}
			if err := out.canRecommend(a.reg, p.Cells); err != nil {
				return err
			}
			if dryRun {
				return errors.Join(a.dryBench(p, shard), a.dryFleet(on, p))
			}
			if on.servers != "" {
				return a.startFleet(cmd.Context(), on, out, p)
			}
			var r *result.Result
			if shard.Of > 0 {
				r, err = a.runShard(cmd.Context(), p, shard)
			} else {
				r, err = a.run(cmd.Context(), a.request(p, begun))
			}
			if err != nil {
				return out.unfinished(a, r, err)
			}
			return a.endBench(out, r)
		},
	}
	f := cmd.Flags()
	f.SortFlags = false
	o.flags(cmd, a.reg)
	out.whole = true
	out.flags(cmd)
	out.viewFlags(cmd)
	choice(cmd, &out.preset, "preset", "preset", "NAME", "a matrix with a NAME: "+presetHelp(), presetNames()...)
	f.StringVar(&file, "matrix", "", "`FILE` of cells in the place of the flags that name them (docs/gate.md)")
	shards.flags(cmd)
	f.BoolVar(&dryRun, "dry-run", false, "show the cells and the expected time, measure nothing")
	f.BoolVar(&resume, "resume", false, "go on with the last run, which was interrupted")
	on.flags(cmd)
	return cmd, out
}

// endBench shows the result; a failed cell makes the exit status.
func (a *app) endBench(out *output, r *result.Result) error {
	if err := out.writeMeasured(a, r); err != nil {
		return err
	}
	return failedCells(r)
}

// benchPlan returns the plan of the flags, of a preset, or of a file.
func (a *app) benchPlan(cmd *cobra.Command, o *options, file, name string) (*plan.Plan, error) {
	p := o.plan(cmd, a)
	switch {
	case file != "" && name != "":
		return nil, errors.New("--matrix and --preset both name the cells: drop one of them")
	case file != "" && len(o.asked) > 0:
		return nil, errors.New("--matrix names the cells: drop the flags that name others")
	case file != "":
		p.File, p.FileFlag, p.Defaults = file, "matrix", gateMatrix
	case name != "":
		preset := presets[slices.Index(presetNames(), name)]
		p.Defaults, a.live = with(p.Defaults, preset.matrix), preset.live
		if !p.BudgetAsked {
			p.Budget = preset.budget
		}
	default:
		p.Ceiling = ceilingMatrix
	}
	return p.Resolve(cmd.Context(), a.reg)
}

// dryBench prints what would be measured, of one shard where one is asked for.
func (a *app) dryBench(p *plan.Plan, shard plan.Shard) error {
	sum := ""
	if shard.Of > 0 {
		all := p.Units()
		mine, _ := shard.Cut(all)
		part := *p
		part.Cells = nil
		for _, u := range mine {
			part.Cells = append(part.Cells, u.Cells...)
		}
		p = &part
		sum = fmt.Sprintf("; shard %d/%d has %d of %s, at most %v each, so at most %v in all", shard.Index, shard.Of,
			len(mine), result.Plural(len(all), "unit"), p.Budget, time.Duration(len(mine))*p.Budget)
		p.Budget *= time.Duration(len(mine))
	}
	groups := map[string]bool{}
	for _, c := range p.Cells {
		groups[c.Group()] = true
	}
	unavailable := func(c result.Cell) string {
		if codec, _, _ := a.reg.Infos(c.Codec, "", ""); codec.Unavailable != "" {
			return "  (unavailable: " + codec.Unavailable + ")"
		}
		return ""
	}
	return a.dryRun(p, unavailable, fmt.Sprintf("%s in %s that are compared; at most %v, about %v a cell; less where +-%.3g %% is reached sooner%s\n"+
		"only the run can tell how fast they are: a cell that is too slow for the budget is left out, and a budget that is enough is named",
		result.Plural(len(p.Cells), "cell"), result.Plural(len(groups), "group"), p.Budget,
		(p.Budget/time.Duration(max(len(p.Cells), 1))).Round(10*time.Millisecond), 100*p.Precision, sum))
}
