package result

import (
	"cmp"

	"zstdshop/harness/machine"
)

// A Host is one of the machines of a result of several.
type Host struct {
	Name    string       `json:"name"` // as the key host of cells has it
	Machine machine.Info `json:"machine"`
	Build   Build        `json:"build"` // the program that measured there
}

// Kind is the same for machines whose figures may be held against each other: the
// fingerprint, or the name of a machine that has none.
func (h Host) Kind() string { return cmp.Or(h.Machine.Fingerprint, h.Name) }
