package server

import (
	"slices"

	"zstdshop/harness/result"
)

// chooser is the choices of a result.Tuning resolved to codecs at hand.
type chooser struct {
	bySize []chosen
	// dicts serves requests with a dictionary where the one chosen takes none; nil where
	// none does.
	dicts *backend
}

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
			c.bySize = append(c.bySize, chosen{choice.From, usable[i]})
		}
	}
	if len(c.bySize) == 0 {
		fallback := max(slices.IndexFunc(usable, func(b *backend) bool { return b.foreign }), 0)
		c.bySize = append(c.bySize, chosen{0, usable[fallback]})
	}
	at := slices.IndexFunc(usable, func(b *backend) bool { return b.dicts != nil && b.foreign })
	if at < 0 {
		at = slices.IndexFunc(usable, func(b *backend) bool { return b.dicts != nil })
	}
	if at >= 0 {
		c.dicts = usable[at]
	}
	return c
}

// choose returns the codec for size bytes of text, with a dictionary or without. Where a
// server has dictionaries a codec of its takes them.
func (c chooser) choose(size int, dict bool) *backend {
	b := c.bySize[0].backend
	for i := len(c.bySize) - 1; i > 0; i-- {
		if size >= c.bySize[i].from {
			b = c.bySize[i].backend
			break
		}
	}
	if dict && b.dicts == nil {
		return c.dicts
	}
	return b
}
