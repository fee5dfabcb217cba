package history_test

import "syscall"

// mountSmall puts a file system of 1 MiB on dir, which takes root.
func mountSmall(dir string) error { return syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=1m") }

func unmount(dir string) { _ = syscall.Unmount(dir, 0) }

// mountReadOnly makes what mountSmall put on dir read only.
func mountReadOnly(dir string) error {
	return syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, "size=1m")
}
