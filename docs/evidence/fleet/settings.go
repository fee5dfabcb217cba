//go:build linux

package main

import "time"

// settings are what the flags say.
type settings struct {
	fault   string
	runs    int
	beside  int
	units   int
	agents  int
	cells   int
	at      int
	cost    time.Duration
	lasts   time.Duration
	rows    string
	program string
	commit  string
}
