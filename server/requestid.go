package server

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strconv"
	"sync/atomic"
)

// headerID is the header in which a request's id comes and goes.
const headerID = "X-Request-Id"

// maxID is the most bytes of an id that a client may choose.
const maxID = 64

// idSource numbers requests: a random start for each server, then a count.
type idSource struct {
	prefix string
	count  atomic.Uint64
}

func (s *idSource) append(dst []byte) []byte {
	dst = append(dst, s.prefix...)
	return strconv.AppendUint(dst, s.count.Add(1), 36)
}

func (s *idSource) seed() error {
	var b [4]byte
	if _, err := rand.Read(b[:]); err != nil {
		return fmt.Errorf("make request ids: %w", err)
	}
	s.prefix = hex.EncodeToString(b[:]) + "-"
	return nil
}

// usableID reports whether an id that a client chose can be repeated in answers
// and logs as it is.
func usableID(id []byte) bool {
	if len(id) == 0 || len(id) > maxID {
		return false
	}
	for _, c := range id {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
		default:
			return false
		}
	}
	return true
}
