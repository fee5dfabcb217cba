package corpus

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
)

// The range of block sizes, in bytes. Below 1 KiB a task is too short compared
// with the call around it.
const (
	MinBlock = 1 << 10
	MaxBlock = MaxBytes
)

// A Range is a piece of a corpus: Length bytes from Offset, counted over all
// members one after the other. The offset is also that in the spooled file.
type Range struct {
	Offset int64 // >= 0
	Length int64 // > 0
}

// Blocks cuts every member into ranges of block bytes; the last one of a member
// may be shorter. A block <= 0 leaves members whole. No range spans two members
// and empty members have none. So ranges are in order, adjacent, and cover
// every byte once.
func Blocks(members []Member, block int64) []Range {
	var ranges []Range
	var offset int64
	for _, m := range members {
		end := offset + int64(len(m.Data))
		step := block
		if block <= 0 {
			step = end - offset
		}
		for offset < end {
			length := min(step, end-offset)
			ranges = append(ranges, Range{offset, length})
			offset += length
		}
	}
	return ranges
}

// ParseBlock parses a block size: "whole", which is 0 and leaves members whole,
// or bytes with or without a unit such as KiB, KB or MiB, from MinBlock to
// MaxBlock. Fractions are allowed where they give whole bytes: "1.5KiB".
func ParseBlock(s string) (int64, error) {
	if strings.EqualFold(s, "whole") {
		return 0, nil
	}
	bytes, err := parseSize(s)
	if err != nil {
		if err == errNoSize {
			err = fmt.Errorf("%w, or whole", err)
		}
		return 0, fmt.Errorf("block %q: %w", s, err)
	}
	switch {
	case bytes.Cmp(new(big.Rat).SetInt64(MinBlock)) < 0, bytes.Cmp(new(big.Rat).SetInt64(MaxBlock)) > 0:
		return 0, fmt.Errorf("block %q: out of range: write 1KiB to 1GiB, or whole to leave files uncut", s)
	case !bytes.IsInt():
		return 0, fmt.Errorf("block %q: not a whole number of bytes", s)
	}
	return bytes.Num().Int64(), nil
}

// ParseSize parses a size of least to most bytes, with or without a unit such as KiB,
// KB or MiB.
func ParseSize(s string, least, most int64) (int64, error) {
	size, err := parseSize(s)
	if err != nil {
		return 0, err
	}
	if !size.IsInt() || size.Cmp(big.NewRat(least, 1)) < 0 || size.Cmp(big.NewRat(most, 1)) > 0 {
		return 0, fmt.Errorf("out of range: write whole bytes from %d to %d", least, most)
	}
	return size.Num().Int64(), nil
}

// parseSize parses bytes with or without a unit, and with a fraction where somebody
// writes one.
func parseSize(s string) (*big.Rat, error) {
	number, unit := s, ""
	if i := strings.IndexFunc(s, func(c rune) bool { return c != '.' && (c < '0' || c > '9') }); i >= 0 {
		number, unit = s[:i], strings.TrimSpace(s[i:])
	}
	scale, err := unitBytes(unit)
	if err != nil {
		return nil, err
	}
	bytes, ok := new(big.Rat).SetString(number)
	if !ok {
		return nil, errNoSize
	}
	return bytes.Mul(bytes, new(big.Rat).SetInt64(scale)), nil
}

var errNoSize = errors.New("not a size: write bytes such as 65536, a size such as 64KiB")

// unitBytes returns the number of bytes in a unit, upper or lower case.
func unitBytes(unit string) (int64, error) {
	switch strings.ToLower(unit) {
	case "", "b":
		return 1, nil
	case "kib":
		return 1 << 10, nil
	case "mib":
		return 1 << 20, nil
	case "gib":
		return 1 << 30, nil
	case "kb":
		return 1e3, nil
	case "mb":
		return 1e6, nil
	case "gb":
		return 1e9, nil
	case "k", "m", "g":
		// zstd takes K for 1024, others for 1000: a guess would be wrong for
		// half of the users.
		letter := strings.ToUpper(unit)
		return 0, fmt.Errorf("%s may be 1000 or 1024 based: write %sB or %siB", letter, letter, letter)
	}
	return 0, errNoSize
}
