package codecs

// Trimmer is a Codec whose library allocates with an allocator that keeps what has
// been freed. A long-lived program that has become quiet asks for it.
type Trimmer interface {
	// Trim gives free memory of the allocator back to the system. It takes
	// milliseconds, may be called at any time, and does nothing where the
	// allocator has no way to.
	Trim()
}
