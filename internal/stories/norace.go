//go:build !race

package stories

const Race = false
