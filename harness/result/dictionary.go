package result

import (
	"fmt"
	"strconv"
	"strings"
)

// Dictionary is what a cell's frames begin with.
type Dictionary struct {
	Bytes  int    `json:"bytes"`
	Digest string `json:"digest"`      // SHA-256 in hex
	ID     int64  `json:"id,omitzero"` // by which frames name it; 0 where they do not
	// Of one that was trained in this run: what trained it, on how much, and how long
	// that took.
	Trainer     string `json:"trainer,omitempty"`
	Samples     int    `json:"samples,omitzero"`
	SampleBytes int64  `json:"sample_bytes,omitzero"`
	TrainNS     int64  `json:"train_ns,omitzero"`
	// ContextNS is how long it took to make a codec context with it.
	ContextNS int64 `json:"context_ns,omitzero"`
}

// dictTrain begins the key of a dictionary that is trained in the run.
const dictTrain = "train:"

// TrainName is the key of a dictionary of at most so many bytes that is trained in the
// run: "train:16KiB".
func TrainName(size int) string {
	if size%(1<<10) == 0 {
		return fmt.Sprintf("%s%dKiB", dictTrain, size>>10)
	}
	return dictTrain + strconv.Itoa(size)
}

// TrainSize is the size of a key that TrainName returned; false for any other.
func TrainSize(name string) (size int, ok bool) {
	text, ok := strings.CutPrefix(name, dictTrain)
	unit := 1
	if kib, found := strings.CutSuffix(text, "KiB"); found {
		text, unit = kib, 1<<10
	}
	n, err := strconv.Atoi(text)
	return n * unit, ok && err == nil && n > 0
}
