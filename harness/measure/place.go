package measure

// placeSlack is how far above the fastest sentinel of the run one may be before
// the next turn goes elsewhere.
const placeSlack = 1.06

// place chooses the CPU on which the workers of a turn start, the same for all
// cells of it. It stays while the machine is calm there and moves on when it is
// not: a neighbour that nobody sees keeps a CPU slow for tens of milliseconds to
// seconds, and seldom all of them. Only sentinels of turns that are over have a
// say, so what is chosen for a turn knows nothing of its outcome.
type place struct {
	cpu     int   // counted round by workers
	fastest int64 // sentinel in nanoseconds; 0 before the first
}

// seen takes in the slowest sentinel of a turn; 0 where there was none.
func (p *place) seen(sentinel int64) {
	if sentinel <= 0 {
		return
	}
	if p.fastest == 0 || sentinel < p.fastest {
		p.fastest = sentinel
	}
	if float64(sentinel) > placeSlack*float64(p.fastest) {
		p.cpu++
	}
}
