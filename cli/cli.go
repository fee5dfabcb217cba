// Package cli is the command line: flags in, exit status out. It measures
// nothing itself; each command has a file of its own.
//
// Main is the whole of it for a program: hand it a registry and exit with what
// it returns. A plug-in is a main that registers a codec, runner or scenario of
// its own and calls the same Main.
package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/measure"
	"zstdshop/harness/worker"
)

// Main runs the program on args (without its name) and returns the exit status.
// An interrupt, SIGTERM or SIGHUP ends the work in an orderly way; a second one
// ends the process. reg is only read.
func Main(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, reg *harness.Registry) int {
	a := &app{reg: reg, args: args, stdin: stdin, stdout: stdout, stderr: stderr, getenv: os.Getenv}
	if err := reg.Err(); err != nil {
		return a.status(err)
	}
	if len(args) == 1 && args[0] == measure.WorkerCommand {
		// Before anything else is set up: a worker starts for every fork.
		if err := worker.Serve(ctx, stdin, stdout, reg); err != nil {
			fmt.Fprintf(stderr, "worker: %v\n", err)
			return exitFailed
		}
		return exitOK
	}
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(ctx, ends...)
	defer stop()
	context.AfterFunc(ctx, stop) // so that the second one has its usual effect

	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	help := &checkedWriter{Writer: stdout}
	root.SetOut(help)
	root.SetErr(stderr)
	return a.status(cmp.Or(root.ExecuteContext(ctx), help.err))
}

// checkedWriter keeps the first error, which cobra passes over.
type checkedWriter struct {
	io.Writer
	err error
}

func (w *checkedWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.err = cmp.Or(w.err, err)
	return n, err
}

func (a *app) root() *cobra.Command {
	var version bool
	root := &cobra.Command{
		Use:   "zstdshop",
		Short: "which compression codec and which concurrency model, measured on your machine and your data",
		Long: `zstdshop measures compression codecs under concurrency models and says which
to use. Every cell of the matrix (scenario x codec and level x runner x corpus)
runs in processes of its own whose turns are interleaved in random order, so
that interference spread over all of them.`,
		Example: `  zstdshop bench
  zstdshop bench --corpus access.log --codec klauspost@3,datadog@3 --runner pool --workers 1,2,4
  zstdshop report --format markdown`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if version {
				return a.printVersion(false)
			}
			return cmd.Help()
		},
	}
	root.Flags().BoolVar(&version, "version", false, "the same as the command version")
	root.SetFlagErrorFunc(a.flagError)
	root.SetHelpCommand(a.help())
	root.AddCommand(a.bench(a.resume), a.compare(), a.gate(), a.history(), a.report(), a.agent(), a.fleetList(), a.dict(), a.list(), a.doctor(), a.version(), a.completion(), a.man(), a.calibrate(), a.serve())
	return root
}
