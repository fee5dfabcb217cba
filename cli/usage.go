package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"zstdshop/harness"
	"zstdshop/internal/nearest"
)

// flagError says which flag was wrong, and what is right instead.
func (a *app) flagError(cmd *cobra.Command, err error) error {
	see := fmt.Sprintf("(see `%s --help`)", cmd.CommandPath())
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return badValue(e.GetFlag(), e.GetValue(), e.Unwrap())
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return fmt.Errorf("--%s needs a value: %s %s", e.GetFlag().Name, e.GetFlag().Usage, see)
	}
	e, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok {
		return fmt.Errorf("%w %s", err, see)
	}
	// The root parses the flags of a command that it does not know.
	if name := a.firstWord(); !cmd.HasParent() && name != "" {
		return unknownCommand(cmd, name)
	}
	name := e.GetSpecifiedName()
	if letters := e.GetSpecifiedShortnames(); letters != "" {
		return fmt.Errorf("unknown flag -%s: flags are words with two dashes %s", letters, see)
	}
	if other := otherWords[name]; cmd.Flags().Lookup(other) != nil {
		return fmt.Errorf("unknown flag --%s: did you mean --%s? %s", name, other, see)
	}
	var known []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
	if near := nearest.Name(name, known); near != "" {
		return fmt.Errorf("unknown flag --%s: did you mean --%s? %s", name, near, see)
	}
	return fmt.Errorf("unknown flag --%s %s", name, see)
}

// otherWords are what other programs call flags of this one, where no command has a flag
// of that name.
var otherWords = map[string]string{
	"port": "addr", "listen": "addr", "bind": "addr",
	"server": "connect", "servers": "connect", "url": "connect",
	"output": "export", "json": "export",
	"duration": "budget", "time": "budget", "threads": "workers",
}

func badValue(f *pflag.Flag, value string, why error) error {
	_, number := errors.AsType[*strconv.NumError](why)
	switch {
	case f.Value.Type() == "bool":
		why = fmt.Errorf("want true or false: --%s alone is true", f.Name)
	case number:
		why = errors.New("want a whole number")
	case strings.Contains(why.Error(), strconv.Quote(value)): // said already
		return fmt.Errorf("--%s: %w", f.Name, why)
	}
	return fmt.Errorf("--%s %q: %w", f.Name, value, why)
}

// firstWord is the first argument that is no flag; "" where there is none.
func (a *app) firstWord() string {
	i := slices.IndexFunc(a.args, func(s string) bool { return !strings.HasPrefix(s, "-") })
	if i < 0 {
		return ""
	}
	return a.args[i]
}

// knownCommand is for the root, whose arguments are names of commands.
func knownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return unknownCommand(root, args[0])
}

func unknownCommand(root *cobra.Command, name string) error {
	var known []string
	for _, c := range root.Commands() {
		if !c.Hidden {
			known = append(known, c.Name())
		}
	}
	return fmt.Errorf("%w (see `zstdshop --help`)", harness.UnknownName("command", name, known))
}

// noArguments is for commands that have flags only. instead is the remedy, where
// there is a better one than leaving the argument out.
func noArguments(instead string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		if instead == "" {
			instead = "leave it out"
		}
		return fmt.Errorf("%s takes no arguments, got %q: %s (see `%s --help`)", cmd.Name(), args[0], instead, cmd.CommandPath())
	}
}
