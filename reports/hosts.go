package reports

import (
	"fmt"

	"zstdshop/harness/result"
)

// onHosts says on which machines something is that is said of several together; "" where
// it is not of several.
func onHosts(r *result.Result, hosts []string) string {
	if len(hosts) < 2 {
		return ""
	}
	kinds := result.GroupBy(mapped(hosts, func(name string) result.Host { return r.HostOf(result.Cell{Host: name}) }), result.Host.Kind)
	if len(kinds) > 1 {
		return fmt.Sprintf(" over all %d machines of %d kinds", len(hosts), len(kinds))
	}
	return fmt.Sprintf(" on %d machines with %s", len(hosts), kinds[0][0].Machine.CPU)
}

// onFirstHost are the cells of the machine of the first.
func onFirstHost(cells []*result.CellResult) (first []*result.CellResult) {
	for _, c := range cells {
		if c.Host == cells[0].Host {
			first = append(first, c)
		}
	}
	return first
}

// cellsAnywhere are cells by the names that they have on any machine, for advice about
// several, which has the speed of what it says to take; others are without one.
func cellsAnywhere(cells map[string]*result.CellResult, a result.Advice) map[string]*result.CellResult {
	all := map[string]*result.CellResult{}
	for _, c := range cells {
		one := *c
		one.Host, one.MBPerS = "", nil
		one.Name = one.Cell.Name()
		if one.Name == a.Cell {
			one.MBPerS = a.MBPerS
		}
		all[one.Name] = &one
	}
	return all
}
