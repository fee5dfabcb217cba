package machine

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// recorded is a machine of testdata: the files of its root directory.
func recorded(t *testing.T, name string) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	root := fstest.MapFS{}
	for _, f := range archive.Files {
		root[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return root
}

func TestRead(t *testing.T) {
	const gib, kib = 1 << 30, 1 << 10
	for _, test := range []struct {
		machine string
		arch    string
		usable  int // CPUs of the affinity mask
		want    Info
	}{
		{"bare", "amd64", 32, Info{Kernel: "6.8.0-45-generic", CPU: "AMD Ryzen 9 5950X 16-Core Processor",
			CPUs: 32, MemBytes: 65765936 * kib, MemAvailable: 51200000 * kib, Driver: "acpi-cpufreq",
			Governor: "performance,schedutil", Turbo: "on", SMT: "on", Clock: "tsc", LoadStart: 0.42}},
		{"laptop", "amd64", 8, Info{Kernel: "6.11.4-arch1-1", CPU: "Intel(R) Core(TM) i7-8565U CPU @ 1.80GHz",
			CPUs: 8, MemBytes: 16077516 * kib, MemAvailable: 734003 * kib, Driver: "intel_pstate",
			Governor: "powersave", Turbo: "on", SMT: "on", Clock: "hpet", LoadStart: 9.1}},
		{"docker-v1", "amd64", 2, Info{Kernel: "4.15.0-213-generic", CPU: "Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz",
			CPUs: 4, Quota: 1.5, MemBytes: 32809932 * kib, MemAvailable: 30000000 * kib, MemLimit: gib / 2,
			SMT: "off", Container: true}},
		{"pod-v2", "amd64", 4, Info{Kernel: "5.15.0-1071-azure", CPU: "AMD EPYC 7763 64-Core Processor",
			CPUs: 4, Quota: 2.5, MemBytes: 16386384 * kib, MemAvailable: 14000000 * kib, MemLimit: 2 * gib,
			SMT: "on", Clock: "hyperv_clocksource_tsc_page", Virtual: "Microsoft Corporation Virtual Machine",
			Container: true, LoadStart: 3}},
		{"hybrid", "amd64", 3, Info{Kernel: "6.1.0", CPU: "AMD EPYC", CPUs: 3, MemBytes: 2048000 * kib,
			MemAvailable: 1800000 * kib, Virtual: "unknown hypervisor", Container: true}},
		{"graviton", "arm64", 2, Info{Kernel: "6.1.109-118.189.amzn2023.aarch64", CPU: "Neoverse-V1",
			CPUs: 2, MemBytes: 7955320 * kib, MemAvailable: 7400000 * kib, Clock: "arch_sys_counter",
			Virtual: "Amazon EC2 c7g.large", LoadStart: 0.1}},
		{"board", "arm64", 2, Info{CPU: "Cortex-A55 + arm implementer 0x51 part 0x804", CPUs: 2,
			MemBytes: 1000000 * kib, MemAvailable: 200000 * kib, Driver: "cpufreq-dt", Governor: "ondemand"}},
	} {
		want := test.want
		want.Host, want.OS, want.Arch, want.Usable = "h", "linux", test.arch, test.usable
		want.Fingerprint = fingerprint(want)
		got := Read(Source{Root: recorded(t, test.machine), Host: "h", OS: "linux", Arch: test.arch, CPUs: test.usable})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.machine, diff)
		}
	}
}

