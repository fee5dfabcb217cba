package plan

import (
	"fmt"
	"slices"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/result"
)

// shortStreams warns where records that were asked for become streams of their own: whoever
// means records of one stream names no records, and their length as the block.
func shortStreams(reg *harness.Registry, asked, m Matrix) []result.Warning {
	streaming := slices.DeleteFunc(slices.Clone(m["scenario"]), func(name string) bool {
		_, _, info := reg.Infos("", "", name)
		return info.Stream == 0
	})
	if len(asked["records"]) == 0 || len(streaming) == 0 {
		return nil
	}
	return []result.Warning{{Code: "record_streams",
		Text: fmt.Sprintf("--records makes each record a stream of its own in %s: for records written one after the other to a long stream leave it out, and give --block their length", strings.Join(streaming, ", "))}}
}
