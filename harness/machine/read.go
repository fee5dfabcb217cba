package machine

import (
	"cmp"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/klauspost/cpuid/v2"
)

// Source is where Read looks. Current uses the machine it runs on; a test can
// put together any other.
type Source struct {
	// Root is the root directory, of which /proc, /sys and a few marker files
	// are read; nil where there are no such files to read.
	Root fs.FS
	// Getenv looks up the environment; nil is an empty one.
	Getenv func(string) string

	Host, OS, Arch string
	CPU            string // model as the CPU names itself; "" it does not
	Hypervisor     string // as the CPU sees it; "" none or it does not tell
	CPUs           int    // logical CPUs this process may use
}

// Current reads the machine this process runs on. It takes well under a
// millisecond per CPU and is best called before the run makes load of its own.
func Current() Info { return Read(live()) }

func live() Source {
	host, _ := os.Hostname() // without a name the machine is as good
	src := Source{
		Getenv: os.Getenv,
		Host:   host,
		OS:     runtime.GOOS,
		Arch:   runtime.GOARCH,
		CPU:    cpuid.CPU.BrandName,
		CPUs:   len(allowedCPUs()),
	}
	if src.OS == "linux" {
		src.Root = os.DirFS("/")
	}
	if cpuid.CPU.Supports(cpuid.HYPERVISOR) {
		src.Hypervisor = hypervisorName(cpuid.CPU.HypervisorVendorID, cpuid.CPU.HypervisorVendorString)
	}
	return src
}

// Read collects what src tells. It never fails: what cannot be read is a fact
// that this system does not tell.
func Read(src Source) Info {
	f := files{src.Root}
	getenv := src.Getenv
	if getenv == nil {
		getenv = func(string) string { return "" }
	}
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
		SMT:          onOff(f.text("/sys/devices/system/cpu/smt/active")),
		Clock:        f.text("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
		Virtual:      virtual(f, src.Hypervisor),
		Container:    container(f, getenv("container")),
		LoadStart:    load(f),
		GoEnv:        goEnv(getenv),
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
