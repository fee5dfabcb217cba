//go:build !linux

package server

import "errors"

const clientArgument = "client-of-the-test"

func runClient([]string) error { return errors.New("on Linux only") }
