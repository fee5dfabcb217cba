package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/machine"
	"zstdshop/harness/plan"
)

// The most that some counts may be: beyond it a typing error is likelier than a
// plan.
const (
	maxWorkers = 1024
	maxIters   = 1_000_000_000
	maxRate    = 1_000_000
)

// atLeastOne parses a count from 1 to most.
func atLeastOne(most int) func(string) (int, error) {
	return func(s string) (int, error) {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > most {
			return 0, fmt.Errorf("want a whole number from 1 to %d", most)
		}
		return n, nil
	}
}

// workerCount parses a count of workers, or max.
func workerCount(s string) (int, error) {
	if s == "max" {
		return machine.Usable(machine.Current()), nil
	}
	n, err := atLeastOne(maxWorkers)(s)
	if err != nil {
		return 0, fmt.Errorf("%w, or max for the CPUs there are", err)
	}
	return n, nil
}

// maxSweep is how many counts a range may stand for.
const maxSweep = 256

// sweep returns the counts that a range such as 1..8 or 1..max stands for, or what
// is no range as it is.
func sweep(s string) ([]string, error) {
	from, to, isRange := strings.Cut(s, "..")
	if !isRange {
		return []string{s}, nil
	}
	lo, err := workerCount(from)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	hi, err := workerCount(to)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", to, err)
	}
	if hi < lo || hi-lo >= maxSweep {
		return nil, fmt.Errorf("want a range that goes up, of at most %d counts, such as 1..8 or 1..max", maxSweep)
	}
	var out []string
	for n := lo; n <= hi; n++ {
		out = append(out, strconv.Itoa(n))
	}
	return out, nil
}

// level parses a level; which there are is the codec's to say.
func level(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0, errors.New("want a whole number on the zstd scale, such as 3, 19 or -5")
	}
	return n, nil
}

func seed(s string) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil {
		return 0, errors.New("want a whole number from 0 to 18446744073709551615")
	}
	return n, nil
}

// share parses "2%" or "0.02".
func share(s string) (float64, error) {
	digits, percent := strings.CutSuffix(strings.TrimSpace(s), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v > 0 && v < 1) {
		return 0, errors.New("want a share above 0 and below 100 %, such as 2% or 0.02")
	}
	return v, nil
}

// cpuList checks a list of CPUs such as 0-1,3.
func cpuList(s string) (string, error) {
	cpus, err := machine.ParseCPUs(s)
	if err != nil {
		return "", err
	}
	if have := machine.Current().CPUs; slices.Max(cpus) >= have {
		return "", fmt.Errorf("there is no CPU %d here: want some of 0..%d", slices.Max(cpus), have-1)
	}
	return s, nil
}

// oneOf parses one of a few names.
func oneOf(kind string, known ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		if !slices.Contains(known, s) {
			return "", harness.UnknownName(kind, s, known)
		}
		return s, nil
	}
}

// setting is an environment variable and the values that it is to have in turn,
// as typed: "GOGC=100,400".
func setting(s string) (string, error) {
	name, _, ok := strings.Cut(s, "=")
	switch {
	case !ok || name == "":
		return "", errors.New("want NAME=value[,value...], such as GOGC=100,400")
	case name == "GOMAXPROCS":
		return "", errors.New("use --gomaxprocs, which is checked against what the runner needs")
	case strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) }):
		return "", errors.New("want characters that print only: the value becomes part of the cells' names")
	}
	return s, nil
}

// environments multiplies settings into environments joined by ",".
func environments(settings []string) ([]string, error) {
	var out []string
	seen := map[string]bool{}
	for _, s := range settings {
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

// codecSpec is a codec and the level it is to have; none: those of --level.
type codecSpec struct {
	name  string
	level int
	own   bool
}

// codecNamed parses "klauspost" or "klauspost@3".
func codecNamed(reg *harness.Registry) func(string) (codecSpec, error) {
	return func(s string) (codecSpec, error) {
		name, text, own := strings.Cut(s, "@")
		codec, err := reg.Codec(name)
		if err != nil || !own {
			return codecSpec{name: name}, err
		}
		if codec.Info().Levels == nil {
			return codecSpec{}, fmt.Errorf("%s has no levels: write %s alone", name, name)
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return codecSpec{}, fmt.Errorf("the level after @ is no number: write %s@3", name)
		}
		if _, err := codec.EffectiveLevel(n); err != nil {
			return codecSpec{}, err
		}
		return codecSpec{name, n, true}, nil
	}
}

// codecLevels joins what is asked of each codec: its own levels, or all of
// levels.
func codecLevels(specs []codecSpec, levels []int) []plan.CodecLevels {
	var out []plan.CodecLevels
	for _, s := range specs {
		at := slices.IndexFunc(out, func(c plan.CodecLevels) bool { return c.Codec == s.name })
		if at < 0 {
			at = len(out)
			out = append(out, plan.CodecLevels{Codec: s.name})
		}
		asked := levels
		if s.own {
			asked = []int{s.level}
		}
		for _, l := range asked {
			if !slices.Contains(out[at].Levels, l) {
				out[at].Levels = append(out[at].Levels, l)
			}
		}
	}
	return out
}
