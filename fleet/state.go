package fleet

import "time"

// State is how far a run is.
type State struct {
	Units, Done, Given int // Given are units that were given up
	Agents, Busy       int // that take part
	Elapsed, Left      time.Duration
}
