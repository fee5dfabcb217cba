//go:build race

package stories

// Race reports whether the program is built with the race detector.
const Race = true
