package cli

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"zstdshop/harness/machine"
)

// coreBars draws how busy each CPU was between two readings, on one line that
// fits the columns.
func coreBars(before, after []machine.CoreTime, columns int) string {
	n := min(len(before), len(after))
	if n == 0 {
		return ""
	}
	const rest = len("cpu00 [] 100 % ")
	full := min(max((columns-1)/n-rest, 1), barColumns)
	var bars []string
	for i := range n {
		share := 0.0
		if all := after[i].All - before[i].All; all > 0 {
			share = float64(after[i].Busy-before[i].Busy) / float64(all)
		}
		busy := min(max(int(share*float64(full)+0.5), 0), full)
		bars = append(bars, fmt.Sprintf("cpu%d [%s%s] %3.0f %%", i, strings.Repeat("#", busy), strings.Repeat("-", full-busy), 100*share))
	}
	return strings.Join(bars, " ")
}

// watchCores draws the bars until the function it returns is called. Unlike
// report it draws while slices run, which takes some tens of microseconds four
// times a second; it is for scenarios that are about cores kept busy.
func (p *progress) watchCores() (stop func()) {
	done := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		ticker := time.NewTicker(frameEvery)
		defer ticker.Stop()
		var before []machine.CoreTime
		for {
			after := machine.CoreTimes()
			if after == nil {
				return
			}
			if line := coreBars(before, after, p.columns()); line != "" {
				p.draw(line)
			}
			before = after
			select {
			case <-done:
				return
			case <-ticker.C:
			}
		}
	})
	return func() {
		close(done)
		watching.Wait()
	}
}
