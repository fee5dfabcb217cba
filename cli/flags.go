package cli

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// scalar is a flag of one value. It parses its text itself, so that its errors
// say what it wants; they are shown behind the flag's name and the text.
type scalar[T any] struct {
	value T
	text  string // of the default, then as typed
	kind  string // what help shows in the value's place
	parse func(string) (T, error)
}

func (f *scalar[T]) String() string { return f.text }
func (f *scalar[T]) Type() string   { return f.kind }

func (f *scalar[T]) Set(text string) error {
	v, err := f.parse(text)
	if err != nil {
		return err
	}
	f.value, f.text = v, text
	return nil
}

// duration is a flag of a time above zero, with its unit.
type duration struct{ value time.Duration }

func (d *duration) String() string { return d.value.String() }
func (d *duration) Type() string   { return "time" }

func (d *duration) Set(text string) error {
	v, err := time.ParseDuration(text)
	if err != nil || v <= 0 {
		return errors.New("want a time above zero with its unit, such as 50s or 2m")
	}
	d.value = v
	return nil
}

// list is a flag of values between commas. Given several times it adds up; what
// repeats counts once. The first time takes the place of the default.
type list[T comparable] struct {
	values []T
	text   string // of the default
	kind   string
	parse  func(string) (T, error)
	whole  bool                           // the text is one value, commas and all
	expand func(string) ([]string, error) // nil, or what one element stands for

	typed bool
}

func (f *list[T]) String() string { return f.text }
func (f *list[T]) Type() string   { return f.kind }

func (f *list[T]) Set(text string) error {
	elements := []string{text}
	if !f.whole {
		elements = split(text)
	}
	if f.expand != nil {
		var all []string
		for _, element := range elements {
			some, err := f.expand(element)
			if err != nil {
				return err
			}
			all = append(all, some...)
		}
		elements = all
	}
	var values []T
	for _, element := range elements {
		if element == "" {
			return errEmpty
		}
		v, err := f.parse(element)
		if err != nil {
			return err
		}
		values = append(values, v)
	}
	if !f.typed {
		f.values, f.typed = nil, true
	}
	for _, v := range values {
		if !slices.Contains(f.values, v) {
			f.values = append(f.values, v)
		}
	}
	return nil
}

var errEmpty = errors.New("an empty value: name at least one, with none left out between commas")

// defaults sets what holds until the flag is given. The texts must parse.
func (f *list[T]) defaults(texts ...string) error {
	if len(texts) == 0 {
		return nil
	}
	if f.typed {
		return nil // given on the command line
	}
	err := f.Set(strings.Join(texts, ","))
	f.text, f.typed = strings.Join(texts, ","), false
	return err
}

// split cuts a text at its commas. An element in double quotes keeps those it
// has: '"a,b.log",c.log' is two file names.
func split(text string) []string {
	var out []string
	for {
		if quoted, after, ok := cutQuoted(text); ok {
			out = append(out, quoted)
			if after == "" {
				return out
			}
			text = after[1:]
			continue
		}
		element, rest, more := strings.Cut(text, ",")
		out = append(out, strings.TrimSpace(element))
		if !more {
			return out
		}
		text = rest
	}
}

// cutQuoted returns the quoted element that text begins with, and what is after
// it: nothing, or a comma and more.
func cutQuoted(text string) (quoted, after string, ok bool) {
	rest, ok := strings.CutPrefix(text, `"`)
	if !ok {
		return "", "", false
	}
	quoted, after, ok = strings.Cut(rest, `"`)
	return quoted, after, ok && (after == "" || after[0] == ',')
}

// given reports whether any of the flags is on the command line.
func given(flags *pflag.FlagSet, names ...string) bool {
	return slices.ContainsFunc(names, flags.Changed)
}
