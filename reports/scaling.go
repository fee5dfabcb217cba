package reports

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"zstdshop/harness/result"
	"zstdshop/stats"
)

// scalingLines says how each model scales whose cells differ in workers alone: the
// speed-up and efficiency at the most of them, and the Universal Scalability Law
// where there are points enough for it.
func scalingLines(r *result.Result) []string { return mapped(scaled(r), scalingLine) }

// scaled are the cells of each model that was measured with several numbers of
// workers, fewest first.
func scaled(r *result.Result) []set {
	cells := slices.DeleteFunc(cellsOf(r), func(c *result.CellResult) bool {
		return c.Status != result.StatusOK || c.NSPerOp == nil || c.Rate != 0 || c.About.Runner.Baseline
	})
	models := result.GroupBy(cells, func(c *result.CellResult) string {
		cell := c.Cell
		cell.Workers, cell.Tasks = 0, 0
		return cell.Name()
	})
	return slices.DeleteFunc(models, func(cells set) bool {
		slices.SortStableFunc(cells, func(a, b *result.CellResult) int { return a.Workers - b.Workers })
		return cells[0].Workers == cells[len(cells)-1].Workers
	})
}

func scalingLine(cells set) string {
	first, last := cells[0], cells[len(cells)-1]
	up := first.NSPerOp.Est / last.NSPerOp.Est
	efficiency := up * float64(first.Workers) / float64(last.Workers)
	text := fmt.Sprintf("%s of %s", scaledName(last), plural(last.Workers, "worker"))
	text += fmt.Sprintf(": %s that of %d (efficiency %.0f %%)", times(up), first.Workers, 100*efficiency)
	u, _, err := fitted(cells)
	if errors.Is(err, stats.ErrTooFewPoints) {
		return text + "; " + err.Error()
	}
	if err != nil {
		return text
	}
	text += fmt.Sprintf("; contention %s, coherence %s", shareInterval(u.Contention), shareInterval(u.Coherence))
	switch {
	case u.Coherence.Lo > 0 && !math.IsInf(u.Peak, 1):
		text += fmt.Sprintf(": most throughput at about %.0f workers", u.Peak)
	case u.Contention.Lo > 0:
		text += fmt.Sprintf(": as Amdahl's law has it, never more than %.0f times one worker", 1/u.Contention.Est)
	}
	return text
}

// scaledName is what scales: scenario, codec, items and runner.
func scaledName(c *result.CellResult) string {
	text := c.Scenario
	if c.Codec != "" {
		text += " " + c.Codec
		if c.HasLevel() {
			text += "@" + strconv.Itoa(c.Level)
		}
	}
	if c.Corpus != "" {
		text += ", " + itemText(set{c})
	}
	if c.Language != "" {
		text += " by " + c.Language
	}
	return "throughput of " + text + ", " + c.Runner
}

func shareInterval(e stats.Estimate) string {
	return fmt.Sprintf("%.3g %% (%.3g..%.3g)", 100*e.Est, 100*e.Lo, 100*e.Hi)
}

// fitted fits the Universal Scalability Law to the throughput of cells by workers, and
// returns that of the first one.
func fitted(cells []*result.CellResult) (u stats.USL, first float64, err error) {
	var n, x []float64
	for _, c := range cells {
		n, x = append(n, float64(c.Workers)), append(x, 1e9/c.NSPerOp.Est)
	}
	u, err = stats.FitUSL(n, x, 0.95)
	return u, x[0], err
}
