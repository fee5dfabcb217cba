package machine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/klauspost/cpuid/v2"
)

const dmi = "/sys/class/dmi/id/"

// virtual names the hypervisor as exactly as it can be told: by the product
// the firmware claims to be (the cloud's instance type, often), else by what
// the CPU answers. Firmware alone is believed only on CPUs that have no flag
// for it: on x86 a rented bare-metal machine carries its cloud's name too.
func virtual(f files, cpu string) string {
	flags, told := cpuFlags(f)
	vendor, product := f.text(dmi+"sys_vendor"), f.text(dmi+"product_name")
	guest := cpu != "" || slices.Contains(flags, "hypervisor") || f.exists("/proc/device-tree/hypervisor")
	if !guest && !told {
		guest = firmwareOfGuest(vendor, product)
	}
	switch {
	case !guest:
		return ""
	case strings.HasPrefix(product, vendor): // "Google" and "Google Compute Engine"; or both empty
		vendor = ""
	}
	return cmp.Or(strings.TrimSpace(vendor+" "+product), cpu, "unknown hypervisor")
}

// cpuFlags lists the flags of the first CPU; told is false where the kernel
// lists none, as outside x86.
func cpuFlags(f files) (flags []string, told bool) {
	for line := range f.lines("/proc/cpuinfo") {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "flags" {
			return strings.Fields(value), true
		}
	}
	return nil, false
}

func firmwareOfGuest(vendor, product string) bool {
	switch vendor {
	case "Amazon EC2":
		return !strings.HasSuffix(product, ".metal")
	case "Microsoft Corporation":
		return product == "Virtual Machine"
	case "Apple Inc.":
		return strings.HasPrefix(product, "Apple Virtualization")
	case "Hetzner":
		return product == "vServer"
	case "QEMU", "Google", "VMware, Inc.":
		return true
	}
	return strings.HasPrefix(product, "KVM")
}

// container tells by the marker files of docker and podman, the variable that
// others set, and the names they give to cgroups.
func container(f files, env string) bool {
	if env != "" || f.exists("/.dockerenv") || f.exists("/run/.containerenv") {
		return true
	}
	own := f.text("/proc/self/cgroup")
	return slices.ContainsFunc([]string{
		"/docker/", "/docker-", "/kubepods", "/libpod-", "/lxc/", "/lxc.payload", "/cri-containerd-", "/crio-", "/buildkit/",
	}, func(mark string) bool { return strings.Contains(own, mark) })
}

// hypervisorName is what the CPU calls its hypervisor.
func hypervisorName(id cpuid.Vendor, raw string) string {
	switch id {
	case cpuid.MSVM:
		return "Hyper-V"
	case cpuid.VendorUnknown:
		return cmp.Or(raw, "unknown hypervisor")
	}
	return id.String()
}
