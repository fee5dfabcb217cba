package machine

import (
	"testing"
	"testing/fstest"
)

func TestMemLimit(t *testing.T) {
	const total = 8 << 30
	for _, test := range []struct {
		upper, own string
		want       int64
	}{
		{"max", "max", 0},
		{"max", "1073741824", 1 << 30},
		{"1073741824", "2147483648", 1 << 30},
		{"2147483648", "1073741824", 1 << 30},
		{"max", "8589934592", 0}, // as much as there is
		{"max", "0", 0},
		{"max", "lots", 0},
	} {
		root := fstest.MapFS{
			"proc/self/cgroup":               {Data: []byte("0::/a/b\n")},
			"proc/self/mountinfo":            {Data: []byte("30 1 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n")},
			"sys/fs/cgroup/a/memory.max":     {Data: []byte(test.upper + "\n")},
			"sys/fs/cgroup/a/b/memory.max":   {Data: []byte(test.own + "\n")},
			"sys/fs/cgroup/a/b/c/memory.max": {Data: []byte("4096\n")}, // a child's is not ours
		}
		if got := memLimit(files{root}, total); got != test.want {
			t.Errorf("%s above %s: %d bytes, want %d", test.upper, test.own, got, test.want)
		}
	}
}

func TestCPUQuota(t *testing.T) {
	const v2 = "30 1 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n"
	type tree map[string]string
	for _, test := range []struct {
		name       string
		own, mount string
		files      tree // below /sys/fs/cgroup
		want       float64
	}{
		{"none", "0::/a", v2, tree{"a/cpu.max": "max 100000"}, 0},
		{"own", "0::/a", v2, tree{"a/cpu.max": "50000 100000"}, 0.5},
		{"odd period", "0::/a", v2, tree{"a/cpu.max": "50000 20000"}, 2.5},
		{"root of a namespace", "0::/", v2, tree{"cpu.max": "200000 100000"}, 2},
		{"smallest on the way up", "0::/a/b/c", v2, tree{"a/cpu.max": "300000 100000", "a/b/cpu.max": "100000 100000", "a/b/c/cpu.max": "200000 100000"}, 1},
		{"not a sibling's", "0::/a/b", v2, tree{"a/x/cpu.max": "100000 100000"}, 0},
		{"above the namespace", "0::/../x", v2, tree{"cpu.max": "100000 100000", "x/cpu.max": "1000 100000"}, 1},
		{"not mounted", "0::/a", "", tree{"a/cpu.max": "50000 100000"}, 0},
		{"spoilt", "0::/a", v2, tree{"a/cpu.max": "many 100000"}, 0},
		{"no period", "0::/a", v2, tree{"a/cpu.max": "50000 0"}, 0},
		{"v1 of another controller", "2:cpuset:/a", "30 1 0:27 / /sys/fs/cgroup rw - cgroup cgroup rw,cpuset\n",
			tree{"a/cpu.cfs_quota_us": "50000", "a/cpu.cfs_period_us": "100000"}, 0},
		{"v1 below", "2:cpu,cpuacct:/a/b", "30 1 0:27 / /sys/fs/cgroup rw - cgroup cgroup rw,cpu,cpuacct\n",
			tree{"a/cpu.cfs_quota_us": "50000", "a/cpu.cfs_period_us": "100000"}, 0.5},
		{"v1 mount of a part", "2:cpu:/a/b", "30 1 0:27 /a /sys/fs/cgroup rw - cgroup cgroup rw,cpu\n",
			tree{"b/cpu.cfs_quota_us": "50000", "b/cpu.cfs_period_us": "100000", "a/b/cpu.cfs_quota_us": "10000", "a/b/cpu.cfs_period_us": "100000"}, 0.5},
		{"names alike", "2:cpu:/ab", "30 1 0:27 /a /sys/fs/cgroup rw - cgroup cgroup rw,cpu\n",
			tree{"b/cpu.cfs_quota_us": "50000", "b/cpu.cfs_period_us": "100000"}, 0},
	} {
		root := fstest.MapFS{
			"proc/self/cgroup":    {Data: []byte(test.own + "\n")},
			"proc/self/mountinfo": {Data: []byte(test.mount)},
		}
		for name, content := range test.files {
			root["sys/fs/cgroup/"+name] = &fstest.MapFile{Data: []byte(content + "\n")}
		}
		if got := cpuQuota(files{root}); got != test.want {
			t.Errorf("%s: %v cores, want %v", test.name, got, test.want)
		}
	}
}
