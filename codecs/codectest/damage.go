package codectest

import (
	"fmt"

	"zstdshop/codecs"
)

// checkDamage: frames cut short, frames with a bit flipped and plain noise
// never crash the codec, make it write outside of dst or allocate what the
// frame claims to hold, beyond Info().ReadWindow. Whether damage is noticed depends on the format: without
// a checksum it may come out as another text, which must still be in dst.
func checkDamage(codec codecs.Codec, report report) {
	// A block that is decoded first and found too long for dst next is fine.
	limit := uint64(1<<20 + codec.Info().ReadWindow)
	ctx := open(codec, usualLevel(codec), report)
	if ctx == nil {
		return
	}
	decode := func(what string, frame []byte, capacity int) {
		g := newGuarded(capacity)
		var got []byte
		var err error
		bytes := leastAllocated(limit, func() { got, err = ctx.Decompress(g.dst(0), frame) })
		switch {
		case err != nil:
		case len(got) > capacity:
			report("%s: %d bytes from a dst of capacity %d", what, len(got), capacity)
		case !g.begins(got):
			report("%s: content is not at dst[:0]", what)
		}
		if !g.intact() {
			report("%s: wrote outside of dst, capacity %d", what, capacity)
		}
		if bytes > limit {
			report("%s: allocated %d bytes; want at most %d", what, bytes, limit)
		}
	}
	for _, in := range []input{{"300 bytes of text", words(300, 9)}, {"40 KiB mixed", mixed(40<<10, 10)}} {
		frame, err := compress(codec, ctx, in.data)
		if err != nil {
			report("%s: compress: %v", in.name, err)
			continue
		}
		for _, capacity := range []int{len(in.data), len(in.data) / 2, 0} {
			damage(frame, func(what string, frame []byte) {
				decode(in.name+", "+what, frame, capacity)
			})
		}
		if err := roundTrip(codec, ctx, ctx, in.data); err != nil {
			report("%s: after damaged frames: %v", in.name, err)
		}
	}
	for seed := range uint64(100) {
		decode("noise", noise(int(seed), seed), 1000)
	}
	shut(ctx, report)
}

// damage calls try with frame cut at every byte and with every bit flipped; of
// a long frame with its first bytes and a sample of the others. try must not
// keep what it is given.
func damage(frame []byte, try func(what string, frame []byte)) {
	const head, samples = 40, 150
	step := max(1, (len(frame)-head)/samples)
	broken := make([]byte, 0, len(frame))
	for at := 0; at < len(frame); at++ {
		if at > head && (at-head)%step != 0 {
			continue
		}
		try(fmt.Sprintf("cut to %d of %d bytes", at, len(frame)), frame[:at:at])
		for bit := range 8 {
			if at > head && bit != at%8 {
				continue
			}
			broken = append(broken[:0], frame...)
			broken[at] ^= 1 << bit
			try(fmt.Sprintf("bit %d of byte %d flipped", bit, at), broken)
		}
	}
}
