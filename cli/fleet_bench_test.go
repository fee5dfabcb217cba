package cli

import (
	"testing"

	"zstdshop/fleet"
	"zstdshop/harness/machine"
	"zstdshop/harness/result"
)

// Two agents of one machine are told apart where both have measured a unit, and the machine
// keeps its name where they have shared the units.
func TestTellAgentsApart(t *testing.T) {
	type part struct{ host, fingerprint, unit, agent, want string }
	for name, parts := range map[string][]part{
		"spread":          {{"h", "f", "1", "a", "h"}, {"h", "f", "2", "b", "h"}},
		"each, two hosts": {{"h", "f", "1", "a", "h"}, {"i", "f", "1", "b", "i"}},
		"each, two kinds": {{"h", "f", "1", "a", "h"}, {"h", "g", "1", "b", "h"}},
		"each, one host":  {{"h", "f", "1", "a", "a"}, {"h", "f", "1", "b", "b"}, {"h", "f", "2", "a", "a"}, {"i", "f", "1", "c", "i"}},
		"without a name":  {{"", "f", "1", "a", "a"}, {"", "f", "2", "a", "a"}},
	} {
		var all []*result.Result
		var files []fleet.File
		for _, p := range parts {
			all = append(all, &result.Result{Machine: machine.Info{Host: p.host, Fingerprint: p.fingerprint}})
			files = append(files, fleet.File{Unit: p.unit, Agent: p.agent})
		}
		tellAgentsApart(all, files)
		for i, p := range parts {
			if got := all[i].Machine.Host; got != p.want {
				t.Errorf("%s: unit %s of agent %s is of host %s, want %s", name, p.unit, p.agent, got, p.want)
			}
		}
	}
}
