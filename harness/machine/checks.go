package machine

// States of a check.
const (
	StateOK      = "ok"
	StateWarn    = "warn"    // figures will be wider, or mean less, than they could
	StateBad     = "bad"     // figures from here can mislead
	StateUnknown = "unknown" // this system does not tell, or nobody looked
)

// Check is one thing that decides how far figures can be trusted. The texts
// are one line each; WriteText cuts them where a value in them is very long.
type Check struct {
	Name    string `json:"name"` // short and stable, e.g. "governor"
	State   string `json:"state"`
	Finding string `json:"finding"`
	Advice  string `json:"advice"` // what to do about it here; "" unless warn or bad
}

// Examine checks a machine, always the same things in the same order. The zero
// Noise says that there was no probe; what needs one is unknown then.
func Examine(info Info, noise Noise) []Check {
	return []Check{
		checkCores(info, noise),
		checkAffinity(info),
		checkQuota(info),
		checkSMT(info, noise),
		checkGovernor(info),
		checkTurbo(info),
		checkVirtual(info),
		checkContainer(info),
		checkMemory(info),
		checkLoad(info),
		checkNoise(info, noise),
		checkGaps(info, noise),
		checkBandwidth(noise),
		checkClock(info, noise),
		checkGoEnv(info),
	}
}

func ok(name, finding string) Check { return Check{name, StateOK, finding, ""} }

func warn(name, finding, advice string) Check { return Check{name, StateWarn, finding, advice} }

func bad(name, finding, advice string) Check { return Check{name, StateBad, finding, advice} }

func unknown(name, finding string) Check { return Check{name, StateUnknown, finding, ""} }

// untold says why a fact is missing.
func untold(name string, info Info) Check {
	if info.OS != "linux" {
		return unknown(name, "only Linux tells")
	}
	return unknown(name, "this system does not tell")
}

const notProbed = "not probed"
