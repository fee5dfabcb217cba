// Package lint is tests alone: rules that hold for the source of the whole
// module and that neither the compiler nor a linter knows. Each parses the files
// of the working tree, whatever system and build mode they are for, and needs
// neither a network nor the modules we depend on.
package lint
