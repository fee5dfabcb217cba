package result

import (
	_ "embed"
	"slices"
)

//go:embed schema/result-v1.json
var resultSchema []byte

// ResultSchema is the JSON Schema (draft 2020-12) of a saved Result, with the
// unit and range of every field. The bytes are the caller's.
func ResultSchema() []byte { return slices.Clone(resultSchema) }
