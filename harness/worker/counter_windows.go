package worker

import (
	"errors"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// mapShared maps the first size bytes of a file into memory that all processes
// that map it share.
func mapShared(path string, size int) ([]byte, func() error, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	mapping, err := windows.CreateFileMapping(windows.Handle(f.Fd()), nil, windows.PAGE_READWRITE, 0, uint32(size), nil)
	if err != nil {
		return nil, nil, err
	}
	address, err := windows.MapViewOfFile(mapping, windows.FILE_MAP_WRITE, 0, 0, uintptr(size))
	if err != nil {
		return nil, nil, errors.Join(err, windows.CloseHandle(mapping))
	}
	memory := unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&address))), size)
	return memory, func() error {
		return errors.Join(windows.UnmapViewOfFile(address), windows.CloseHandle(mapping))
	}, nil
}
