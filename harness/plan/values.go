package plan

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"zstdshop/harness"
	"zstdshop/harness/machine"
)

// The most that some counts may be: beyond it a typing error is likelier than a
// plan.
const (
	maxWorkers = 1024
	maxIters   = 1_000_000_000
	maxRate    = 1_000_000
	maxSweep   = 256 // numbers of a range
)

// Count parses a whole number from 1 to most.
func Count(text string, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("want a whole number from 1 to %d", most)
	}
	return n, nil
}

func count(most int) func(*harness.Registry, string) ([]string, error) {
	return func(_ *harness.Registry, text string) ([]string, error) {
		n, err := Count(text, most)
		return []string{strconv.Itoa(n)}, err
	}
}

// workerCounts parses a count of workers, max, or a range such as 1..8 or 1..max.
func workerCounts(_ *harness.Registry, text string) ([]string, error) {
	all, err := sweep(text, workerCount)
	return texted(all), err
}

// sweep parses a number, or a range of them such as 1..8.
func sweep(text string, number func(string) (int, error)) ([]int, error) {
	from, to, isRange := strings.Cut(text, "..")
	lo, err := number(from)
	if !isRange {
		return []int{lo}, err
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	hi, err := number(to)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", to, err)
	}
	if hi < lo || hi-lo >= maxSweep {
		return nil, fmt.Errorf("want a range that goes up, of at most %d numbers, such as 1..8", maxSweep)
	}
	all := make([]int, hi-lo+1)
	for i := range all {
		all[i] = lo + i
	}
	return all, nil
}

// texted returns numbers as texts.
func texted(numbers []int) []string {
	out := make([]string, len(numbers))
	for i, n := range numbers {
		out[i] = strconv.Itoa(n)
	}
	return out
}

func workerCount(text string) (int, error) {
	if text == "max" {
		return machine.Usable(machine.Current()), nil
	}
	n, err := Count(text, maxWorkers)
	if err != nil {
		return 0, fmt.Errorf("%w, or max for the CPUs there are", err)
	}
	return n, nil
}

// Duration parses a time above zero, with its unit.
func Duration(text string) (time.Duration, error) {
	v, err := time.ParseDuration(text)
	if err != nil || v <= 0 {
		return 0, errors.New("want a time above zero with its unit, such as 50s or 2m")
	}
	return v, nil
}

// Share parses "2%" or "0.02".
func Share(text string) (float64, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v > 0 && v < 1) {
		return 0, errors.New("want a share above 0 and below 100 %, such as 2% or 0.02")
	}
	return v, nil
}

// Seed parses a seed.
func Seed(text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, errors.New("want a whole number from 0 to 18446744073709551615")
	}
	return n, nil
}

// cpuList checks a list of CPUs such as 0-1,3.
func cpuList(_ *harness.Registry, text string) ([]string, error) {
	cpus, err := machine.ParseCPUs(text)
	if err != nil {
		return nil, err
	}
	if have := machine.Current().CPUs; slices.Max(cpus) >= have {
		return nil, fmt.Errorf("there is no CPU %d here: want some of 0..%d", slices.Max(cpus), have-1)
	}
	return []string{text}, nil
}

// setting checks an environment variable with the values that it is to have in
// turn: "GOGC=100,400".
func setting(_ *harness.Registry, text string) ([]string, error) {
	name, _, ok := strings.Cut(text, "=")
	switch {
	case !ok || name == "":
		return nil, errors.New("want NAME=value[,value...], such as GOGC=100,400")
	case name == "GOMAXPROCS":
		return nil, errors.New("use --gomaxprocs, which is checked against what the runner needs")
	case strings.ContainsFunc(text, func(r rune) bool { return !strconv.IsPrint(r) }):
		return nil, errors.New("want characters that print only: the value becomes part of the cells' names")
	}
	return []string{text}, nil
}

// environments multiplies settings into environments joined by ",".
func environments(_ *harness.Registry, m map[string][]string) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for _, s := range m["env"] {
		name, values, _ := strings.Cut(s, "=")
		if seen[name] {
			return nil, fmt.Errorf("--env %q: %s is set by two flags: put all its values into one, with commas", s, name)
		}
		seen[name] = true
		var next []string
		for v := range strings.SplitSeq(values, ",") {
			if len(out) == 0 {
				next = append(next, name+"="+v)
			}
			for _, have := range out {
				next = append(next, have+","+name+"="+v)
			}
		}
		out = next
	}
	return out, nil
}
