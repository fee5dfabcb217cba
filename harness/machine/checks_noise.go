package machine

import "fmt"

// Bounds of the checks. The precision named with a class of noise is a rule of
// thumb: on a guest with 30 % disturbed loops, two equal sides that took turns
// for ten seconds agreed within 0.2 to 0.5 % (one standard deviation); 2 % leaves
// room for that. calibrate measures it on the machine at hand.
const (
	disturbedQuiet  = 0.05
	disturbedUsable = 0.50 // more, and the 10th percentile is no longer the usual speed

	gapsFew   = 10 // per second of a busy CPU
	gapsMany  = 200
	gapLongNS = 10_000_000 // as long as a short slice

	copySpreadWide = 1.5

	clockCoarseNS = 1_000 // a step, against the 6 us of a sentinel
	clockSlowNS   = 250   // a read; 20 to 80 is usual
)

func checkNoise(info Info, noise Noise) Check {
	const name = "noise"
	percent := fmt.Sprintf("%.0f %% disturbed", 100*noise.Disturbed)
	switch {
	case noise.Loops == 0:
		return unknown(name, notProbed)
	case noise.ClockStepNS > clockCoarseNS || noise.SentinelNS == 0:
		return unknown(name, "the clock is too coarse to tell")
	case noise.Disturbed < disturbedQuiet:
		return ok(name, percent+": quiet, resolves 1 %")
	case noise.Disturbed > disturbedUsable:
		return bad(name, percent+": precision unknown", "longer --budget, and calibrate first")
	case info.Virtual != "":
		return warn(name, percent+": usable, resolves 2 %", "compare side by side; longer --budget")
	}
	return warn(name, percent+": usable, resolves 2 %", "stop other work; compare side by side")
}

func checkGaps(info Info, noise Noise) Check {
	const name = "gaps"
	if noise.Loops == 0 {
		return unknown(name, notProbed)
	}
	if noise.ClockStepNS > gapNS {
		return unknown(name, "the clock is too coarse to tell")
	}
	finding := fmt.Sprintf("%.0f a second, longest %.1f ms", noise.GapsPerSecond, float64(noise.LongestGapNS)/1e6)
	advice := "stop other work; fewer workers than CPUs"
	if info.Quota > 0 && info.Quota < float64(info.Usable) {
		advice = "the quota throttles: raise it"
	}
	switch {
	case noise.GapsPerSecond > gapsMany:
		return bad(name, finding, advice)
	case noise.GapsPerSecond > gapsFew || noise.LongestGapNS > gapLongNS:
		return warn(name, finding, advice)
	}
	return ok(name, finding)
}

func checkBandwidth(noise Noise) Check {
	const name = "bandwidth"
	if noise.CopyMBPerS == 0 {
		return unknown(name, notProbed)
	}
	finding := fmt.Sprintf("copies %.1f GB/s, p95/p5 %.2f", noise.CopyMBPerS/1e3, noise.CopySpread)
	if noise.CopySpread > copySpreadWide {
		return warn(name, finding, "large blocks need a longer --budget")
	}
	return ok(name, finding)
}

func checkClock(info Info, noise Noise) Check {
	const name = "clock"
	finding := info.Clock
	if noise.ClockNS > 0 {
		finding = fmt.Sprintf("%.0f ns a read, steps of %d ns", noise.ClockNS, noise.ClockStepNS)
		if info.Clock != "" {
			finding = info.Clock + ", " + finding
		}
	}
	switch info.Clock {
	case "hpet", "acpi_pm", "jiffies", "pit": // each read is a call into the kernel, or no better than a tick
		return warn(name, finding, "boot with clocksource=tsc, if stable")
	}
	switch {
	case finding == "":
		return untold(name, info)
	case noise.ClockStepNS > clockCoarseNS:
		return bad(name, finding, "sentinels are blind: longer --budget")
	case noise.ClockNS > clockSlowNS:
		return warn(name, finding, "latency of short tasks includes it")
	}
	return ok(name, finding)
}
