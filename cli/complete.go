package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"zstdshop/codecs"
	"zstdshop/harness"
	"zstdshop/scenarios/corpus"
)

// complete tells the shell what the values of the matrix's flags may be.
func (m *matrix) complete(cmd *cobra.Command, reg *harness.Registry) {
	const noFiles, noSpace = cobra.ShellCompDirectiveNoFileComp, cobra.ShellCompDirectiveNoSpace
	flag := func(name string, directive cobra.ShellCompDirective, values ...cobra.Completion) {
		cmd.RegisterFlagCompletionFunc(name, func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return after(typed, values), directive
		})
	}
	flag("scenario", noFiles, scenarioNames(reg)...)
	flag("runner", noFiles, runnerNames(reg)...)
	flag("level", noFiles, "1", "3", "9", "19")
	flag("workers", noFiles, "max", "1", "2", "4")
	flag("corpus", cobra.ShellCompDirectiveDefault, corpusNames()...)
	flag("block", noFiles, "1KiB", "16KiB", "64KiB", "256KiB", "1MiB", "whole")
	flag("endpoint", noFiles, endpointNames(reg)...)
	flag("env", noFiles|noSpace, "GOGC=", "GOMEMLIMIT=", "GODEBUG=")
	flag("budget", noFiles, "10s", "50s", "2m", "10m")
	flag("precision", noFiles, "1%", "2%", "5%")
	for _, name := range []string{"rate", "iters", "cpus", "gomaxprocs", "reference", "seed", "timeout"} {
		flag(name, noFiles)
	}
	cmd.RegisterFlagCompletionFunc("codec", func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return after(typed, codecNames(reg, typed)), noFiles | noSpace
	})
}

// after puts what is typed already, up to its last comma, before every value.
func after(typed string, values []cobra.Completion) []cobra.Completion {
	done := typed[:strings.LastIndex(typed, ",")+1]
	out := make([]cobra.Completion, len(values))
	for i, v := range values {
		out[i] = done + v
	}
	return out
}

// codecNames lists the codecs, or with name@ typed some levels of that one.
func codecNames(reg *harness.Registry, typed string) []cobra.Completion {
	name, _, at := strings.Cut(typed[strings.LastIndex(typed, ",")+1:], "@")
	var out []cobra.Completion
	for _, known := range reg.Codecs() {
		codec, err := reg.Codec(known)
		switch {
		case err != nil:
		case !at:
			out = append(out, cobra.CompletionWithDesc(known, describe(codec.Info())))
		case known == name:
			for _, l := range []int{1, 3, 5, 9, 19} {
				if effective, err := codec.EffectiveLevel(l); err == nil && codec.Info().Levels != nil {
					out = append(out, cobra.CompletionWithDesc(fmt.Sprintf("%s@%d", name, l), fmt.Sprintf("effective level %d", effective)))
				}
			}
		}
	}
	return out
}

// describe is what lists say of a codec.
func describe(info codecs.Info) string {
	if info.Unavailable != "" {
		return "unavailable: " + info.Unavailable
	}
	text := fmt.Sprintf("%s (%s %s)", info.Summary, info.Library, info.Version)
	if info.Levels != nil {
		text += fmt.Sprintf(", levels %d..%d", info.Levels.Min, info.Levels.Max)
	}
	return text
}

func runnerNames(reg *harness.Registry) []cobra.Completion {
	var out []cobra.Completion
	for _, name := range reg.Runners() {
		if r, err := reg.Runner(name); err == nil {
			out = append(out, cobra.CompletionWithDesc(name, r.Info().Summary))
		}
	}
	return out
}

func scenarioNames(reg *harness.Registry) []cobra.Completion {
	var out []cobra.Completion
	for _, name := range reg.Scenarios() {
		if s, err := reg.Scenario(name); err == nil {
			out = append(out, cobra.CompletionWithDesc(name, s.Info().Summary))
		}
	}
	return out
}

// endpointNames is the endpoints of all scenarios.
func endpointNames(reg *harness.Registry) []string {
	var out []string
	for _, name := range reg.Scenarios() {
		if s, err := reg.Scenario(name); err == nil {
			for _, e := range s.Info().Endpoints {
				out = append(out, e.Name)
			}
		}
	}
	return out
}

func corpusNames() []cobra.Completion {
	var out []cobra.Completion
	for _, c := range corpus.List() {
		out = append(out, cobra.CompletionWithDesc(c.Name, c.Summary))
	}
	return out
}
