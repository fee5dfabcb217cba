package machine

import (
	"os"
	"strconv"
	"strings"
)

// CoreTime is the time of one CPU since the machine was started, in ticks.
type CoreTime struct{ Busy, All uint64 }

// CoreTimes returns those of all CPUs; nil where the system does not tell, as
// only Linux does.
func CoreTimes() []CoreTime {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return nil
	}
	return parseCoreTimes(string(stat))
}

// parseCoreTimes reads the text of /proc/stat (proc(5)).
func parseCoreTimes(stat string) []CoreTime {
	var cores []CoreTime
	for line := range strings.Lines(stat) {
		fields := strings.Fields(line)
		if len(fields) < 5 || !strings.HasPrefix(fields[0], "cpu") || fields[0] == "cpu" {
			continue
		}
		var c CoreTime
		for i, field := range fields[1:min(len(fields), 9)] { // what follows is counted twice
			n, err := strconv.ParseUint(field, 10, 64)
			if err != nil {
				return nil
			}
			c.All += n
			if i != 3 && i != 4 { // idle, iowait
				c.Busy += n
			}
		}
		cores = append(cores, c)
	}
	return cores
}
