package html

import (
	"slices"
	"testing"
)

// The legend of a picture over all formats names each codec in a colour of its own.
func TestLegendOfAllFormats(t *testing.T) {
	f := Front{Codecs: []string{"klauspost", "datadog", "s2", "snappy", "lz4", "gzip", "kgzip", "brotli"}}
	p := &picture{W: narrowWidth}
	p.legend(f.legend())
	var names, looks []string
	for _, s := range p.Shapes {
		if s.Kind == "text" {
			names = append(names, s.Text)
		} else if !slices.Contains(looks, s.Class) {
			looks = append(looks, s.Class)
		}
	}
	if !slices.Equal(names, f.Codecs) || len(looks) != len(f.Codecs) {
		t.Errorf("the legend names %q in %d colours, want %q in as many", names, len(looks), f.Codecs)
	}
}
