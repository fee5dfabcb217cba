package cli

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// procStat is where Linux counts what each CPU has done. Elsewhere there is no
// such file, and no bars.
const procStat = "/proc/stat"

// coreTime is the time of one CPU since the machine was started, in ticks.
type coreTime struct{ busy, all uint64 }

// coreTimes reads those of all CPUs out of the text of /proc/stat (proc(5)).
func coreTimes(stat string) []coreTime {
	var cores []coreTime
	for line := range strings.Lines(stat) {
		fields := strings.Fields(line)
		if len(fields) < 5 || !strings.HasPrefix(fields[0], "cpu") || fields[0] == "cpu" {
			continue
		}
		var c coreTime
		for i, field := range fields[1:min(len(fields), 9)] { // what follows is counted twice
			n, err := strconv.ParseUint(field, 10, 64)
			if err != nil {
				return nil
			}
			c.all += n
			if i != 3 && i != 4 { // idle, iowait
				c.busy += n
			}
		}
		cores = append(cores, c)
	}
	return cores
}

// coreBars draws how busy each CPU was between two readings, on one line that
// fits the columns.
func coreBars(before, after []coreTime, columns int) string {
	n := min(len(before), len(after))
	if n == 0 {
		return ""
	}
	const rest = len("cpu00 [] 100 % ")
	full := min(max((columns-1)/n-rest, 1), barColumns)
	var bars []string
	for i := range n {
		share := 0.0
		if all := after[i].all - before[i].all; all > 0 {
			share = float64(after[i].busy-before[i].busy) / float64(all)
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
		var before []coreTime
		for {
			stat, err := os.ReadFile(procStat)
			if err != nil {
				return
			}
			after := coreTimes(string(stat))
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
