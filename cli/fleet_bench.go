package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/spf13/cobra"

	"zstdshop/fleet"
	"zstdshop/harness/analyze"
	"zstdshop/harness/journal"
	"zstdshop/harness/plan"
	"zstdshop/harness/result"
)

// fleetFlags are the flags of bench that say which machines measure.
type fleetFlags struct {
	connectFlags
	servers, hosts, run string
	on                  map[string]string
	mixed               bool
	local               []journal.Arm // the languages of the local agent
	wait                time.Duration
}

// localFleet is the value of --fleet that needs no server.
const localFleet = "local"

func (f *fleetFlags) flags(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.hosts, f.wait = "spread", 5*time.Minute
	servers := func(text string) (string, error) {
		if text == localFleet {
			return text, nil
		}
		servers, err := parseServers(text)
		if err != nil {
			err = fmt.Errorf("%w, or local for this machine alone", err)
		}
		return servers, err
	}
	flags.Var(&setting[string]{&f.servers, "URL", "", servers}, "fleet", "measure on the agents of a NATS server, nats://HOST, each unit with a budget of its own; local is this machine alone (docs/fleet.md)")
	choice(cmd, &f.hosts, "hosts", "choice", "how", "with --fleet: spread the units over agents of one kind of machine, or have each measure all", "spread", "each")
	flags.Var(&setting[map[string]string]{&f.on, "NAME=VALUE,..", "", fleet.ParseLabels}, "on", "with --fleet: only agents with these labels; all have agent, host, os, arch and fingerprint")
	flags.BoolVar(&f.mixed, "mixed", false, "with --fleet: also agents of other programs, and units over machines of several kinds")
	flags.Var(span(&f.wait), "wait", "with --fleet: how long nobody may be there to measure a unit before it is given up")
	flags.StringVar(&f.run, "run", "", "with --fleet and --resume: the `ID` of the run to go on with (default the newest)")
	f.connectFlags.flags(cmd)
	suggest(cmd, "fleet", localFleet, "nats://")
	suggest(cmd, "on", "arch=", "agent=", "fingerprint=", "pool=")
	suggest(cmd, "run")
}

// needFleet names a flag that says nothing without --fleet; "" where there is none.
func (f *fleetFlags) needFleet(cmd *cobra.Command) string {
	for _, name := range append([]string{"hosts", "on", "mixed", "wait", "run"}, connectFlagNames...) {
		if cmd.Flags().Changed(name) {
			return name
		}
	}
	return ""
}

// startFleet is bench on a fleet.
func (a *app) startFleet(ctx context.Context, f *fleetFlags, out *output, p *plan.Plan) error {
	if f.servers == localFleet {
		for _, w := range p.Workers {
			f.local = append(f.local, journal.Arm{Name: w.Name, Argv: w.Argv})
		}
	}
	return a.finishFleet(ctx, f, out, p)
}

// resumeFleet goes on with a run of the server's, which may have been begun on another
// machine: its result is shown as the flags given now say.
func (a *app) resumeFleet(cmd *cobra.Command, f *fleetFlags, out *output) error {
	if f.servers == localFleet {
		return errors.New("a fleet of this machine alone ends with its controller: drop --resume, or name a NATS server")
	}
	allowed := slices.Concat([]string{"resume", "fleet", "run", "wait"}, connectFlagNames, shownBy)
	if fixed := notAmong(cmd.Flags(), allowed...); fixed != "" {
		return fmt.Errorf("--resume goes on with the matrix of the interrupted run: drop %s, or drop --resume to start a new one", fixed)
	}
	return a.finishFleet(cmd.Context(), f, out, nil)
}

func (a *app) finishFleet(ctx context.Context, f *fleetFlags, out *output, p *plan.Plan) error {
	nc, stop, err := a.joinFleet(ctx, f)
	if err != nil {
		return err
	}
	return errors.Join(a.controlFleet(ctx, f, out, nc, p), stop())
}

// dryFleet prints what a plan is on a fleet; nothing where it is not for one.
func (a *app) dryFleet(f *fleetFlags, p *plan.Plan) error {
	if f.servers == "" {
		return nil
	}
	n := len(p.Units())
	_, err := fmt.Fprintf(a.stdout, "on a fleet: %s of at most %v each, %v in all\n", result.Plural(n, "unit"), p.Budget, time.Duration(n)*p.Budget)
	return err
}

// joinFleet connects to the server, which it starts with an agent where the fleet is
// local.
func (a *app) joinFleet(ctx context.Context, f *fleetFlags) (*nats.Conn, func() error, error) {
	if f.servers != localFleet {
		nc, err := f.connect(f.servers, fleet.ControllerInbox, a.logFleet)
		if err != nil {
			return nil, nil, err
		}
		return nc, func() error { nc.Close(); return nil }, nil
	}
	nc, end, err := fleet.Local(ctx)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ready, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- a.runAgent(ctx, nc, fleet.Agent{Name: localFleet, Ready: ready}, f.local, "")
	}()
	stop := func() error {
		cancel()
		err := <-ended
		if errors.Is(err, context.Canceled) {
			err = nil
		}
		return errors.Join(err, end())
	}
	select {
	case <-ready:
		return nc, stop, nil
	case err := <-ended:
		cancel()
		return nil, nil, errors.Join(err, end())
	}
}

