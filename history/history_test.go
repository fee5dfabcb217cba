package history

import (
	"slices"
	"testing"

	"zstdshop/harness/result"
)

// A metric that has a name here is kept, whether or not it is compared.
func TestNamedMetricsAreKept(t *testing.T) {
	for _, m := range result.Metrics() {
		if m.History != "" && !slices.Contains(Metrics(), m.History) {
			t.Errorf("%s: not among %v", m.History, Metrics())
		}
	}
}
