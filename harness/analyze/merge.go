package analyze

import (
	"fmt"
	"slices"

	"zstdshop/harness/result"
)

// Merge puts the cells of several results into one. names tell them apart in
// errors and warnings, and are as many. What one result recommends is left out: the
// others have more to choose from. Of several machines the host becomes a key
// of each cell, so that nothing is compared across machines; of one machine a cell
// that two results have is an error, as are comparisons of two programs. Corpora of one
// name that are other data are told apart by their names. Shards of a matrix become the
// whole of it, or what is there of it (result.Missing).
func Merge(results []*result.Result, names []string) (*result.Result, error) {
	if len(results) == 1 {
		return results[0], nil
	}
	shard, err := joinShards(results, names)
	if err != nil {
		return nil, err
	}
	hosts := hostsOf(results)
	corpora, shared := dataOf(results, names)
	base := max(0, slices.IndexFunc(results, func(r *result.Result) bool { return len(r.Cells) > 0 })) // a shard may have none
	out := *results[base]
	out.Cells, out.Comparisons, out.Warnings, out.Recommendations = []result.CellResult{}, []result.Comparison{}, []result.Warning{}, nil
	out.Answers, out.Shard = nil, shard
	from := map[string]string{}
	sayers, said := sayersOf(results), map[result.Warning]bool{}
	for i, r := range results {
		if r.Sides != nil {
			return nil, fmt.Errorf("%s holds two sides against each other: only results of bench can be put together", names[i])
		}
		renamed := map[string]string{}
		for _, c := range r.Cells {
			c.Host = hosts.nameOf(i, c.Host)
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
			if w.Cell == "" && sayers[w] < len(results) {
				w.Text = names[i] + ": " + w.Text
			}
			if w.Cell != "" || !said[w] {
				out.Warnings = append(out.Warnings, w)
			}
			said[w] = true
		}
		if i != base {
			joinPlan(&out.Plan, r.Plan)
		}
	}
	for _, name := range corpora {
		out.Warnings = append(out.Warnings, shared[name].warnings(name)...)
	}
	hosts.describe(&out)
	inMatrixOrder(&out)
	return &out, nil
}

// sayersOf counts how many results have each warning of a run.
func sayersOf(results []*result.Result) map[result.Warning]int {
	n := map[result.Warning]int{}
	for _, r := range results {
		once := map[result.Warning]bool{}
		for _, w := range r.Warnings {
			if w.Cell == "" && !once[w] {
				once[w] = true
				n[w]++
			}
		}
	}
	return n
}

// joinPlan adds another run's plan to the first one's.
func joinPlan(p *result.PlanInfo, o result.PlanInfo) {
	for _, args := range append([][]string{o.Args}, o.Others...) {
		same := func(have []string) bool { return slices.Equal(have, args) }
		if !same(p.Args) && !slices.ContainsFunc(p.Others, same) {
			p.Others = append(slices.Clip(p.Others), args)
		}
	}
	p.Runs = max(p.Runs, 1) + max(o.Runs, 1)
	if p.Seed != o.Seed {
		p.Seed = 0 // none of all
	}
	p.Budget += o.Budget
	p.Elapsed += o.Elapsed
	p.Spent, p.Calm = nil, nil
	p.Complete = p.Complete && o.Complete
	p.Confidence = min(p.Confidence, o.Confidence)
	switch { // the reference is in one unit of a matrix, and on each of several machines
	case p.Reference == "":
		p.Reference = o.Reference
	case o.Reference != "" && o.Reference != p.Reference:
		p.Reference = ""
	}
	if o.Started.Before(p.Started) || p.Started.IsZero() {
		p.Started = o.Started
	}
}
