package server

import "bytes"

// bodyKind is what a route expects of a request's body.
type bodyKind int

const (
	noBody bodyKind = iota
	compressBody
	decompressBody
	rawBody
	framesBody
	bodyKinds
)

// isBytes reports whether the body is what it is, and not JSON.
func (k bodyKind) isBytes() bool { return k == rawBody || k == framesBody }

// isFrames reports whether the body holds frames.
func (k bodyKind) isFrames() bool { return k == decompressBody || k == framesBody }

// takes reports whether a body of that media type can be meant. Without a type it
// can: many a client names none.
func (k bodyKind) takes(mediaType []byte) bool {
	kind, params, _ := bytes.Cut(mediaType, []byte(";"))
	kind = bytes.TrimSpace(kind)
	if k.isBytes() {
		// curl calls whatever it sends a form, unless told otherwise; but parts
		// of a form are not what anybody wants to have compressed.
		return len(kind) < len("multipart/") || !bytes.EqualFold(kind[:len("multipart/")], []byte("multipart/"))
	}
	if len(kind) > 0 && !bytes.EqualFold(kind, []byte("application/json")) {
		return false
	}
	for len(params) > 0 {
		var param []byte
		param, params, _ = bytes.Cut(params, []byte(";"))
		name, value, _ := bytes.Cut(bytes.TrimSpace(param), []byte("="))
		value = bytes.Trim(value, `"`)
		if bytes.EqualFold(name, []byte("charset")) && !bytes.EqualFold(value, []byte("utf-8")) && !bytes.EqualFold(value, []byte("utf8")) {
			return false
		}
	}
	return true
}

func (k bodyKind) mediaType() string {
	if k.isBytes() {
		return "application/octet-stream"
	}
	return "application/json, in UTF-8"
}
