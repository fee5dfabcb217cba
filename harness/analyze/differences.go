package analyze

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"zstdshop/harness/machine"
	"zstdshop/harness/result"
)

// A difference is a list of what two things have otherwise.
type difference []string

func (d *difference) add(what, old, new string) {
	if old != new {
		*d = append(*d, fmt.Sprintf("%s (%s, then %s)", what, orNone(old), orNone(new)))
	}
}

func (d difference) String() string { return strings.Join(d, ", ") }

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// machineDifference names what makes two fingerprints differ.
func machineDifference(a, b machine.Info) string {
	var d difference
	d.add("system", a.OS, b.OS)
	d.add("architecture", a.Arch, b.Arch)
	d.add("CPU", a.CPU, b.CPU)
	d.add("CPUs", fmt.Sprint(a.CPUs), fmt.Sprint(b.CPUs))
	d.add("usable CPUs", fmt.Sprint(a.Usable), fmt.Sprint(b.Usable))
	d.add("CPU limit", fmt.Sprint(a.Quota), fmt.Sprint(b.Quota))
	d.add("SMT", a.SMT, b.SMT)
	d.add("hypervisor", a.Virtual, b.Virtual)
	if d == nil {
		d.add("fingerprint", a.Fingerprint, b.Fingerprint)
	}
	return d.String()
}

// settingsDifference names what may differ under one fingerprint and yet
// change the speed.
func settingsDifference(a, b machine.Info) string {
	var d difference
	d.add("kernel", a.Kernel, b.Kernel)
	d.add("governor", a.Governor, b.Governor)
	d.add("turbo", a.Turbo, b.Turbo)
	d.add("environment of Go", a.GoEnv, b.GoEnv)
	return d.String()
}

// buildDifference names what two builds have otherwise; "" where all that is
// known is the same.
func buildDifference(a, b result.Build) string {
	var d difference
	d.add("version", a.Version, b.Version)
	d.add("commit", revision(a), revision(b))
	d.add("Go", a.Go, b.Go)
	d.add("cgo", fmt.Sprint(a.CGO), fmt.Sprint(b.CGO))
	both := func(a, b map[string]string) []string {
		all := maps.Clone(a)
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, b)
		return slices.Sorted(maps.Keys(all))
	}
	for _, name := range both(a.Settings, b.Settings) {
		d.add(name, a.Settings[name], b.Settings[name])
	}
	for _, name := range both(a.Libraries, b.Libraries) {
		d.add("library of "+name, a.Libraries[name], b.Libraries[name])
	}
	if d == nil {
		d.add("their bytes", short(a.Binary), short(b.Binary))
	}
	return d.String()
}

func short(digest string) string { return digest[:min(len(digest), 12)] }
