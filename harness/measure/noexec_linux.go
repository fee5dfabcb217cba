package measure

import "golang.org/x/sys/unix"

// mountedNoexec reports whether the file system of path forbids to run programs.
func mountedNoexec(path string) bool {
	var fs unix.Statfs_t
	return unix.Statfs(path, &fs) == nil && fs.Flags&unix.ST_NOEXEC != 0
}
