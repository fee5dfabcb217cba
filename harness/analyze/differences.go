package analyze

import (
	"cmp"
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
		*d = append(*d, fmt.Sprintf("%s (%s, then %s)", what, cmp.Or(old, "none"), cmp.Or(new, "none")))
	}
}

func (d *difference) addAll(what string, old, new map[string]string) {
	names := slices.AppendSeq(slices.Collect(maps.Keys(old)), maps.Keys(new))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		d.add(what+name, old[name], new[name])
	}
}

func (d difference) String() string { return strings.Join(d, ", ") }

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
	d.addAll("", a.Settings, b.Settings)
	for _, name := range slices.Sorted(maps.Keys(a.Libraries)) {
		// A run names the libraries that it measures: of others nothing is known.
		if then, ok := b.Libraries[name]; ok {
			d.add("library of "+name, a.Libraries[name], then)
		}
	}
	if d == nil {
		d.add("their bytes", short(a.Binary), short(b.Binary))
	}
	return d.String()
}

// revision is the commit of a build, and whether the working tree had changed.
func revision(b result.Build) string {
	if b.Dirty {
		return short(b.Commit) + "+dirty"
	}
	return short(b.Commit)
}

func short(digest string) string { return digest[:min(len(digest), 12)] }
