package server

import (
	"maps"
	"slices"
)

// What the OpenAPI document says of each route.

// The groups of operations.
const texts, files, health, cores = "texts", "bytes", "server", "bench"

// groups is what is said of them, in order.
var groups = []ordered{
	{{"name", texts}, {"description", "JSON in and out"}},
	{{"name", files}, {"description", "any bytes, as they are"}},
	{{"name", health}, {"description", "what runs here, and how it is doing"}},
	{{"name", cores}, {"description", "what cores are worth"}},
}

var codecParam = parameter{"codec", "which codec does it; left out, the server chooses by size", object{"type": "string", "enum": "codecs"}}

var dictParam = parameter{dictKey, "the name of a dictionary that frames begin with, as GET " + dictsPath + " lists them; left out, none", object{"type": "string"}}

// acceptHeaders are what makes an answer one in the coding dcz.
var acceptHeaders = []parameter{
	{"Accept-Encoding", "with `dcz` and " + headerAvailableDictionary + ", the answer may come in that coding (RFC 9842)", object{"type": "string"}},
	{headerAvailableDictionary, "the SHA-256 of a dictionary that the client has, in base64 between colons; one that the server has not is ignored", object{"type": "string"}},
}

// bodyEncoding is what says that a body is in the coding dcz.
var bodyEncoding = parameter{"Content-Encoding", "`dcz` where the body is in that coding, with a dictionary of the server's", object{"type": "string", "const": dczName}}

var levelSchema = object{"type": []string{"integer", "null"}, "default": defaultLevel, "minimum": minLevel, "maximum": maxLevel,
	"description": "the level on zstd's scale; 0 and null are the default"}

var pingDoc = operation{
	group:   health,
	summary: "what runs here",
	answers: []answer{{jsonType, "the server is there", ref("Ping")}},
}

var compressDoc = operation{
	group:   texts,
	summary: "compress a text",
	about: "The text in UTF-8 becomes one zstd frame with a checksum, in base64. `zstd -d` reads it.\n\n" +
		"A level costs CPU time: what would take more than the server allows is answered 422 `too_expensive`.",
	params:  []parameter{codecParam, dictParam},
	answers: []answer{{jsonType, "the frame", ref("CompressOut")}},
	example: ordered{{"text", "hello hello hello hello hello"}, {"level", defaultLevel}},
}

var decompressDoc = operation{
	group:   texts,
	summary: "decompress to a text",
	about: "Takes one or more zstd frames, in base64, from any encoder. Bytes that are not UTF-8 come out as U+FFFD, one for each sequence as Python has it, " +
		"and then `lossy` is there and true.",
	params:  []parameter{codecParam, dictParam},
	answers: []answer{{jsonType, "the text", ref("DecompressOut")}},
	example: object{"b64": "KLUv/SQFKQAAaGVsbG+jbZ+I"},
}

var rawCompressDoc = operation{
	group:   files,
	summary: "compress bytes",
	about: "The body, whatever it is, becomes one zstd frame with a checksum: `curl --data-binary @file URL/v1/compress -o file.zst`\n\n" +
		"Who has one of the server's dictionaries and takes `dcz` (RFC 9842) gets the body itself in that coding instead: a header with the dictionary's SHA-256, and a frame.",
	params: []parameter{
		{"level", "the level on zstd's scale; 0 is the default", object{"type": "integer", "default": defaultLevel, "minimum": minLevel, "maximum": maxLevel}},
		codecParam, dictParam,
	},
	headers: acceptHeaders,
	answers: []answer{
		{zstdType, "the frame", object{"type": "string", "contentMediaType": zstdType}},
		{bytesType, "the body in the coding dcz", object{"type": "string", "contentMediaType": bytesType}},
	},
}

var rawDecompressDoc = operation{
	group:   files,
	summary: "decompress bytes",
	about: "Takes one or more zstd frames: `curl --data-binary @file.zst URL/v1/decompress -o file`\n\n" +
		"A body with `Content-Encoding: dcz` says itself which dictionary it needs. Who has one of the server's dictionaries and takes `dcz` may get the answer in that coding.",
	params:  []parameter{codecParam, dictParam},
	headers: append([]parameter{bodyEncoding}, acceptHeaders...),
	answers: []answer{{bytesType, "what was compressed", object{"type": "string", "contentMediaType": bytesType}}},
}

var dictsDoc = operation{
	group:   files,
	summary: "dictionaries that requests may name",
	about:   "For small records of one kind: what compresses and what decompresses both have the dictionary. One that is `raw` is content for the coding `dcz` alone.",
	answers: []answer{{jsonType, "the dictionaries", ref("Dicts")}},
}

var dictDoc = operation{
	group:    files,
	summary:  "a dictionary",
	about:    "As `zstd -D` takes it: `curl URL/v1/dict/NAME -o NAME.dict`. Its ETag is the SHA-256 of its bytes. `Use-As-Dictionary` tells browsers for which answers it is.",
	path:     []parameter{{"name", "the dictionary's name", object{"type": "string"}}},
	answers:  []answer{{bytesType, "the dictionary", object{"type": "string", "contentMediaType": bytesType}}},
	failures: []int{404},
}

