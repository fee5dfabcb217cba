//go:build !linux

package worker

import "time"

// Only Linux tells these; 0 stands for unknown in the protocol and is shown as
// missing.

func usableCPUs() int      { return 0 }
func peakRSS() int64       { return 0 }
func ownPeak() int64       { return 0 }
func residentBytes() int64 { return 0 }
func ownResident() int64   { return 0 }
func threads() int         { return 0 }

type waits struct{}

func (*waits) find()        {}
func (*waits) total() int64 { return 0 }
func (*waits) close()       {}

func moveThread(int) {}

func sleepThread(d time.Duration) { time.Sleep(d) }
