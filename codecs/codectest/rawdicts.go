package codectest

import (
	"errors"

	"zstdshop/codecs"
)

// takesRaw reports whether dictionaries of codec may be raw content.
func takesRaw(codec codecs.Codec) bool { return dictCodec(codec).Dicts().Raw }

// raw is codec with raw content.
func raw(codec codecs.Codec, content []byte) withDict {
	return withDict{codec, dictCodec(codec), codecs.Dict{Content: content, Raw: true}}
}

// rawDictRules are of codecs whose dictionaries may be raw content.
var rawDictRules = []rule{
	{"raw content", checkRaw},
	{"other raw content", checkRawOther},
	{"raw content, unused", checkRawUnused},
	{"broken raw content", checkRawBroken},
}

// rawContents are contents of every kind: shorter than any match, as long as one, what
// repeats, what does not, and what looks like a dictionary of the codec's format.
func rawContents(codec codecs.Codec, report report) []input {
	dict, err := trained(codec, 18)
	if err != nil {
		report("%v", err)
	}
	list := []input{
		{"20 KiB of text", words(20<<10, 1)},
		{"20 KiB of noise", noise(20<<10, 2)},
		{"300 KiB mixed", mixed(300<<10, 3)},
		{"a dictionary", dict},
		{"the magic number of zstd's", []byte(zstdDictMagic)},
		{"it twice", []byte(zstdDictMagic + zstdDictMagic)},
		{"64 KiB of zeros", make([]byte, 64<<10)},
	}
	for _, n := range []int{1, 2, 3, 7, 8, 9, 20, 200} {
		list = append(list, input{"some bytes", noise(n, uint64(n))})
	}
	return list
}

// zstdDictMagic begins dictionaries of zstd's format.
const zstdDictMagic = "\x37\xa4\x30\xec"

// rawTexts are texts that refer to content: to its beginning, its end and all of it,
// and others.
func rawTexts(content []byte) []input {
	n := min(len(content), 600)
	end := content[len(content)-n:]
	return append(fewInputs(),
		input{"the beginning of it", content[:n]},
		input{"the end of it", end},
		input{"all of it", content},
		input{"its end and it again", append(append([]byte("then "), end...), content...)},
	)
}

// checkRaw: with content of any kind texts come out as they went in, and smaller where
// they are much like the content.
func checkRaw(codec codecs.Codec, report report) {
	plain := open(codec, usualLevel(codec), report)
	if plain == nil {
		return
	}
	for _, content := range rawContents(codec, report) {
		for _, level := range effortLevels(codec) {
			ctx := open(raw(codec, content.data), level, report)
			if ctx == nil {
				continue
			}
			for _, in := range rawTexts(content.data) {
				if err := roundTrip(codec, ctx, ctx, in.data); err != nil {
					report("level %d, %s, %s: %v", level, content.name, in.name, err)
				}
			}
			if text := content.data[:min(len(content.data), 600)]; content.name == "20 KiB of text" {
				with, err1 := compress(codec, ctx, text)
				without, err2 := compress(codec, plain, text)
				if err := errors.Join(err1, err2); err != nil || len(with) > len(without)*2/3 {
					report("level %d: its first 600 bytes are %d with it, %d without, %v", level, len(with), len(without), err)
				}
			}
			shut(ctx, report)
		}
	}
	shut(plain, report)
}

// checkRawOther: a frame read with other content is an error or comes out as something
// no larger, and hurts no frame after it.
func checkRawOther(codec codecs.Codec, report report) {
	writer := open(raw(codec, words(20<<10, 1)), usualLevel(codec), report)
	reader := open(raw(codec, words(10<<10, 2)), usualLevel(codec), report)
	if writer == nil || reader == nil {
		return
	}
	text := words(20<<10, 1)[3000:4000]
	frame, err := compress(codec, writer, text)
	if err != nil {
		report("%v", err)
		return
	}
	for _, size := range []int{0, 1, len(text) - 1, len(text), len(text) + 100} {
		g := newGuarded(size)
		got, err := reader.Decompress(g.dst(0), frame)
		if !g.intact() || err == nil && len(got) > size {
			report("room for %d bytes: %d come out, %v", size, len(got), err)
		}
		if err := roundTrip(codec, reader, reader, text); err != nil {
			report("its own frame after that: %v", err)
		}
	}
	shut(writer, report)
	shut(reader, report)
}

// checkRawUnused: frames that need no dictionary are read with content, too.
func checkRawUnused(codec codecs.Codec, report report) {
	reader := open(raw(codec, words(20<<10, 7)), usualLevel(codec), report)
	writer := open(codec, usualLevel(codec), report)
	if reader == nil || writer == nil {
		return
	}
	for _, in := range append(fewInputs(), input{"70 KiB mixed", mixed(70<<10, 4)}) {
		if err := roundTrip(codec, writer, reader, in.data); err != nil {
			report("%s: %v", in.name, err)
		}
	}
	shut(reader, report)
	shut(writer, report)
}

// checkRawBroken: no content at all is no dictionary.
func checkRawBroken(codec codecs.Codec, report report) {
	for _, content := range [][]byte{nil, {}} {
		refusesRaw(codec, content, report)
	}
}

// checkRawRefused: a codec that takes no raw content says so.
func checkRawRefused(codec codecs.Codec, report report) {
	dict, err := trained(codec, 18)
	if err != nil {
		report("%v", err)
		return
	}
	for _, content := range [][]byte{nil, words(1000, 1), dict} {
		refusesRaw(codec, content, report)
	}
}

func refusesRaw(codec codecs.Codec, content []byte, report report) {
	ctx, err := raw(codec, content).NewContext(usualLevel(codec))
	if !errors.Is(err, codecs.ErrDictionary) || ctx != nil {
		report("raw content of %d bytes: context %v, error %v; want nil and ErrDictionary wrapped", len(content), ctx, err)
	}
}

// rawPair is the rule that b reads what a writes with the same content.
func rawPair(a codecs.Codec) rule {
	return rule{"raw pair", func(b codecs.Codec, report report) {
		for _, content := range rawContents(a, report) {
			reader := open(raw(b, content.data), usualLevel(b), report)
			if reader == nil {
				return
			}
			for _, level := range effortLevels(a) {
				writer := open(raw(a, content.data), level, report)
				if writer == nil {
					continue
				}
				for _, in := range rawTexts(content.data) {
					if err := roundTrip(a, writer, reader, in.data); err != nil {
						report("written at level %d with %s, %s: %v", level, content.name, in.name, err)
					}
				}
				shut(writer, report)
			}
			shut(reader, report)
		}
	}}
}
