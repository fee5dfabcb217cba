package harness

import (
	"errors"
	"fmt"
	"strings"

	"zstdshop/codecs"
	"zstdshop/internal/nearest"
	"zstdshop/runners"
	"zstdshop/scenarios"
)

// Registry is the catalogue of what can be benchmarked: a value made in main,
// filled one line an entry, and passed down. The zero value is empty and ready.
// Order is the order of registration wherever it shows. Not safe for use by
// several goroutines while it is being filled.
type Registry struct {
	codecs    catalogue[codecs.Codec]
	runners   catalogue[runners.Runner]
	scenarios catalogue[scenarios.Scenario]
	err       error
}

// AddCodec registers a backend. A bad or repeated name is remembered and told
// by Err, so that main reads as a list.
func (r *Registry) AddCodec(name string, c codecs.Codec) {
	r.note(r.codecs.add("codec", name, c))
}

// AddRunner registers a concurrency model; see AddCodec for errors.
func (r *Registry) AddRunner(name string, v runners.Runner) {
	r.note(r.runners.add("runner", name, v))
}

// AddScenario registers a workload; see AddCodec for errors.
func (r *Registry) AddScenario(name string, v scenarios.Scenario) {
	r.note(r.scenarios.add("scenario", name, v))
}

// Err joins the errors of all registrations; nil when every one was good.
func (r *Registry) Err() error { return r.err }

func (r *Registry) note(err error) { r.err = errors.Join(r.err, err) }

// Codec looks a backend up. The error wraps ErrUnknown, lists the known names
// and the nearest.
func (r *Registry) Codec(name string) (codecs.Codec, error) { return r.codecs.get("codec", name) }

// DictCodec is Codec for one that takes dictionaries; an error for any other.
func (r *Registry) DictCodec(name string) (codecs.DictCodec, error) {
	codec, err := r.Codec(name)
	if err != nil {
		return nil, err
	}
	with, ok := codec.(codecs.DictCodec)
	if !ok {
		return nil, fmt.Errorf("%s takes no dictionary", name)
	}
	return with, nil
}

// Runner looks a concurrency model up; errors as in Codec.
func (r *Registry) Runner(name string) (runners.Runner, error) { return r.runners.get("runner", name) }

// Scenario looks a workload up; errors as in Codec.
func (r *Registry) Scenario(name string) (scenarios.Scenario, error) {
	return r.scenarios.get("scenario", name)
}

// Infos is what three entries say of themselves; of a name that nobody registered
// nothing.
func (r *Registry) Infos(codec, runner, scenario string) (c codecs.Info, n runners.Info, s scenarios.Info) {
	if entry, ok := r.codecs.values[codec]; ok {
		c = entry.Info()
	}
	if entry, ok := r.runners.values[runner]; ok {
		n = entry.Info()
	}
	if entry, ok := r.scenarios.values[scenario]; ok {
		s = entry.Info()
	}
	return c, n, s
}

// Streams is the first codec of this build whose streams are of a format; nil where there
// is none.
func (r *Registry) Streams(format string) codecs.Streamer {
	for _, name := range r.codecs.names {
		codec := r.codecs.values[name]
		if s, ok := codec.(codecs.Streamer); ok && codec.Info().Unavailable == "" && s.Streams().Format == format {
			return s
		}
	}
	return nil
}

// Codecs, Runners and Scenarios list the names in order of registration.
func (r *Registry) Codecs() []string    { return r.codecs.names }
func (r *Registry) Runners() []string   { return r.runners.names }
func (r *Registry) Scenarios() []string { return r.scenarios.names }

// ErrUnknown is wrapped where a name is looked up that nobody registered.
var ErrUnknown = errors.New("unknown")

// usable reports whether a name can be a flag's value (no comma, no @), the value
// of a key in a cell's name (no / and =) and the name of a file. It is no regular
// expression, which every worker process would compile before its hello.
func usable(name string) bool {
	for i, c := range []byte(name) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && (i == 0 || !strings.ContainsRune("._+-", rune(c))) {
			return false
		}
	}
	return name != ""
}

type catalogue[T any] struct {
	names  []string
	values map[string]T
}

func (c *catalogue[T]) add(kind, name string, value T) error {
	switch _, taken := c.values[name]; {
	case name == "":
		return fmt.Errorf("register %s: empty name", kind)
	case !usable(name):
		return fmt.Errorf("register %s %q: a name is letters, digits and . _ + - only", kind, name)
	case any(value) == nil:
		return fmt.Errorf("register %s %q: nil value", kind, name)
	case taken:
		return fmt.Errorf("register %s %q: the name is taken", kind, name)
	}
	if c.values == nil {
		c.values = map[string]T{}
	}
	c.names = append(c.names, name)
	c.values[name] = value
	return nil
}

func (c *catalogue[T]) get(kind, name string) (T, error) {
	value, ok := c.values[name]
	if !ok {
		return value, UnknownName(kind, name, c.names)
	}
	return value, nil
}

// UnknownName is the error for a name that is not among known: it wraps
// ErrUnknown, lists what there is and suggests the nearest.
func UnknownName(kind, name string, known []string) error {
	hint := ""
	if near := nearest.Name(name, known); near != "" {
		hint = fmt.Sprintf(" (did you mean %s?)", near)
	}
	if len(known) == 0 {
		return fmt.Errorf("%w %s %q: none is registered", ErrUnknown, kind, name)
	}
	return fmt.Errorf("%w %s %q%s; known: %s", ErrUnknown, kind, name, hint, strings.Join(known, ", "))
}
