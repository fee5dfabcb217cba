package measure

import "time"

// beat is how often the silence of a worker is looked at.
const beat = 250 * time.Millisecond

// silence is how long a worker has said nothing while somebody listened. Time in
// which this process did not run itself (a Ctrl-Z, a frozen container) is nobody's
// fault: what lies between two looks counts as at most two beats.
type silence struct {
	timeout time.Duration
	beat    time.Duration
	heard   time.Duration // of silence
	last    time.Time     // look
}

func newSilence(timeout time.Duration, now time.Time) *silence {
	return &silence{timeout: timeout, beat: min(beat, timeout), last: now}
}

// over counts the time up to now and reports whether it has been the timeout.
func (s *silence) over(now time.Time) bool {
	s.heard += min(now.Sub(s.last), 2*s.beat)
	s.last = now
	return s.heard >= s.timeout
}

// broken begins anew: the worker has said something.
func (s *silence) broken(now time.Time) { s.heard, s.last = 0, now }
