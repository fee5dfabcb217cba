package plan

import (
	"fmt"
	"strings"

	"zstdshop/harness"
	"zstdshop/harness/result"
	"zstdshop/scenarios/corpus"
)

// The values of --dict that are no files.
const (
	dictNone  = "none"
	dictTrain = "train"
)

// Sizes of dictionaries in bytes.
const (
	defaultDict = 16 << 10
	minDict     = 256
	MaxDict     = 16 << 20
)

// dict parses none, train, train:16KiB or the path of a file.
func dict(_ *harness.Registry, text string) ([]string, error) {
	how, size, sized := strings.Cut(text, ":")
	switch {
	case text == dictTrain:
		return []string{result.TrainName(defaultDict)}, nil
	case how == dictTrain && sized:
		n, err := DictSize(size)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", size, err)
		}
		return []string{result.TrainName(n)}, nil
	}
	return []string{text}, nil
}

// DictSize parses the size of a dictionary in bytes.
func DictSize(text string) (int, error) {
	n, err := corpus.ParseSize(text, minDict, MaxDict)
	return int(n), err
}

func setDict(c *result.Cell, value string) {
	if c.Dict = value; value == dictNone {
		c.Dict = ""
	}
}

func suggestDicts(*harness.Registry, string) []Suggestion {
	return []Suggestion{
		{dictNone, "no dictionary"},
		{dictTrain, "16 KiB that learn from half of the records; the other half is measured"},
		{"train:4KiB", "the same of another size"},
	}
}
