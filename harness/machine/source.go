package machine

import (
	"cmp"
	"io/fs"
	"os"
	"runtime"

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

func hypervisorName(id cpuid.Vendor, raw string) string {
	switch id {
	case cpuid.MSVM:
		return "Hyper-V"
	case cpuid.VendorUnknown:
		return cmp.Or(raw, "unknown hypervisor")
	}
	return id.String()
}

func anyCPUs(n int) []int {
	cpus := make([]int, n)
	for i := range cpus {
		cpus[i] = i
	}
	return cpus
}
