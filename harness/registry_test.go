package harness_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"zstdshop/harness"
	"zstdshop/harness/internal/standin"
)

func TestRegistryRefuses(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"", "empty name"}, {"fast", "taken"}, {"a,b", "letters"}, {"a@3", "letters"}, {"a/b", "letters"}, {"a=b", "letters"}, {"-a", "letters"},
	} {
		reg := standin.Registry(t)
		reg.AddCodec(c.name, standin.Codec{})
		if err := reg.Err(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("codec %q: got %v, want %q", c.name, err, c.want)
		}
	}
	reg := standin.Registry(t)
	reg.AddCodec("none", nil)
	reg.AddRunner("single", standin.Runner{})
	reg.AddScenario("", standin.Scenario{})
	for _, want := range []string{`codec "none": nil`, `runner "single": the name is taken`, `scenario: empty`} {
		if err := reg.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q among the errors", err, want)
		}
	}
}

func TestRegistryOrder(t *testing.T) {
	reg := standin.Registry(t)
	if got := reg.Codecs(); !slices.Equal(got, []string{"fast", "slow", "raw", "gone", "own"}) {
		t.Errorf("codecs in the order %v, want that of registration", got)
	}
}

func TestRegistryUnknown(t *testing.T) {
	_, err := standin.Registry(t).Codec("fsat")
	if !errors.Is(err, harness.ErrUnknown) {
		t.Fatalf("got %v, want ErrUnknown", err)
	}
	for _, want := range []string{`"fsat"`, "did you mean fast?", "fast, slow, raw, gone, own"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
}
