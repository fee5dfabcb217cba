package server

import (
	"log/slog"

	"zstdshop/server/internal/socket"
)

// ownFiles is how many file descriptors the server keeps for other things than
// connections: its listener, the worker of /bench, and connections turned away.
const ownFiles = 32 + mostLeaving

// mostLeaving is how many connections are told at the same time that there are too many.
const mostLeaving = 16

// connectionLimit is how many connections there may be where so many are asked for:
// as many as there are file descriptors for. Beyond that none could be accepted,
// and clients would wait in the kernel's queue without an answer.
func connectionLimit(asked int, log *slog.Logger) int {
	files, ok := socket.FileLimit()
	if !ok {
		return asked
	}
	n := connectionsFor(asked, files)
	if n < asked {
		log.Warn("fewer connections than asked for", "connections", n, "asked", asked, "file_descriptors", files)
	}
	return n
}

// connectionsFor is how many connections so many file descriptors are enough for,
// but no more than are asked for, and one at the least.
func connectionsFor(asked int, files uint64) int {
	if files <= ownFiles {
		return 1
	}
	return int(min(uint64(asked), files-ownFiles))
}
