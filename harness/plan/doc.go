// Package plan turns what somebody asks for into cells.
//
// A Plan is the axes of a matrix; Cells multiplies them. It knows the registry,
// so that an unknown name is an error with the known ones, and what each entry
// says of itself: which keys a scenario has, which levels a codec, how many
// workers a runner. Package cli fills Plans from flags. What is measured, when
// and for how long is package measure's.
package plan
