package fleet

import (
	"fmt"

	"zstdshop/harness/result"
)

// belongs refuses a result that is none of a unit's, or of another machine or program than
// it should be: what an agent sends is looked at as a file of somebody else's would be.
func (u *Unit) belongs(o *Outcome, r *result.Result) error {
	cells := map[string]bool{}
	for _, c := range u.Cells {
		cells[c.Name()] = false
	}
	digests := map[string]string{}
	for _, p := range u.Corpora {
		digests[p.Name] = p.Digest
	}
	for i := range r.Cells {
		c := &r.Cells[i]
		name := c.Cell.Name()
		taken, ok := cells[name]
		switch {
		case !ok || c.Name != name:
			return refused("its cell %s is none of the unit's", clip(c.Name))
		case taken:
			return refused("its cell %s is there twice", clip(name))
		case c.CorpusDigest != "" && c.CorpusDigest != digests[c.Corpus]:
			return refused("its cell %s was measured on other data", clip(name))
		}
		cells[name] = true
	}
	for _, v := range r.Comparisons {
		if !cells[v.Old] || !cells[v.New] {
			return refused("it compares %s with %s, which it does not have", clip(v.Old), clip(v.New))
		}
	}
	for _, w := range r.Warnings {
		if w.Cell != "" && !cells[w.Cell] {
			return refused("it warns of cell %s, which it does not have", clip(w.Cell))
		}
	}
	p := r.Plan
	switch {
	case len(r.Cells) == 0:
		return refused("it has no cells")
	case r.Sides != nil || r.Checks != nil || r.Recommendations != nil || r.Answers != nil || len(p.Others) > 0:
		return refused("it is no result of one run of bench")
	case r.Machine.Host != o.Host || r.Machine.Fingerprint != o.Fingerprint:
		return refused("it is of machine %s (%s), and its agent is on %s (%s)", clip(r.Machine.Host), clip(r.Machine.Fingerprint), o.Host, o.Fingerprint)
	case u.Fingerprint != "" && o.Fingerprint != u.Fingerprint:
		return refused("it is of a machine of fingerprint %s, not %s", o.Fingerprint, u.Fingerprint)
	case p.Seed != u.Seed || p.Budget != u.Budget || p.Precision != u.Precision || p.Delta != u.Delta || p.Reference != u.Reference:
		return refused("it was measured on other terms than the unit's")
	}
	if u.Wants != nil {
		if why := u.Wants.differs(programOf(r.Build, p.Method), codecsOf(u.Cells)); why != "" {
			return refused("it is of another program: %s", why)
		}
	}
	return checkMachine(r)
}

// checkMachine refuses texts of a machine that could not be shown.
func checkMachine(r *result.Result) error {
	m := r.Machine
	for _, text := range []string{m.Host, m.OS, m.Arch, m.CPU, m.Fingerprint, m.Kernel} {
		if err := checkText("machine", text); err != nil {
			return fmt.Errorf("%w: %w", errRefused, err)
		}
	}
	return nil
}
