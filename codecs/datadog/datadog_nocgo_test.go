//go:build !cgo

package datadog_test

import (
	"strings"
	"testing"

	"zstdshop/codecs/datadog"
)

func TestUnavailableNamesTheRemedy(t *testing.T) {
	if why := datadog.New().Info().Unavailable; !strings.Contains(why, "CGO_ENABLED=1") {
		t.Errorf("Unavailable is %q; want it to name CGO_ENABLED=1", why)
	}
}
