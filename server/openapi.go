package server

import (
	"cmp"
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"
)

// describer makes the document of the routes.
type describer struct {
	routes []route
	known  map[string]any // what schemas name and the server knows
}

// describe makes the OpenAPI 3.1 document of the routes, for clients that see the server
// below prefix.
func (s *describer) describe(prefix string) ([]byte, error) {
	var paths ordered // a path has one documented method
	for i := range s.routes {
		r := &s.routes[i]
		if r.doc == nil {
			continue
		}
		paths = append(paths, member{r.path, object{strings.ToLower(r.method): s.describeRoute(r)}})
	}
	return json.Marshal(object{
		"openapi": "3.1.0",
		"info": object{
			"title":       "zstdshop",
			"version":     "1.0.0",
			"summary":     "compression and decompression with zstd",
			"description": "Every error is an `application/problem+json` (RFC 9457) with a `code` for programs.",
			"license":     object{"name": "MIT", "identifier": "MIT"},
		},
		"servers":    []object{{"url": cmp.Or(prefix, "/")}},
		"tags":       groups,
		"paths":      paths,
		"components": object{"schemas": schemas(), "securitySchemes": object{"token": object{"type": "http", "scheme": "bearer", "description": "wanted of pages of other sites, for what costs much CPU time"}}},
	})
}

func (s *describer) describeRoute(r *route) object {
	responses := object{}
	headers := idHeader()
	switch {
	case len(r.doc.headers) > 0:
		headers = dczHeaders()
	case r.body != noBody:
		headers = codedHeaders()
	}
	content, abouts := object{}, []string{}
	for _, a := range r.doc.answers {
		content[a.mediaType] = object{"schema": a.schema}
		abouts = append(abouts, a.about)
	}
	responses["200"] = object{"description": strings.Join(abouts, "; or "), "headers": headers, "content": content}
	for _, status := range failures(r) {
		of := object{"description": fasthttp.StatusMessage(status), "headers": idHeader(),
			"content": object{problemType: object{"schema": ref("Problem")}}}
		if status == fasthttp.StatusServiceUnavailable || status == fasthttp.StatusTooManyRequests {
			headers := object{"Retry-After": object{"description": "seconds", "schema": object{"type": "integer"}}}
			maps.Copy(headers, idHeader())
			of["headers"] = headers
		}
		responses[strconv.Itoa(status)] = of
	}
	op := object{
		"operationId": operationID(r),
		"tags":        []string{r.doc.group},
		"summary":     r.doc.summary,
		"responses":   responses,
	}
	if r.doc.about != "" {
		op["description"] = r.doc.about
	}
	var params []object
	for _, p := range r.doc.path {
		params = append(params, object{"name": p.name, "in": "path", "required": true, "description": p.about, "schema": s.fill(p.schema)})
	}
	for _, p := range r.doc.params {
		params = append(params, object{"name": p.name, "in": "query", "required": false, "description": p.about, "schema": s.fill(p.schema)})
	}
	for _, p := range r.doc.headers {
		params = append(params, object{"name": p.name, "in": "header", "required": false, "description": p.about, "schema": s.fill(p.schema)})
	}
	if len(params) > 0 {
		op["parameters"] = params
	}
	if r.body != noBody {
		content := object{"schema": r.body.schema()}
		if r.doc.example != nil {
			content["example"] = r.doc.example
		}
		op["requestBody"] = object{"required": true, "content": object{r.body.contentType(): content}}
	}
	if r.dear() {
		op["security"] = []object{{}, {"token": []string{}}}
	}
	return op
}

func idHeader() object {
	return object{headerID: object{"description": "the request's id, also in the server's log", "schema": object{"type": "string"}}}
}

// codedHeaders are those of what a codec has made.
func codedHeaders() object {
	all := idHeader()
	all[fasthttp.HeaderServerTiming] = object{"description": "`codec;dur=`, the codec's own time in milliseconds", "schema": object{"type": "string"}}
	return all
}

// dczHeaders are those of answers that may be in the coding dcz.
func dczHeaders() object {
	all := codedHeaders()
	all[fasthttp.HeaderContentEncoding] = object{"description": "there where the answer is in a coding", "schema": object{"type": "string", "const": dczName}}
	all[fasthttp.HeaderVary] = object{"description": "there where the server has dictionaries", "schema": object{"type": "string"}}
	return all
}

// operationID is a name for generated clients: compress, v1_compress.
func operationID(r *route) string {
	return strings.NewReplacer("/", "_", "{", "", "}", "").Replace(strings.Trim(r.path, "/"))
}

// failures are the statuses of a route's problems.
func failures(r *route) []int {
	all := []int{fasthttp.StatusBadRequest, fasthttp.StatusServiceUnavailable, fasthttp.StatusInternalServerError}
	if r.body != noBody {
		all = append(all, fasthttp.StatusRequestTimeout, fasthttp.StatusRequestEntityTooLarge, fasthttp.StatusUnsupportedMediaType, fasthttp.StatusUnprocessableEntity)
	}
	if r.dear() {
		all = append(all, fasthttp.StatusForbidden)
	}
	return append(all, r.doc.failures...)
}

// fill puts what depends on this server into a schema that names it.
func (s *describer) fill(schema object) object {
	filled := maps.Clone(schema)
	for _, key := range []string{"enum", "maximum", "default"} {
		if name, ok := filled[key].(string); ok && s.known[name] != nil {
			filled[key] = s.known[name]
		}
	}
	return filled
}

func (k bodyKind) contentType() string {
	if k.isBytes() {
		return bytesType
	}
	return jsonType
}

func (k bodyKind) schema() object {
	switch k {
	case compressBody:
		return ref("CompressIn")
	case decompressBody:
		return ref("DecompressIn")
	}
	return object{"type": "string", "contentMediaType": bytesType}
}
