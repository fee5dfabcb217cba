package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"zstdshop/cli/internal/manpage"
	"zstdshop/harness/measure"
)

func (a *app) man() *cobra.Command {
	return &cobra.Command{
		Use:   "man [COMMAND | DIR]",
		Short: "print the manual page of a command, or write all pages into a folder",
		Long: `Prints the manual page of a command, without one that of zstdshop itself; or writes
the pages of all commands into the folder DIR, which is made where it is missing. What
names a command is one: a folder called so is ./bench. The pages have the date of
SOURCE_DATE_EPOCH, else of the commit that the program was built from, so that two
builds of one commit have the same.

Exit status: 0 done; 2 wrong usage, or DIR cannot be written.`,
		Example: `  zstdshop man | man -l -
  zstdshop man bench | man -l -
  zstdshop man ~/.local/share/man/man1`,
		DisableFlagsInUseLine: true,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 && pageOf(cmd.Root(), args) == nil {
				return fmt.Errorf("man takes one command or one folder, and %q is no command: write `zstdshop man DIR`, or see `zstdshop --help`", strings.Join(args, " "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			edition, err := a.edition()
			if err != nil {
				return err
			}
			if c := pageOf(cmd.Root(), args); c != nil {
				var page bytes.Buffer
				if err := manpage.Write(&page, c, edition); err != nil {
					return err
				}
				_, err := a.stdout.Write(page.Bytes())
				return err
			}
			return writePages(args[0], cmd.Root(), edition)
		},
	}
}

// pageOf returns the command that words name, or the name of its page; root where there
// are none, and nil for any other.
func pageOf(root *cobra.Command, words []string) *cobra.Command {
	name := strings.Join(append([]string{root.Name()}, words...), " ")
	for _, c := range manpage.Commands(root) {
		if c.CommandPath() == name || len(words) == 1 && manpage.Name(c) == words[0] {
			return c
		}
	}
	return nil
}

// writePages writes the pages of all commands into the folder dir.
func writePages(dir string, root *cobra.Command, edition manpage.Edition) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of the pages: %w", err)
	}
	for _, c := range manpage.Commands(root) {
		var page bytes.Buffer
		if err := manpage.Write(&page, c, edition); err != nil {
			return err
		}
		if err := writeFile(filepath.Join(dir, manpage.File(c)), page.Bytes()); err != nil {
			return fmt.Errorf("write the page of %s: %w", c.CommandPath(), err)
		}
	}
	return nil
}

// epochVariable holds the time that a build is to have, in seconds since 1970, as
// reproducible-builds.org has it.
const epochVariable = "SOURCE_DATE_EPOCH"

// edition is what pages say of this program.
func (a *app) edition() (manpage.Edition, error) {
	e := manpage.Edition{Version: measure.CurrentBuild(a.reg, nil).Version}
	if text := a.getenv(epochVariable); text != "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return e, fmt.Errorf("%s=%q: want seconds since 1970, such as 1700000000, or leave it unset", epochVariable, text)
		}
		e.Date = time.Unix(seconds, 0)
		return e, nil
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.time" {
				e.Date, _ = time.Parse(time.RFC3339, s.Value) // none where it is no time
			}
		}
	}
	return e, nil
}
