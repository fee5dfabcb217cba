package analyze

import "zstdshop/harness/result"

// comparedCells are the comparisons of times that have rounds enough for any verdict, by
// the names of the old and the new cell.
type comparedCells map[[2]string]result.Comparison

func comparedIn(r *result.Result) comparedCells {
	all := comparedCells{}
	for _, c := range r.Comparisons {
		if c.Metric == result.MetricTime && c.Pairs >= MinPairs {
			all[[2]string{c.Old, c.New}] = c
		}
	}
	return all
}

// verdict is the one on new against old, whichever way round they were compared; "" where
// they were not.
func (all comparedCells) verdict(old, new string) string {
	if c, ok := all[[2]string{old, new}]; ok {
		return c.Verdict
	}
	c := all[[2]string{new, old}]
	switch c.Verdict {
	case result.VerdictFaster:
		return result.VerdictSlower
	case result.VerdictSlower:
		return result.VerdictFaster
	}
	return c.Verdict
}
