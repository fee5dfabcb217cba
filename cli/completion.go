package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) completion() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	parse := oneOf("shell", shells...)
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "print a script that teaches a shell to complete commands, flags and their values",
		Long: `Prints a script for the shell named. It asks zstdshop itself for values, so it
knows the codecs, runners, scenarios and corpora of this build.

Exit status: 0 done; 2 wrong usage.`,
		Example: `  source <(zstdshop completion bash)
  zstdshop completion bash > ~/.local/share/bash-completion/completions/zstdshop
  zstdshop completion zsh > "${fpath[1]}/_zstdshop"
  zstdshop completion fish > ~/.config/fish/completions/zstdshop.fish`,
		DisableFlagsInUseLine: true,
		ValidArgs:             shells,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("completion takes the name of one shell, got %d: write `zstdshop completion bash`, or zsh, fish, powershell", len(args))
			}
			_, err := parse(args[0])
			return err
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.stdout)
			case "fish":
				return root.GenFishCompletion(a.stdout, true)
			}
			return root.GenPowerShellCompletionWithDesc(a.stdout)
		},
	}
}
