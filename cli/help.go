package cli

import (
	"github.com/spf13/cobra"
)

// help is the command help; unlike cobra's own it knows when it has none.
func (a *app) help() *cobra.Command {
	return &cobra.Command{
		Use:                   "help [command]",
		Short:                 "explain a command, its flags and its exit status",
		Example:               "  zstdshop help bench",
		DisableFlagsInUseLine: true,
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var out []cobra.Completion
			for _, c := range cmd.Root().Commands() {
				if len(args) == 0 && c.IsAvailableCommand() {
					out = append(out, cobra.CompletionWithDesc(c.Name(), c.Short))
				}
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			topic, rest, err := cmd.Root().Find(args)
			if err != nil {
				return err
			}
			if len(rest) > 0 {
				return unknownCommand(cmd.Root(), rest[0])
			}
			topic.InitDefaultHelpFlag()
			return topic.Help()
		},
	}
}
