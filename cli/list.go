package cli

import (
	"bytes"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"zstdshop/harness/plan"
)

// listed is an entry of the catalogue as list writes it in JSON.
type listed struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	About string `json:"about"`
	// Available is false where this build cannot run the entry, and then About says why.
	Available bool `json:"available"`
	// Levels are those of a codec that has some.
	Levels *listedLevels `json:"levels,omitempty"`
}

// listedLevels are the lowest and the highest level, and whether they are the library's
// own and not zstd's.
type listedLevels struct {
	Min     int  `json:"min"`
	Max     int  `json:"max"`
	Default int  `json:"default"`
	Own     bool `json:"own"`
}

func (a *app) list() *cobra.Command {
	format := "table"
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list the codecs, runners, scenarios, embedded corpora and ways to cut records",
		Long: `Lists one entry a line with its kind. A codec that this build cannot run says
why on its line. --format json writes an array of objects with the members kind,
name, about, available, and of codecs levels.

Exit status: 0 done; 2 wrong usage.`,
		Example: "  zstdshop list\n  zstdshop list | grep ^codec\n  zstdshop list --format json",
		Args:    noArguments("write `zstdshop list | grep` for some of it"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var b bytes.Buffer
			if err := a.writeList(&b, format); err != nil {
				return err
			}
			_, err := a.stdout.Write(b.Bytes())
			return err
		},
	}
	choice(cmd, &format, "format", "format", "name", "table or json", "table", "json")
	return cmd
}

func (a *app) writeList(b *bytes.Buffer, format string) error {
	entries := a.listed()
	if format == "json" {
		return writeJSON(b, entries)
	}
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, l := range entries {
		fmt.Fprintf(w, "%s\t%s\t%s\n", l.Kind, l.Name, l.About)
	}
	return w.Flush()
}

// listed returns the catalogue in order of registration, kind by kind.
func (a *app) listed() []listed {
	var all []listed
	for _, kind := range []string{"codec", "runner", "scenario", "corpus", "records"} {
		for _, s := range plan.AxisOf(kind).Suggest(a.reg, "") {
			entry := listed{Kind: kind, Name: s.Text, About: s.About, Available: true}
			if kind == "codec" {
				info, _, _ := a.reg.Infos(s.Text, "", "")
				entry.Available = info.Unavailable == ""
				if l := info.Levels; l != nil {
					entry.Levels = &listedLevels{l.Min, l.Max, l.Default, l.Own}
				}
			}
			all = append(all, entry)
		}
	}
	return all
}
