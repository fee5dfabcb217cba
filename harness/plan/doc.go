// Package plan turns what somebody asks for into cells.
//
// Options are what is asked for, by flags or in a zstdshop.yaml; Resolve makes a
// Plan of them: the cells, the corpora and dictionaries that they name, and how to
// measure. The axes of a matrix are declared once, in axis.go: what each is called,
// how its values are written, which cells have it. Flags, YAML, help and completion
// go by that declaration.
//
// The package knows the registry, so that an unknown name is an error with the
// known ones, and what each entry says of itself: which keys a scenario has,
// which levels a codec, how many workers a runner. It knows no flags: package
// cli fills Options from those. What is measured, when and for how long is
// package measure's.
package plan
