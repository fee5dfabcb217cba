package machine

import "testing"

func TestUsable(t *testing.T) {
	for _, test := range []struct {
		allowed int
		quota   float64
		want    int
	}{
		{8, 0, 8},
		{8, 2, 2},
		{8, 2.1, 3},
		{8, 0.5, 1},
		{2, 4, 2},
		{1, 0, 1},
		{0, 0, 1}, // a machine that tells nothing
	} {
		if got := Usable(Info{Usable: test.allowed, Quota: test.quota}); got != test.want {
			t.Errorf("%d CPUs allowed, quota %v: %d, want %d", test.allowed, test.quota, got, test.want)
		}
	}
}

func TestFingerprint(t *testing.T) {
	base := Info{Host: "a", OS: "linux", Kernel: "6.8.1", Arch: "amd64", CPU: "X", CPUs: 8, Usable: 4, Quota: 1.5,
		SMT: "on", Virtual: "KVM", LoadStart: 0.3}
	for _, test := range []struct {
		what   string
		change func(*Info)
		same   bool
	}{
		{"os", func(i *Info) { i.OS = "windows" }, false},
		{"arch", func(i *Info) { i.Arch = "arm64" }, false},
		{"cpu", func(i *Info) { i.CPU = "Y" }, false},
		{"cpus", func(i *Info) { i.CPUs = 16 }, false},
		{"usable", func(i *Info) { i.Usable = 2 }, false},
		{"quota", func(i *Info) { i.Quota = 2 }, false},
		{"smt", func(i *Info) { i.SMT = "off" }, false},
		{"virtual", func(i *Info) { i.Virtual = "" }, false},
		{"host", func(i *Info) { i.Host = "b" }, true},
		{"kernel", func(i *Info) { i.Kernel = "6.8.2" }, true},
		{"load", func(i *Info) { i.LoadStart = 7 }, true},
		{"memory", func(i *Info) { i.MemBytes, i.MemAvailable = 1, 1 }, true},
		{"governor and turbo", func(i *Info) { i.Governor, i.Turbo = "powersave", "on" }, true},
		{"an older fingerprint", func(i *Info) { i.Fingerprint = "0" }, true},
	} {
		other := base
		test.change(&other)
		if same := fingerprint(base) == fingerprint(other); same != test.same {
			t.Errorf("another %s: same fingerprint %v, want %v", test.what, same, test.same)
		}
	}
}
