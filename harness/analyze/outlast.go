package analyze

import (
	"fmt"
	"time"
)

// LongestAdvised is the longest time that advice names, as a budget or as what a run would
// have to go on for. Nobody waits for more, and an estimate so far beyond what was measured
// says little: then it is said what the machine does tell.
const LongestAdvised = time.Hour

// roughly is a time to one or two digits, as one would give it on the command line.
func roughly(d time.Duration) string {
	if d < 2*time.Minute {
		return fmt.Sprintf("%.0fs", d.Seconds())
	}
	return fmt.Sprintf("%.0fm", d.Minutes())
}
