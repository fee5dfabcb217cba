package server

import (
	"slices"

	"zstdshop/harness/result"
)

// chooser is the choices of a result.Tuning resolved to codecs at hand.
type chooser []chosen

type chosen struct {
	from    int
	backend *backend
}

// resolve leaves out codecs that are not usable. Where nothing is left, or nothing
// was chosen, one codec serves every size: a foreign one where there is one. Native
// code was the faster at every size from 1 KiB to 256 KiB and on every corpus, the
// call into it included (docs/server.md).
func resolve(choices []result.Choice, usable []*backend) chooser {
	var c chooser
	for _, choice := range choices {
		if i := slices.IndexFunc(usable, func(b *backend) bool { return b.name == choice.Codec }); i >= 0 {
			c = append(c, chosen{choice.From, usable[i]})
		}
	}
	if len(c) == 0 {
		fallback := max(slices.IndexFunc(usable, func(b *backend) bool { return b.foreign }), 0)
		c = append(c, chosen{0, usable[fallback]})
	}
	return c
}

// choose returns the codec for size bytes of text.
func (c chooser) choose(size int) *backend {
	for i := len(c) - 1; i > 0; i-- {
		if size >= c[i].from {
			return c[i].backend
		}
	}
	return c[0].backend
}
