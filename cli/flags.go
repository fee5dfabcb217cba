package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zstdshop/harness"
	"zstdshop/harness/plan"
)

// setting is a flag of one value, which it keeps in a variable. It parses its
// text itself, so that its errors say what it wants; they are shown behind the
// flag's name and the text.
type setting[T any] struct {
	to    *T
	kind  string // what help shows in the value's place
	text  string // of the default, then as typed
	parse func(string) (T, error)
}

func (f *setting[T]) String() string { return f.text }
func (f *setting[T]) Type() string   { return f.kind }

func (f *setting[T]) Set(text string) error {
	v, err := f.parse(text)
	if err == nil {
		*f.to, f.text = v, text
	}
	return err
}

// span is a flag of a time above zero, with its unit.
func span(to *time.Duration) pflag.Value {
	return &setting[time.Duration]{to, "time", to.String(), plan.Duration}
}

// share is a flag of a percentage; text is its default.
func share(to *float64, text string) pflag.Value {
	return &setting[float64]{to, "share", text, plan.Share}
}

// choice adds a flag of one of a few names, which the shell completes. what is how
// errors call them, kind how help does.
func choice(cmd *cobra.Command, to *string, name, what, kind, usage string, known ...string) {
	cmd.Flags().Var(&setting[string]{to, kind, *to, oneOf(what, known...)}, name, usage)
	suggest(cmd, name, known...)
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
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(f.values), "[]"), " ", ",")
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
