package analyze

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness/machine"
	"zstdshop/harness/result"
)

// mergedHosts are the machines of results that are put together, nil where it is one
// and the same.
type mergedHosts struct {
	all   []result.Host
	names []map[string]string // of each result, by the names that its own cells have
}

// hostsOf names the machines of results. Machines of one name are told apart by their
// fingerprints, those that do not say their name are numbered.
func hostsOf(results []*result.Result) *mergedHosts {
	m := mergedHosts{}
	type identity struct{ host, fingerprint string }
	of := make([][]result.Host, len(results))
	prints := map[string][]string{} // of a machine's name
	var several []identity
	for i, r := range results {
		of[i] = machinesOf(r)
		for _, h := range of[i] {
			id := identity{h.Machine.Host, h.Machine.Fingerprint}
			if !slices.Contains(several, id) {
				several = append(several, id)
				prints[id.host] = append(prints[id.host], id.fingerprint)
			}
		}
	}
	if len(several) < 2 {
		return nil
	}
	for i := range results {
		names := map[string]string{}
		for _, h := range of[i] {
			own := h.Name
			host, fingerprint := h.Machine.Host, h.Machine.Fingerprint
			h.Name = cmp.Or(host, fmt.Sprintf("machine%d", i+1))
			if n := slices.Index(prints[host], fingerprint); len(prints[host]) > 1 {
				h.Name = fmt.Sprintf("%s-%d", h.Name, n+1)
			}
			names[own] = h.Name
			if !slices.ContainsFunc(m.all, func(have result.Host) bool { return have.Name == h.Name }) {
				m.all = append(m.all, h)
			}
		}
		m.names = append(m.names, names)
	}
	return &m
}

// machinesOf are the machines that have cells of a result, under the names that these
// have.
func machinesOf(r *result.Result) (all []result.Host) {
	for i := range r.Cells {
		h := r.HostOf(r.Cells[i].Cell)
		if !slices.ContainsFunc(all, func(have result.Host) bool { return have.Name == h.Name }) {
			all = append(all, h)
		}
	}
	return all
}

// nameOf is the host that a cell of result i gets which had another name there.
func (m *mergedHosts) nameOf(i int, own string) string {
	if m == nil {
		return own
	}
	return m.names[i][own]
}

// describe says in a result which machines it is of.
func (m *mergedHosts) describe(r *result.Result) {
	if m == nil {
		return
	}
	r.Hosts = m.all
	first := m.all[0].Machine
	r.Machine = machine.Info{OS: first.OS, Arch: first.Arch}
	for _, h := range m.all {
		if h.Machine.OS != first.OS || h.Machine.Arch != first.Arch {
			r.Machine.OS, r.Machine.Arch = "", ""
		}
		r.Machine.CPUs = max(r.Machine.CPUs, h.Machine.CPUs)
		r.Machine.Usable = max(r.Machine.Usable, h.Machine.Usable)
	}
	r.Machine.CPU = "several (" + strings.Join(m.texts(), "; ") + ")"
}

// maxNamed is the largest number of machines that are named one by one.
const maxNamed = 6

// texts says what the machines are: each, or of many how many of a kind.
func (m *mergedHosts) texts() (parts []string) {
	if len(m.all) <= maxNamed {
		for _, h := range m.all {
			parts = append(parts, h.Name+": "+h.Machine.CPU)
		}
		return parts
	}
	for _, of := range result.GroupBy(m.all, result.Host.Kind) {
		parts = append(parts, fmt.Sprintf("%d of %s with %s", len(of), of[0].Machine.CPU, result.Plural(of[0].Machine.Usable, "usable CPU")))
	}
	return parts
}
