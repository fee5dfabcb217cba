package server

import (
	"bytes"
	"slices"
	"strings"
)

// splitHost takes the port off a Host header and reports whether the header can
// be one at all (RFC 3986, 3.2.2 and 3.2.3, without percent-encoding).
func splitHost(host []byte) (name []byte, ok bool) {
	name = host
	var port []byte
	if end := bytes.IndexByte(host, ']'); len(host) > 0 && host[0] == '[' {
		if end < 0 {
			return nil, false
		}
		name, port = host[:end+1], host[end+1:]
		for _, c := range name[1:end] {
			if !isHex(c) && c != ':' && c != '.' {
				return nil, false
			}
		}
		if len(name) < 4 {
			return nil, false
		}
	} else {
		if colon := bytes.IndexByte(host, ':'); colon >= 0 {
			name, port = host[:colon], host[colon:]
		}
		for _, c := range name {
			if !isHostByte(c) {
				return nil, false
			}
		}
		if len(name) == 0 || len(name) > 253 {
			return nil, false
		}
	}
	if len(port) == 0 {
		return name, true
	}
	if port[0] != ':' || len(port) > len(":65535") {
		return nil, false
	}
	number := 0
	for _, c := range port[1:] {
		if c < '0' || c > '9' {
			return nil, false
		}
		number = number*10 + int(c-'0')
	}
	return name, number <= 65535
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func isHostByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '-' || c == '.' || c == '_'
}

// isHere reports whether a Host's name can only mean this machine, or is one of
// those allowed besides. Any web page can have a name of its own lead to a
// loopback address (DNS rebinding); it cannot have one of these.
func isHere(name []byte, allowed []string) bool {
	switch string(name) {
	case "localhost", "127.0.0.1", "[::1]":
		return true
	}
	lower := strings.ToLower(strings.TrimSuffix(string(name), "."))
	return lower == "localhost" || strings.HasSuffix(lower, ".localhost") || isLoopback4(lower) || slices.Contains(allowed, lower)
}

// isLoopback4 reports whether name is an address of 127.0.0.0/8.
func isLoopback4(name string) bool {
	parts := strings.Split(name, ".")
	if len(parts) != 4 || parts[0] != "127" {
		return false
	}
	for _, p := range parts {
		if p == "" || len(p) > 3 || strings.Trim(p, "0123456789") != "" {
			return false
		}
	}
	return true
}
