package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"zstdshop/harness"
	"zstdshop/harness/plan"
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

// oneOf parses one of a few names.
func oneOf(kind string, known ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		if !slices.Contains(known, s) {
			return "", harness.UnknownName(kind, s, known)
		}
		return s, nil
	}
}

// duration is a flag of a time above zero, with its unit.
type duration struct{ value time.Duration }

func (d *duration) String() string { return d.value.String() }
func (d *duration) Type() string   { return "time" }

func (d *duration) Set(text string) (err error) {
	v, err := plan.Duration(text)
	if err == nil {
		d.value = v
	}
	return err
}

// list is a flag of values between commas. Given several times it adds up; what
// repeats counts once. The first time takes the place of the default.
type list[T comparable] struct {
	values []T // at first the default
	kind   string
	parse  func(string) (T, error)

	typed bool
}

func (f *list[T]) Type() string { return f.kind }

func (f *list[T]) String() string {
	texts := make([]string, len(f.values))
	for i, v := range f.values {
		texts[i] = fmt.Sprint(v)
	}
	return strings.Join(texts, ",")
}

func (f *list[T]) Set(text string) error {
	var values []T
	for _, element := range plan.Split(text) {
		if element == "" {
			return plan.ErrEmpty
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

// axisFlag is a flag of an axis of the matrix.
type axisFlag struct {
	axis plan.Axis
	reg  *harness.Registry
	into plan.Matrix
	text string // of the default
}

func (f *axisFlag) String() string        { return f.text }
func (f *axisFlag) Type() string          { return f.axis.Kind }
func (f *axisFlag) Set(text string) error { return f.into.Add(f.reg, f.axis, text) }

// notAmong returns the flags given that are not free, as --NAME, --NAME.
func notAmong(flags *pflag.FlagSet, free ...string) string {
	var given []string
	flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains(free, f.Name) {
			given = append(given, "--"+f.Name)
		}
	})
	return strings.Join(given, ", ")
}
