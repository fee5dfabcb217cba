package codecs

import "testing"

func TestModuleVersionOfAStranger(t *testing.T) {
	if got := ModuleVersion("example.com/never/linked"); got != "unknown" {
		t.Errorf("got %q, want unknown", got)
	}
}
