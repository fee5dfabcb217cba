package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/fleet"
)

func (a *app) fleetList() *cobra.Command {
	var f connectFlags
	var servers string
	cmd := &cobra.Command{
		Use:   "fleet",
		Short: "list the agents of a NATS server, what they are and what they do",
		Long: `Lists the agents that wait for work of a NATS server or do some, and the runs that are
not over. It also makes the server's streams where they are not there yet.

Exit status: 0 done; 2 wrong usage, or the server cannot be reached or refuses.`,
		Example: `  zstdshop fleet --connect nats://hub.example`,
		Args:    noArguments("the server is named by a flag, as in --connect nats://HOST"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			nc, err := f.connect(servers, fleet.ControllerInbox, a.logFleet)
			if err != nil {
				return err
			}
			defer nc.Close()
			hub, err := fleet.Open(cmd.Context(), nc)
			if err != nil {
				return err
			}
			logErrors(nc, a.logFleet)
			return a.listFleet(cmd.Context(), hub, time.Now())
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().Var(&setting[string]{&servers, "URL", "", parseServers}, "connect", "the NATS server, nats://HOST, or several of a cluster between commas")
	f.flags(cmd)
	suggest(cmd, "connect", "nats://")
	cmd.MarkFlagRequired("connect")
	return cmd
}

func (a *app) listFleet(ctx context.Context, hub *fleet.Hub, now time.Time) error {
	agents, err := hub.Agents(ctx, a.logFleet)
	if err != nil {
		return err
	}
	runs, err := hub.Runs(ctx, a.logFleet)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(a.stdout, 0, 8, 2, ' ', 0)
	for _, p := range agents {
		m := p.Machine
		does := "waits"
		if p.Work.Unit != "" {
			does = fmt.Sprintf("run %s: %s, %v of %v", p.Work.Run, p.Work.Name, time.Duration(p.Work.Elapsed).Round(time.Second), time.Duration(p.Work.Total).Round(time.Second))
		}
		labels := ""
		for _, key := range slices.Sorted(maps.Keys(p.Labels)) {
			labels += " " + key + "=" + p.Labels[key]
		}
		fmt.Fprintf(w, "agent\t%s\t%s\n", printable(p.Agent), printable(fmt.Sprintf("%s/%s, %s, %d CPUs, fingerprint %s, program %s, method %s%s; %s",
			m.OS, m.Arch, m.CPU, m.Usable, m.Fingerprint, p.Program.Version, p.Program.Method, labels, does)))
	}
	for _, r := range runs {
		who := "spread"
		if len(r.Agents) > 0 {
			who = fmt.Sprintf("on each of %d agents", len(r.Agents))
		}
		fmt.Fprintf(w, "run\t%s\t%d units %s, begun %v ago\n", r.ID, r.Units, who, now.Sub(r.Began).Round(time.Second))
	}
	if len(agents) == 0 {
		fmt.Fprintln(a.stderr, "no agent is there: start some with `zstdshop agent --connect URL`")
	}
	return w.Flush()
}
