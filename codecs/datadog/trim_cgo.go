//go:build cgo

package datadog

/*
#ifdef __linux__
#include <malloc.h>
#endif

// glibc keeps freed memory of up to 64 MiB at the end of each arena, and has an arena
// for every few threads.
static void trim(void) {
#ifdef __GLIBC__
	malloc_trim(0);
#endif
}
*/
import "C"

import "zstdshop/codecs"

var _ codecs.Trimmer = codec{}

// Trim gives back what glibc keeps of contexts that have been freed.
func (codec) Trim() { C.trim() }
