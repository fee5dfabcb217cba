package fleet

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"zstdshop/harness"
	"zstdshop/harness/measure"
	"zstdshop/harness/result"
)

// Program is what must be the same on two machines for their figures to be about the
// machines, and not about two programs.
type Program struct {
	Version   string            `json:"version"`
	Commit    string            `json:"commit,omitempty"`
	Dirty     bool              `json:"dirty,omitempty"`
	Method    string            `json:"method"`
	Go        string            `json:"go"`
	Libraries map[string]string `json:"libraries"` // codec name -> "library version"
}

// maxLibraries is the most codecs a program may have.
const maxLibraries = 1000

// ThisProgram is the running one, with all of its codecs.
func ThisProgram(reg *harness.Registry) Program {
	return programOf(measure.CurrentBuild(reg, reg.Codecs()), result.Method)
}

func programOf(b result.Build, method string) Program {
	return Program{Version: b.Version, Commit: b.Commit, Dirty: b.Dirty, Method: method, Go: b.Go, Libraries: b.Libraries}
}

func (p Program) check() error {
	if len(p.Libraries) > maxLibraries {
		return fmt.Errorf("%d codecs", len(p.Libraries))
	}
	for _, text := range []string{p.Version, p.Commit, p.Method, p.Go} {
		if err := checkText("program", text); err != nil {
			return err
		}
	}
	for name, library := range p.Libraries {
		if err := checkText("codec", name+library); err != nil {
			return err
		}
	}
	return nil
}

// differs says what keeps another program's figures away from p's; "" nothing.
// Of the libraries those of the codecs named count.
func (p Program) differs(other Program, codecs []string) string {
	for _, part := range []struct{ what, want, got string }{
		{"method", p.Method, other.Method},
		{"version", p.Version, other.Version},
		{"commit", p.Commit, other.Commit},
		{"Go", p.Go, other.Go},
	} {
		if part.want != part.got {
			return fmt.Sprintf("its %s is %s, not %s", part.what, cmp.Or(part.got, "none"), cmp.Or(part.want, "none"))
		}
	}
	if p.Dirty != other.Dirty {
		return "one of the programs was built of changed sources"
	}
	for _, name := range codecs {
		if want, got := p.Libraries[name], other.Libraries[name]; want != got {
			return fmt.Sprintf("its codec %s is %s, not %s", name, cmp.Or(got, "missing"), cmp.Or(want, "missing"))
		}
	}
	return ""
}

// only is p with the libraries of the codecs named.
func (p Program) only(codecs []string) Program {
	p.Libraries = maps.Clone(p.Libraries)
	maps.DeleteFunc(p.Libraries, func(name, _ string) bool { return !slices.Contains(codecs, name) })
	return p
}

// codecsOf returns the names of the codecs of cells, in order.
func codecsOf(cells []result.Cell) []string {
	var names []string
	for _, c := range cells {
		if c.Codec != "" {
			names = append(names, c.Codec)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
