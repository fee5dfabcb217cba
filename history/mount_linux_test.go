package history_test

import "syscall"

// mountSmall puts a file system of 1 MiB on dir, which takes root.
func mountSmall(dir string) error { return syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m") }

func unmount(dir string) { _ = syscall.Unmount(dir, 0) }
