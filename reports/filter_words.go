package reports

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"zstdshop/internal/nearest"
)

var (
	// filterQuoted is what stands in quotes or is a regular expression: a value in which
	// anything may be.
	filterQuoted = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"(?:\\.|[^"\\])*"|:/(?:\\.|[^/\\])*/`) })
	filterKey    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:^|[\s(-])([^\s():*-][^\s():*]*):`) })
	// filterSign is a key and a value as other languages join them.
	filterSign = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:^|[\s(-])([A-Za-z_]+)\s*(!=|==?|>=?|<=?|~)\s*([^\s()]+)`)
	})
)

// filterNames are keys of benchstat's that are none of a cell.
var filterNames = []string{".name", ".fullname", ".unit", ".config", ".file"}

// unknownFilterKey names the first key of an expression that no cell can have; nil where
// there is none.
func unknownFilterKey(expression string) error {
	for _, found := range filterKey().FindAllStringSubmatch(filterQuoted().ReplaceAllString(expression, `""`), -1) {
		name := strings.TrimPrefix(found[1], "/")
		if slices.Contains(Keys(), name) || slices.Contains(filterNames, name) {
			continue
		}
		if near := nearest.Name(name, Keys()); near != "" {
			return fmt.Errorf("unknown key %q: did you mean %s?", name, near)
		}
		return fmt.Errorf("unknown key %q: there are %s", name, strings.Join(Keys(), ", "))
	}
	return nil
}

// explainFilter adds to the error of an expression that cannot be parsed what was
// probably meant.
func explainFilter(expression string, err error) error {
	sign := filterSign().FindStringSubmatch(filterQuoted().ReplaceAllString(expression, `""`))
	first, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	switch {
	case sign == nil:
		return fmt.Errorf("%s; write key:value, as in 'codec:klauspost -level:19'", first)
	case strings.HasPrefix(sign[2], "="):
		return fmt.Errorf("a colon joins key and value: write %s:%s", sign[1], sign[3])
	case sign[2] == "!=":
		return fmt.Errorf("a minus sign leaves cells out: write -%s:%s", sign[1], sign[3])
	}
	return fmt.Errorf("values are not compared by %s: name those that are wanted, as in %s:(%s OR ...)", sign[2], sign[1], sign[3])
}
