package machine

import (
	"math"
	"path"
	"slices"
	"strconv"
	"strings"
)

// cpuQuota is the CPU limit in cores that the cgroups of this process set; 0
// none. A limit anywhere on the way up binds, so the smallest wins. What lies
// above the root of a container's cgroup namespace does not show.
func cpuQuota(f files) float64 {
	quota := math.Inf(1)
	for _, dir := range cgroupDirs(f, "cpu") {
		max, period, _ := strings.Cut(f.text(dir+"/cpu.max"), " ") // v2: "max 100000"
		if max == "" {
			max, period = f.text(dir+"/cpu.cfs_quota_us"), f.text(dir+"/cpu.cfs_period_us") // v1: -1 none
		}
		used, err1 := strconv.ParseFloat(max, 64)
		of, err2 := strconv.ParseFloat(period, 64)
		if err1 == nil && err2 == nil && used > 0 && of > 0 {
			quota = min(quota, used/of)
		}
	}
	if math.IsInf(quota, 1) {
		return 0
	}
	return quota
}

// memLimit is the memory limit in bytes that the cgroups of this process set;
// 0 none. v1 says "none" by a number larger than any memory.
func memLimit(f files, total int64) int64 {
	limit := int64(math.MaxInt64)
	for _, dir := range cgroupDirs(f, "memory") {
		for _, name := range []string{"/memory.max", "/memory.limit_in_bytes"} {
			if n, err := strconv.ParseInt(f.text(dir+name), 10, 64); err == nil {
				limit = min(limit, n)
			}
		}
	}
	if limit >= 1<<60 || total > 0 && limit >= total {
		return 0
	}
	return limit
}

// cgroupDirs lists the directories of this process's own cgroup and of those
// above it that may limit the controller. v1 and v2 hierarchies are listed
// alike, because a machine may mount both: the files in them tell which it is.
func cgroupDirs(f files, controller string) []string {
	v1, v2 := ownCgroups(f, controller)
	var dirs []string
	for line := range f.lines("/proc/self/mountinfo") {
		mount, super, _ := strings.Cut(line, " - ") // proc_pid_mountinfo(5)
		fields, kind := strings.Fields(mount), strings.Fields(super)
		if len(fields) < 5 || len(kind) < 3 {
			continue
		}
		own := ""
		switch {
		case kind[0] == "cgroup2":
			own = v2
		case kind[0] == "cgroup" && slices.Contains(strings.Split(kind[2], ","), controller):
			own = v1
		}
		if own == "" {
			continue
		}
		root, point := fields[3], fields[4]
		for dir := path.Join(point, below(root, own)); ; dir = path.Dir(dir) {
			dirs = append(dirs, dir)
			if dir == point || dir == "/" {
				break
			}
		}
	}
	return dirs
}

// ownCgroups returns this process's path in the v1 hierarchy of the controller
// and in the v2 hierarchy; "" where it is in none. See cgroups(7).
func ownCgroups(f files, controller string) (v1, v2 string) {
	for line := range f.lines("/proc/self/cgroup") {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		switch {
		case parts[0] == "0" && parts[1] == "":
			v2 = parts[2]
		case slices.Contains(strings.Split(parts[1], ","), controller):
			v1 = parts[2]
		}
	}
	return v1, v2
}

// below is the way from a mount's root to the own cgroup. A container often
// sees its host's path, of which the mount shows nothing but the own end; then
// the mount point is the own cgroup.
func below(root, own string) string {
	rel, inside := strings.CutPrefix(own, strings.TrimSuffix(root, "/"))
	if !inside || !strings.HasPrefix(rel, "/") || strings.HasPrefix(rel, "/..") {
		return "/"
	}
	return rel
}
