//go:build unix && !linux

package history_test

import "errors"

func mountSmall(string) error { return errors.New("Linux only") }

func unmount(string) {}

func mountReadOnly(string) error { return errors.New("Linux only") }
