//go:build !cgo

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "tight: built without cgo, there is nothing to hold datadog against: build with CGO_ENABLED=1 and a C compiler")
	os.Exit(1)
}
