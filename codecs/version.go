package codecs

import (
	"runtime/debug"
	"sync"
)

var buildInfo = sync.OnceValue(func() *debug.BuildInfo {
	info, _ := debug.ReadBuildInfo()
	return info
})

// ModuleVersion is the version of the module at path that this program was
// built with, after replacement, or "unknown" where the build does not say.
func ModuleVersion(path string) string {
	info := buildInfo()
	if info == nil {
		return "unknown"
	}
	for _, m := range info.Deps {
		if m.Path != path {
			continue
		}
		if m.Replace != nil {
			m = m.Replace
		}
		if m.Version != "" {
			return m.Version
		}
	}
	return "unknown"
}
