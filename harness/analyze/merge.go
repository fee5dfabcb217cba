package analyze

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness/result"
)

// Merge puts the cells of several results into one. names tell them apart in
// errors and warnings, and are as many. What one result recommends is left out: the
// others have more to choose from. Of several machines the host becomes a key
// of each cell, so that nothing is compared across machines; of one machine a cell
// that two results have is an error, as are comparisons of two programs. Corpora of one
// name that are other data are told apart by their names.
func Merge(results []*result.Result, names []string) (*result.Result, error) {
	if len(results) == 1 {
		return results[0], nil
	}
	hosts := hostsOf(results)
	corpora, shared := dataOf(results, names)
	out := *results[0]
	out.Cells, out.Comparisons, out.Warnings, out.Recommendations = nil, nil, nil, nil
	from := map[string]string{}
	var machines []string
	for i, r := range results {
		if r.Sides != nil {
			return nil, fmt.Errorf("%s holds two sides against each other: only results of bench can be put together", names[i])
		}
		renamed := map[string]string{}
		for _, c := range r.Cells {
			if hosts != nil {
				c.Host = hosts[i]
			}
			tellApart(&c, shared)
			before := c.Name
			c.Name = c.Cell.Name()
			renamed[before] = c.Name
			if other, ok := from[c.Name]; ok {
				return nil, fmt.Errorf("%s is in %s and in %s: leave one out, or hold them against each other with `zstdshop compare`", c.Name, other, names[i])
			}
			from[c.Name] = names[i]
			out.Cells = append(out.Cells, c)
		}
		for _, v := range r.Comparisons {
			v.Old, v.New = renamed[v.Old], renamed[v.New]
			out.Comparisons = append(out.Comparisons, v)
		}
		for _, w := range r.Warnings {
			w.Cell = renamed[w.Cell]
			if w.Cell == "" {
				w.Text = names[i] + ": " + w.Text
			}
			out.Warnings = append(out.Warnings, w)
		}
		if hosts != nil {
			if text := hosts[i] + ": " + r.Machine.CPU; !slices.Contains(machines, text) {
				machines = append(machines, text)
			}
			out.Machine.CPUs = max(out.Machine.CPUs, r.Machine.CPUs)
			out.Machine.Usable = max(out.Machine.Usable, r.Machine.Usable)
		}
		if i > 0 {
			joinPlan(&out.Plan, r.Plan)
		}
	}
	for _, name := range corpora {
		out.Warnings = append(out.Warnings, shared[name].warnings(name)...)
	}
	if hosts != nil {
		out.Machine.CPU, out.Machine.Host, out.Machine.Fingerprint = "several ("+strings.Join(machines, "; ")+")", "", ""
	}
	return &out, nil
}

// joinPlan adds another run's plan to the first one's.
func joinPlan(p *result.PlanInfo, o result.PlanInfo) {
	p.Others = append(append(slices.Clone(p.Others), o.Args), o.Others...)
	if p.Seed != o.Seed {
		p.Seed = 0 // none of all
	}
	p.Budget += o.Budget
	p.Elapsed += o.Elapsed
	p.Spent = nil
	p.Complete = p.Complete && o.Complete
	p.Confidence = min(p.Confidence, o.Confidence)
	if o.Started.Before(p.Started) || p.Started.IsZero() {
		p.Started = o.Started
	}
}

// hostsOf names the machine of each result, nil where it is one and the same.
// Machines of one name are told apart by their fingerprints.
func hostsOf(results []*result.Result) []string {
	prints := map[string][]string{} // of a host
	several := false
	for _, r := range results {
		m := r.Machine
		several = several || m.Fingerprint != results[0].Machine.Fingerprint || m.Host != results[0].Machine.Host
		if !slices.Contains(prints[m.Host], m.Fingerprint) {
			prints[m.Host] = append(prints[m.Host], m.Fingerprint)
		}
	}
	if !several {
		return nil
	}
	var names []string
	for i, r := range results {
		name := cmp.Or(r.Machine.Host, fmt.Sprintf("machine%d", i+1))
		if n := slices.Index(prints[r.Machine.Host], r.Machine.Fingerprint); len(prints[r.Machine.Host]) > 1 {
			name = fmt.Sprintf("%s-%d", name, n+1)
		}
		names = append(names, name)
	}
	return names
}
