package server

import (
	"errors"
	"strconv"
	"time"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/body"
	"zstdshop/server/internal/frame"
)

// problem is an answer that is no success, in the one shape there is for them:
// RFC 9457's, with a code for programs and, where a field is at fault, which.
// It carries nothing of the input but numbers.
type problem struct {
	status   int
	code     string // short and stable
	detail   string // for people
	fields   []fieldError
	allow    string        // of a 405: the methods there are
	location string        // of a 307: where it is
	retry    time.Duration // of a 503 or 429: when to come again; 0 for one second
	// close is set where what follows on the connection cannot be trusted.
	close bool
	cause error // of a 500: for the log only
}

// fieldError is what is wrong with one field of the input, as FastAPI has it.
type fieldError struct {
	loc    []string // "body", "text"
	kind   string   // "missing"
	msg    string
	offset int64 // in the body, in bytes; -1 where it says nothing
}

// inField says that the field at fault is a member of the body.
func (p *problem) inField(name string) { p.fields[0].loc = []string{"body", name} }

func (p *problem) Error() string { return p.code + ": " + p.detail }

// appendJSON appends p as application/problem+json.
func (p *problem) appendJSON(dst []byte, id []byte) []byte {
	dst = append(dst, `{"type":"about:blank","title":"`...)
	dst = append(dst, fasthttp.StatusMessage(p.status)...)
	dst = append(dst, `","status":`...)
	dst = strconv.AppendInt(dst, int64(p.status), 10)
	dst = append(dst, `,"detail":`...)
	dst = appendString(dst, p.detail)
	dst = append(dst, `,"code":"`...)
	dst = append(dst, p.code...)
	dst = append(dst, '"')
	if len(p.fields) > 0 {
		dst = append(dst, `,"errors":[`...)
		for i, f := range p.fields {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = f.appendJSON(dst)
		}
		dst = append(dst, ']')
	}
	dst = append(dst, `,"request_id":"`...)
	dst = append(dst, id...)
	return append(dst, `"}`...)
}

func (f fieldError) appendJSON(dst []byte) []byte {
	dst = append(dst, `{"loc":[`...)
	for i, part := range f.loc {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, part)
	}
	dst = append(dst, `],"type":`...)
	dst = appendString(dst, f.kind)
	dst = append(dst, `,"msg":`...)
	dst = appendString(dst, f.msg)
	if f.offset >= 0 {
		dst = append(dst, `,"offset":`...)
		dst = strconv.AppendInt(dst, f.offset, 10)
	}
	return append(dst, '}')
}

func appendString(dst []byte, s string) []byte { return body.AppendString(dst, []byte(s)) }

func appendBool(dst []byte, v bool) []byte {
	if v {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}

// seconds is a duration as Retry-After has it: whole seconds, 1 at least.
func seconds(d time.Duration) string {
	return strconv.FormatInt(max(1, int64((d+time.Second-1)/time.Second)), 10)
}

// bodyProblem turns what the reader of bodies found into an answer.
func bodyProblem(err error) *problem {
	e, ok := errors.AsType[*body.Error](err)
	if !ok {
		return internal(err)
	}
	p := &problem{status: e.Status, code: e.Code, detail: e.Msg}
	loc := []string{"body"}
	if e.Loc != "" {
		loc = append(loc, e.Loc)
	}
	p.fields = []fieldError{{loc: loc, kind: e.Type, msg: e.Msg, offset: e.Offset}}
	return p
}

// internal is the answer to what must not happen; the reason is for the log.
func internal(err error) *problem {
	return &problem{status: fasthttp.StatusInternalServerError, code: "internal", detail: "the server failed; it has logged why", cause: err}
}

// clientGone is the answer that nobody will read.
func clientGone() *problem {
	return &problem{status: fasthttp.StatusServiceUnavailable, code: "client_gone", detail: "the client has left", close: true}
}

// frameProblem turns what is wrong with frames into an answer.
func frameProblem(err error) *problem {
	e, ok := errors.AsType[*frame.Error](err)
	if !ok {
		return internal(err)
	}
	p := &problem{status: fasthttp.StatusUnprocessableEntity, code: e.Code, detail: "not a zstd frame that can be taken: " + e.Detail}
	switch e.Code {
	case frame.CodeTooLarge, frame.CodeFrames, frame.CodeBlocks:
		p.status = fasthttp.StatusRequestEntityTooLarge
	case frame.CodeDictionary:
		p.detail += "; GET " + dictsPath + " lists those of this server by their IDs, and ?" + dictKey + "=NAME chooses one"
	}
	p.fields = []fieldError{{loc: []string{"body"}, kind: e.Code, msg: e.Detail, offset: e.Offset}}
	return p
}
