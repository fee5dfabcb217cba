//go:build !linux

package worker

import "time"

// alarm wakes one worker, as exactly as the Go scheduler does.
type alarm struct{}

func newAlarm() (*alarm, error) { return &alarm{}, nil }

// sleep waits for d.
func (*alarm) sleep(d time.Duration) error {
	time.Sleep(d)
	return nil
}

func (*alarm) close() {}