var benchDoc = operation{
	group:   cores,
	summary: "see how many cores a concurrency model keeps busy",
	about: "Each worker repeats a loop of integer operations; the checksum says that it did. One run at a time, in a process of its own.\n\n" +
		"A page of another site needs the token that the server printed when it started.",
	params: []parameter{
		{"workers", "how many work at the same time", object{"type": "integer", "default": benchWorkers, "minimum": 1, "maximum": "workers"}},
		{"iters", "repetitions by each", object{"type": "integer", "default": benchIters, "minimum": 1, "maximum": "iters"}},
		{"runner", "the concurrency model, as `zstdshop list` describes them", object{"type": "string", "default": "runner", "enum": "runners"}},
	},
	answers:  []answer{{jsonType, "the figures", ref("Bench")}},
	failures: []int{422, 429},
	dear:     true,
}

var healthzDoc = operation{
	group:   health,
	summary: "whether new requests are wanted",
	answers: []answer{{jsonType, "they are", ref("Health")}},
}

var metricsDoc = operation{
	group:   health,
	summary: "figures for Prometheus",
	answers: []answer{{"text/plain", "text format 0.0.4", object{"type": "string"}}},
}

// schemas returns the bodies, by name.
func schemas() object {
	return object{
		"Ping": record([]string{"ok", "go", "gil_enabled", "codecs"}, object{
			"ok":          object{"type": "boolean", "const": true},
			"go":          described("string", "Go's version"),
			"gil_enabled": described("boolean", "true where one goroutine runs at a time (GOMAXPROCS=1)"),
			"codecs":      object{"type": "array", "items": object{"type": "string"}, "description": "names for `codec`"},
		}),
		"CompressIn": open(record([]string{"text"}, object{
			"text":  described("string", "what to compress"),
			"level": levelSchema,
		})),
		"CompressOut": record([]string{"bytes_in", "bytes_out", "ratio", "b64"}, object{
			"bytes_in":  described("integer", "bytes of the text in UTF-8"),
			"bytes_out": described("integer", "bytes of the frame"),
			"ratio":     described("number", "bytes_out / bytes_in, to 4 decimals; 0.0 for an empty text"),
			"b64":       object{"type": "string", "contentEncoding": "base64", "contentMediaType": zstdType},
		}),
		"DecompressIn": open(record([]string{"b64"}, object{
			"b64": object{"type": "string", "contentEncoding": "base64", "contentMediaType": zstdType},
		})),
		"DecompressOut": record([]string{"text"}, object{
			"text":  described("string", "what was compressed"),
			"lossy": object{"type": "boolean", "const": true, "description": "there where bytes were replaced, because they are no UTF-8"},
		}),
		"Dicts": record([]string{"dictionaries"}, object{"dictionaries": object{"type": "array", "items": ref("Dict")}}),
		"Dict": record([]string{"name", "id", "bytes", "sha256", "raw"}, object{
			"name":   described("string", "for `dict`"),
			"id":     described("integer", "by which frames name it; 0 of raw content"),
			"raw":    described("boolean", "true where it is raw content, which `dict` does not take"),
			"bytes":  described("integer", "its size"),
			"sha256": described("string", "of its bytes, in hexadecimal"),
		}),
		"Bench": record([]string{"workers", "iters_per_worker", "seconds", "checksum", "gil_enabled", "cpu_count", "go", "runner", "parallelism"}, object{
			"workers":          described("integer", "as asked"),
			"iters_per_worker": described("integer", "as asked"),
			"seconds":          described("number", "wall time of the run"),
			"checksum":         described("integer", "2484899264 for the defaults"),
			"gil_enabled":      described("boolean", "true where workers compute one at a time, under one lock or on one Go processor, as in Python with its global lock"),
			"cpu_count":        described("integer", "CPUs of the machine"),
			"go":               described("string", "Go's version"),
			"runner":           described("string", "the concurrency model"),
			"parallelism":      described("number", "CPU time / wall time: the cores kept busy"),
		}),
		"Health": record([]string{"status"}, object{"status": object{"type": "string", "const": "ok"}}),
		"Problem": record([]string{"type", "title", "status", "detail", "code", "request_id"}, object{
			"type":       described("string", "about:blank: `code` says more"),
			"title":      described("string", "the status in words"),
			"status":     described("integer", "the HTTP status"),
			"detail":     described("string", "what is wrong, for people"),
			"code":       described("string", "what is wrong, for programs"),
			"request_id": described("string", "as in the header X-Request-Id"),
			"errors":     object{"type": "array", "items": ref("FieldError"), "description": "which field is at fault"},
		}),
		"FieldError": record([]string{"loc", "type", "msg"}, object{
			"loc":    object{"type": "array", "items": object{"type": "string"}, "description": "where: `[\"body\", \"text\"]`"},
			"type":   described("string", "what is wrong with it, for programs"),
			"msg":    described("string", "the same for people"),
			"offset": described("integer", "byte of the field, or of the body, where that was seen"),
		}),
	}
}

// record is the schema of an object; what is required comes first in it, in that order.
func record(required []string, properties object) object {
	var members ordered
	for _, name := range slices.Concat(required, slices.Sorted(maps.Keys(properties))) {
		if !slices.ContainsFunc(members, func(m member) bool { return m.name == name }) {
			members = append(members, member{name, properties[name]})
		}
	}
	return object{"type": "object", "required": required, "properties": members}
}

// open says that an object of a request may have more members.
func open(schema object) object {
	schema["additionalProperties"] = true
	schema["description"] = "other members are ignored"
	return schema
}

func described(kind, about string) object { return object{"type": kind, "description": about} }
