package server

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"
)

// query is the parameters of a request that its route knows. Others are ignored,
// as unknown keys of a body are.
type query struct {
	names, values []string
}

// parseQuery takes the known parameters out of args. One that is there twice is
// an error: which of them was meant?
func parseQuery(args *fasthttp.Args, known ...string) (query, *problem) {
	var q query
	if args.Len() == 0 {
		return q, nil
	}
	for key, value := range args.All() {
		name := string(key)
		if !slices.Contains(known, name) {
			continue
		}
		if slices.Contains(q.names, name) {
			return query{}, parameterProblem(name, "repeated", "give it once")
		}
		q.names = append(q.names, name)
		q.values = append(q.values, string(value))
	}
	return q, nil
}

func (q query) get(name string) (string, bool) {
	if i := slices.Index(q.names, name); i >= 0 {
		return q.values[i], true
	}
	return "", false
}

// integer returns a whole number written in digits, or def where it is missing.
func (q query) integer(name string, def int64) (int64, *problem) {
	text, ok := q.get(name)
	if !ok {
		return def, nil
	}
	digits := strings.TrimPrefix(text, "-")
	n, err := strconv.ParseInt(text, 10, 64)
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, parameterProblem(name, "int_parsing", "want a whole number in digits")
	}
	if err != nil {
		return 0, parameterProblem(name, "int_range", "the number is out of range")
	}
	return n, nil
}

// within is integer with bounds.
func (q query) within(name string, def, least, most int64) (int64, *problem) {
	n, p := q.integer(name, def)
	if p != nil {
		return 0, p
	}
	if n < least || n > most {
		return 0, parameterProblem(name, "int_range", fmt.Sprintf("want %d to %d", least, most))
	}
	return n, nil
}

func parameterProblem(name, kind, msg string) *problem {
	return &problem{status: fasthttp.StatusUnprocessableEntity, code: "bad_parameter", detail: name + ": " + msg,
		fields: []fieldError{{loc: []string{"query", name}, kind: kind, msg: msg, offset: -1}}}
}

// checkLevel refuses levels that zstd has not. in says where it was found.
func checkLevel(level int64, in string) *problem {
	if level >= minLevel && level <= maxLevel {
		return nil
	}
	msg := fmt.Sprintf("want %d to %d; 0 and none are %d", minLevel, maxLevel, defaultLevel)
	return &problem{status: fasthttp.StatusUnprocessableEntity, code: "level", detail: "level: " + msg,
		fields: []fieldError{{loc: []string{in, "level"}, kind: "int_range", msg: msg, offset: -1}}}
}