func TestReadWithoutFiles(t *testing.T) {
	env := map[string]string{"GOGC": "50", "GODEBUG": "gctrace=1,madvdontneed=1"}
	got := Read(Source{Getenv: func(name string) string { return env[name] },
		Host: "mac", OS: "darwin", Arch: "arm64", CPU: "Apple  M2 ", CPUs: 8})
	want := Info{Host: "mac", OS: "darwin", Arch: "arm64", CPU: "Apple M2", CPUs: 8, Usable: 8,
		GoEnv: "GOGC=50 GODEBUG=gctrace=1,madvdontneed=1"}
	want.Fingerprint = fingerprint(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestHypervisor(t *testing.T) {
	const x86, arm = "flags : fpu tsc", "CPU part : 0xd0c"
	for _, test := range []struct {
		cpuinfo, vendor, product string
		cpu                      string // as the CPU answers
		want                     string
	}{
		{x86, "", "", "", ""},
		{x86, "Amazon EC2", "m5.metal", "", ""},
		{x86, "Google", "Google Compute Engine", "", ""}, // rented bare metal
		{x86, "Amazon EC2", "m5.large", "KVM", "Amazon EC2 m5.large"},
		{x86 + " hypervisor", "QEMU", "Standard PC (Q35 + ICH9, 2009)", "", "QEMU Standard PC (Q35 + ICH9, 2009)"},
		{x86 + " hypervisor", "Google", "Google Compute Engine", "KVM", "Google Compute Engine"},
		{x86, "", "", "KVM", "KVM"},
		{x86, "Microsoft Corporation", "Surface Laptop 5", "", ""},
		{arm, "Amazon EC2", "c6g.metal", "", ""},
		{arm, "Amazon EC2", "c6g.large", "", "Amazon EC2 c6g.large"},
		{arm, "Microsoft Corporation", "Surface Pro 11", "", ""},
		{arm, "Apple Inc.", "Apple Virtualization Generic Platform", "", "Apple Inc. Apple Virtualization Generic Platform"},
	} {
		root := fstest.MapFS{"proc/cpuinfo": {Data: []byte(test.cpuinfo + "\n")}}
		root["sys/class/dmi/id/sys_vendor"] = &fstest.MapFile{Data: []byte(test.vendor + "\n")}
		root["sys/class/dmi/id/product_name"] = &fstest.MapFile{Data: []byte(test.product + "\n")}
		if got := virtual(files{root}, test.cpu); got != test.want {
			t.Errorf("%q %q %q %q: %q, want %q", test.cpuinfo, test.vendor, test.product, test.cpu, got, test.want)
		}
	}
}

func TestContainer(t *testing.T) {
	for _, test := range []struct {
		cgroup, env string
		want        bool
	}{
		{"0::/", "", false},
		{"0::/user.slice/user-1000.slice", "", false},
		{"0::/system.slice/docker.service", "", false}, // the daemon itself
		{"0::/", "podman", true},
		{"0::/system.slice/docker-4f5e.scope", "", true},
		{"3:cpu:/docker/4f5e", "", true},
		{"0::/kubepods.slice/pod12.slice", "", true},
		{"0::/machine.slice/libpod-77.scope", "", true},
		{"0::/lxc.payload.web/init.scope", "", true},
	} {
		root := fstest.MapFS{"proc/self/cgroup": {Data: []byte(test.cgroup + "\n")}}
		if got := container(files{root}, test.env); got != test.want {
			t.Errorf("%q %q: %v, want %v", test.cgroup, test.env, got, test.want)
		}
	}
}

func TestTurbo(t *testing.T) {
	for _, test := range []struct{ noTurbo, boost, want string }{
		{"0", "", "on"},
		{"1", "", "off"},
		{"", "1", "on"},
		{"", "0", "off"},
		{"1", "1", "off"}, // the driver in charge is asked first
		{"", "", ""},
	} {
		root := fstest.MapFS{
			"sys/devices/system/cpu/intel_pstate/no_turbo": {Data: []byte(test.noTurbo + "\n")},
			"sys/devices/system/cpu/cpufreq/boost":         {Data: []byte(test.boost + "\n")},
		}
		if got := turbo(files{root}); got != test.want {
			t.Errorf("no_turbo %q, boost %q: %q, want %q", test.noTurbo, test.boost, got, test.want)
		}
	}
}

func TestOnlineCPUs(t *testing.T) {
	for list, want := range map[string]int{"0": 1, "0-1": 2, "0-3,8,10-11": 7, "": 0, "all": 0, "0-x": 0} {
		root := fstest.MapFS{"sys/devices/system/cpu/online": {Data: []byte(list + "\n")}}
		if got := onlineCPUs(files{root}); got != want {
			t.Errorf("%q: %d, want %d", list, got, want)
		}
	}
}

func TestCurrent(t *testing.T) {
	info := Current()
	if info.OS == "" || info.Arch == "" || info.CPUs < 1 || info.Usable < 1 || info.Usable > info.CPUs {
		t.Errorf("a machine must have a system and a CPU to run this: %+v", info)
	}
	if len(info.Fingerprint) != 12 || strings.Trim(info.Fingerprint, "0123456789abcdef") != "" {
		t.Errorf("fingerprint %q, want 12 hexadecimal digits", info.Fingerprint)
	}
}
