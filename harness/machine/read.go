package machine

import (
	"cmp"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// Read collects what src tells. It never fails: what cannot be read is a fact
// that this system does not tell.
func Read(src Source) Info {
	f := files{src.Root}
	total, available := memory(f)
	info := Info{
		Host:         src.Host,
		OS:           src.OS,
		Kernel:       f.text("/proc/sys/kernel/osrelease"),
		Arch:         src.Arch,
		CPU:          cmp.Or(cpuModel(f), strings.Join(strings.Fields(src.CPU), " ")),
		CPUs:         max(onlineCPUs(f), src.CPUs),
		Usable:       src.CPUs,
		Quota:        cpuQuota(f),
		MemBytes:     total,
		MemAvailable: available,
		MemLimit:     memLimit(f, total),
		Driver:       distinct(f, cpuDirs+"/cpufreq/scaling_driver"),
		Governor:     distinct(f, cpuDirs+"/cpufreq/scaling_governor"),
		Turbo:        turbo(f),
		SMT:          smt(f),
		Clock:        f.text("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
		Virtual:      virtual(f, src.Hypervisor),
		Container:    container(f, src.getenv("container")),
		LoadStart:    load(f),
		GoEnv:        goEnv(src.getenv),
	}
	info.Fingerprint = fingerprint(info)
	return info
}

// goEnv lists the settings of the Go runtime that worker processes inherit.
func goEnv(getenv func(string) string) string {
	var set []string
	for _, name := range []string{"GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GODEBUG"} {
		if value := getenv(name); value != "" {
			set = append(set, name+"="+value)
		}
	}
	return strings.Join(set, " ")
}

func (s Source) getenv(name string) string {
	if s.Getenv == nil {
		return ""
	}
	return s.Getenv(name)
}

// memory returns the machine's memory and how much of it is to be had, in
// bytes. Both are the host's, also inside a container.
func memory(f files) (total, available int64) {
	for line := range f.lines("/proc/meminfo") {
		name, value, _ := strings.Cut(line, ":")
		kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		switch name {
		case "MemTotal":
			total = kib << 10
		case "MemAvailable":
			available = kib << 10
		}
	}
	return total, available
}

func load(f files) float64 {
	one, _, _ := strings.Cut(f.text("/proc/loadavg"), " ")
	v, _ := strconv.ParseFloat(one, 64)
	return v
}

// files reads small text files by absolute path. What is not there is "".
type files struct{ root fs.FS }

func (f files) text(name string) string {
	if f.root == nil {
		return ""
	}
	data, err := fs.ReadFile(f.root, strings.TrimPrefix(name, "/"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(strings.TrimRight(string(data), "\x00"))
}

func (f files) lines(name string) func(yield func(string) bool) {
	return strings.Lines(f.text(name) + "\n")
}

func (f files) exists(name string) bool {
	if f.root == nil {
		return false
	}
	_, err := fs.Stat(f.root, strings.TrimPrefix(name, "/"))
	return err == nil
}

// distinct joins the different contents of all files that match by ",".
func distinct(f files, pattern string) string {
	if f.root == nil {
		return ""
	}
	names, _ := fs.Glob(f.root, strings.TrimPrefix(pattern, "/")) // the patterns are ours and valid
	var found []string
	for _, name := range names {
		found = append(found, f.text(name))
	}
	slices.Sort(found)
	return strings.Join(slices.Compact(found), ",")
}
