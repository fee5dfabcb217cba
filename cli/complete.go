package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"zstdshop/harness"
	"zstdshop/harness/plan"
)

// suggest tells the shell what values a flag may have, which are no files.
func suggest(cmd *cobra.Command, flag string, values ...cobra.Completion) {
	cmd.RegisterFlagCompletionFunc(flag, func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return after(typed, values), cobra.ShellCompDirectiveNoFileComp
	})
}

// completeAxis tells the shell what values the flag of an axis may have.
func completeAxis(cmd *cobra.Command, axis plan.Axis, reg *harness.Registry) {
	directive := cobra.ShellCompDirectiveDefault
	if !axis.Files {
		directive |= cobra.ShellCompDirectiveNoFileComp
	}
	if axis.Open {
		directive |= cobra.ShellCompDirectiveNoSpace
	}
	cmd.RegisterFlagCompletionFunc(axis.Name, func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var values []cobra.Completion
		for _, s := range axis.Suggest(reg, typed[strings.LastIndex(typed, ",")+1:]) {
			values = append(values, cobra.CompletionWithDesc(s.Text, s.About))
		}
		return after(typed, values), directive
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
