package worker

// MonotonicNS is 0: there is no such clock here, and slices of several processes
// begin when each is ready.
func MonotonicNS() int64 { return 0 }
