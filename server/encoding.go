package server

import (
	"bytes"
	"iter"
	"strconv"

	"github.com/valyala/fasthttp"
)

// encoding is a form of an answer's body (RFC 9110, section 8.4).
type encoding int

const (
	identity encoding = iota
	gzipEncoding
	zstdEncoding // of two that a client likes alike the later one is taken
	encodings
)

var encodingNames = [encodings]string{"identity", "gzip", "zstd"}

// negotiate picks the encoding that the client likes best, and says that the answer
// depends on that.
func negotiate(ctx *fasthttp.RequestCtx) encoding {
	ctx.Response.Header.Set(fasthttp.HeaderVary, fasthttp.HeaderAcceptEncoding)
	return preferred(ctx.Request.Header.Peek(fasthttp.HeaderAcceptEncoding))
}

// name puts the encoding into an answer's header.
func (c encoding) name(h *fasthttp.ResponseHeader) {
	if c != identity {
		h.SetContentEncoding(encodingNames[c])
	}
}

// suffix tells the tags of one document's forms apart.
func (c encoding) suffix() string {
	if c == identity {
		return ""
	}
	return "-" + encodingNames[c]
}

// preferred reads Accept-Encoding (RFC 9110, section 12.5.3). Who does not take a
// body as it is gets it so all the same: there is no better answer.
func preferred(accept []byte) encoding {
	weights := [encodings]float64{identity: 0.0001} // if nothing is said of it
	named := [encodings]bool{}
	others := -1.0
	for name, weight := range weighted(accept) {
		if string(name) == "*" {
			others = weight
			continue
		}
		for c := range encodings {
			if bytes.EqualFold(name, []byte(encodingNames[c])) {
				weights[c], named[c] = weight, true
			}
		}
	}
	best := identity
	for c := range encodings {
		if !named[c] && others >= 0 && c != identity {
			weights[c] = others
		}
		if weights[c] > 0 && weights[c] >= weights[best] {
			best = c
		}
	}
	return best
}

// weighted are the names in a list such as Accept-Encoding, each with its weight.
func weighted(list []byte) iter.Seq2[[]byte, float64] {
	return func(yield func([]byte, float64) bool) {
		for rest := list; len(rest) > 0; {
			var one []byte
			one, rest, _ = bytes.Cut(rest, []byte(","))
			name, params, _ := bytes.Cut(one, []byte(";"))
			if !yield(bytes.TrimSpace(name), weightOf(params)) {
				return
			}
		}
	}
}

// weightOf reads ;q=0.5; 1 where it is missing, 0 where it is none.
func weightOf(params []byte) float64 {
	params = bytes.TrimSpace(params)
	if len(params) == 0 {
		return 1
	}
	q, ok := bytes.CutPrefix(bytes.ToLower(params), []byte("q="))
	weight, err := strconv.ParseFloat(string(bytes.TrimSpace(q)), 64)
	if !ok || err != nil || !(weight >= 0 && weight <= 1) {
		return 0
	}
	return weight
}
