// Package corpus holds the data that is measured: the embedded corpora, which
// are the same bytes on every machine and in every release of Go, and the
// user's own files, folders, archives and standard input.
//
// The controller calls it in this order:
//
//  1. Load turns a --corpus value into a Corpus, all of it in memory.
//  2. Blocks cuts its members into the items that codecs work on.
//  3. Corpus.Spool writes the bytes to one file; after that the Corpus can be
//     dropped, and nothing of the data stays in the controller's memory.
//  4. Sample picks a subset of the blocks where all of them take too long, and
//     Spool.Index writes it down.
//
// Worker processes see only the two files. ReadItems is the Go worker's side;
// the format is that of harness/worker.Data, easily read by any language.
package corpus

// MaxBytes is the most uncompressed bytes a corpus may have. A larger one is an
// error and is not cut silently: a prefix of a file is other data than the
// file.
const MaxBytes = 1 << 30

// embeddedSize is the size of an embedded corpus in bytes.
const embeddedSize = 1 << 20

// A Corpus is a named set of data. It has at least one member that is not
// empty, and at most MaxBytes in all.
type Corpus struct {
	// Name is the value of the corpus key of cells: the name of an embedded
	// corpus, the base name of a file or folder without ".zip", or "stdin".
	// Valid UTF-8 without control characters or slashes; never empty.
	Name string
	// Source says where the data is from, for people: "embedded", the path as
	// given, or "standard input".
	Source string
	// Records is how the data was cut, by its name; "" where members are files as they were.
	Records string
	// Members are in archive order for a .zip, in byte order of their names for
	// a folder; one for a file. They and their data belong to the caller.
	Members []Member
	// Training is what was taken from Members for dictionaries to learn from (Halve);
	// nil otherwise. It is no part of the data that is measured.
	Training []Member
}

// A Member is one file of a corpus. Blocks never span two members.
type Member struct {
	// Name is a label, never a path to open: slashes between its parts, no
	// "..", valid UTF-8 without control characters.
	Name string
	Data []byte // may be empty
}

// Size returns the number of bytes of all members.
func (c *Corpus) Size() int64 {
	var size int64
	for _, m := range c.Members {
		size += int64(len(m.Data))
	}
	return size
}
