package worker

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// alarm wakes one worker to some ten microseconds. time.Sleep is up to a
// millisecond late where nothing else runs, because the Go scheduler then waits in
// whole milliseconds; a sleep in a system call holds a processor for up to ten.
// A timer that is a file (timerfd) wakes the scheduler as a connection does.
type alarm struct{ file *os.File }

func newAlarm() (*alarm, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("make a timer: %w", err)
	}
	return &alarm{os.NewFile(uintptr(fd), "timer")}, nil
}

// sleep waits for d, which is above zero.
func (a *alarm) sleep(d time.Duration) error {
	conn, err := a.file.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	if err := conn.Control(func(fd uintptr) {
		failed = unix.TimerfdSettime(int(fd), 0, &unix.ItimerSpec{Value: unix.NsecToTimespec(d.Nanoseconds())}, nil)
	}); err != nil {
		return err
	}
	if failed != nil {
		return fmt.Errorf("set the timer: %w", failed)
	}
	var expirations [8]byte
	_, err = a.file.Read(expirations[:])
	return err
}

func (a *alarm) close() { a.file.Close() }
