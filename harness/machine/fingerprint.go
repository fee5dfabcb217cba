package machine

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// fingerprint is 12 hexadecimal digits, equal for machines whose figures may
// be held against each other: same CPU, same share of it, same system.
//
// The host name is left out because CI hands out a differently named machine
// of one kind every time; the kernel release because it changes every few
// weeks and would orphan every baseline for an effect that is small and shows
// up as a change point; load, memory in use, governor and turbo because they
// are interference, which checks and intervals deal with. Changing this
// list orphans all baselines, so the text hashed carries a version.
func fingerprint(info Info) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "1\nos %s\narch %s\ncpu %s\ncpus %d\nusable %d\nquota %.2f\nsmt %s\nvirtual %s\n",
		info.OS, info.Arch, info.CPU, info.CPUs, info.Usable, info.Quota, info.SMT, info.Virtual))
	return hex.EncodeToString(sum[:6])
}
