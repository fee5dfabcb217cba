package harness_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"zstdshop/codecs"
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
	if got := reg.Codecs(); !slices.Equal(got, []string{"fast", "slow", "raw", "gone", "few", "own"}) {
		t.Errorf("codecs in the order %v, want that of registration", got)
	}
}

func TestRegistryUnknown(t *testing.T) {
	_, err := standin.Registry(t).Codec("fsat")
	if !errors.Is(err, harness.ErrUnknown) {
		t.Fatalf("got %v, want ErrUnknown", err)
	}
	for _, want := range []string{`"fsat"`, "did you mean fast?", "fast, slow, raw, gone, few, own"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
}

// Streams are those of the first codec of this build that has them in the format.
func TestRegistryStreams(t *testing.T) {
	reg := new(harness.Registry)
	reg.AddCodec("plain", standin.Codec{})
	reg.AddCodec("gone", streams{standin.Codec{About: codecs.Info{Unavailable: "built without it"}}, "a"})
	reg.AddCodec("other", streams{standin.Codec{}, "b"})
	reg.AddCodec("first", streams{standin.Codec{About: codecs.Info{Library: "first"}}, "a"})
	reg.AddCodec("second", streams{standin.Codec{}, "a"})
	if s, ok := reg.Streams("a").(streams); !ok || s.About.Library != "first" {
		t.Errorf("got %+v", s)
	}
	if s := reg.Streams("c"); s != nil {
		t.Errorf("nobody has the format: %+v", s)
	}
}

// streams is a codec that says it has streams of a format.
type streams struct {
	standin.Codec
	format string
}

func (s streams) Streams() codecs.StreamInfo                          { return codecs.StreamInfo{Format: s.format} }
func (streams) StreamWindow(int) (int, error)                         { return 0, nil }
func (streams) NewWriter(io.Writer, int) (codecs.StreamWriter, error) { return nil, nil }
func (streams) NewReader(io.Reader) (codecs.StreamReader, error)      { return nil, nil }