// controlFleet measures a plan on a fleet and shows the result, of a run that was
// interrupted what there is of it. p is nil where a run is gone on with. The run is taken
// off the server when all that was asked for is written.
func (a *app) controlFleet(ctx context.Context, f *fleetFlags, out *output, nc *nats.Conn, p *plan.Plan) error {
	hub, err := fleet.Open(ctx, nc)
	if err != nil {
		return err
	}
	logErrors(nc, a.logFleet)
	state, err := journal.StateDir(a.getenv)
	if err != nil {
		return err
	}
	bar := a.newProgress()
	c := &fleet.Controller{Hub: hub, Log: a.logFleet, Progress: bar.fleet, Wait: f.wait}
	var s *fleet.Session
	if p == nil {
		s, err = c.Resume(ctx, f.run)
	} else {
		s, err = c.Begin(ctx, fleet.Job{Units: p.Units(), Warnings: p.Warnings, Args: a.args, Program: fleet.ThisProgram(a.reg),
			Each: f.hosts == "each", On: f.on, Mixed: f.mixed})
	}
	if err != nil {
		return err
	}
	c.Dir = filepath.Join(state, "fleet", s.Run.ID)
	collected, err := s.Collect(ctx)
	bar.end()
	stays := fmt.Sprintf("finished units are in %s", c.Dir)
	if f.servers != localFleet {
		stays += fmt.Sprintf(", the run stays on the server: `zstdshop bench --fleet %s --resume --run %s` goes on, here or elsewhere", f.servers, s.Run.ID)
	}
	if ctx.Err() != nil {
		r, mergeErr := a.mergeFleet(s, collected)
		return out.unfinished(a, r, errors.Join(&exitError{exitInterrupted, errors.New("interrupted; " + stays)}, mergeErr))
	}
	if err != nil {
		return err
	}
	r, err := a.mergeFleet(s, collected)
	if err != nil {
		return err
	}
	outcome := unitsOf(r)
	if r != nil {
		err := out.writeMeasured(a, r)
		if err != nil && !errors.Is(err, analyze.ErrGoal) {
			return fmt.Errorf("%w; %s", err, stays)
		}
		outcome = cmp.Or(err, outcome)
	}
	return cmp.Or(s.End(ctx, collected), outcome)
}

// mergeFleet puts the results of units into one; nil of none.
func (a *app) mergeFleet(s *fleet.Session, c *fleet.Collected) (*result.Result, error) {
	if c == nil || len(c.Files) == 0 {
		return nil, nil
	}
	var all []*result.Result
	var names []string
	for _, f := range c.Files {
		r, err := a.readFile(f.Path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		all, names = append(all, r), append(names, "unit "+f.Unit+" on agent "+f.Agent)
	}
	tellAgentsApart(all, c.Files)
	r, err := analyze.Merge(all, names)
	if err != nil {
		return nil, err
	}
	r.Plan.Args, r.Plan.Others = s.Args(), nil
	r.Warnings = append(r.Warnings, s.Warnings()...)
	for _, why := range c.Missing {
		r.Warnings = append(r.Warnings, result.Warning{Code: "unit_missing", Text: "a unit has no result: " + why})
	}
	return r, nil
}

// tellAgentsApart has a machine called by its agent where it has no name, or where another
// agent has measured the same there: as hosts they would be one.
func tellAgentsApart(all []*result.Result, files []fleet.File) {
	type measured struct{ host, fingerprint, unit string }
	id := func(i int) measured {
		m := all[i].Machine
		return measured{m.Host, m.Fingerprint, files[i].Unit}
	}
	times := map[measured]int{}
	for i := range all {
		times[id(i)]++
	}
	var shared []measured // without units
	for one, n := range times {
		if n > 1 {
			one.unit = ""
			shared = append(shared, one)
		}
	}
	for i, r := range all {
		one := id(i)
		one.unit = ""
		if r.Machine.Host == "" || slices.Contains(shared, one) {
			r.Machine.Host = files[i].Agent
		}
	}
}

// unitsOf is the outcome of a fleet: a unit without a result makes the exit status, as a
// failed cell does. r is nil where no unit has one.
func unitsOf(r *result.Result) error {
	if r == nil {
		return &exitError{exitFailed, errors.New("no unit has a result")}
	}
	if slices.ContainsFunc(r.Warnings, func(w result.Warning) bool { return w.Code == "unit_missing" }) {
		return &exitError{status: exitFailed}
	}
	return failedCells(r)
}

// fleet shows how far the run of a fleet is.
func (p *progress) fleet(s fleet.State) {
	if s.Elapsed < p.next {
		return
	}
	text := fmt.Sprintf("%d of %d units done, %d of %d agents at work, about %v to go", s.Done, s.Units, s.Busy, s.Agents, s.Left.Round(time.Second))
	if s.Given > 0 {
		text += fmt.Sprintf(", %d given up", s.Given)
	}
	if p.columns == nil {
		p.next = s.Elapsed + lineEvery
		fmt.Fprintln(p.w, text)
		return
	}
	p.next = s.Elapsed + frameEvery
	p.draw(text)
}
