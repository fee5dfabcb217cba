package codectest

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"sync/atomic"

	"zstdshop/codecs"
)

// fakeDicts is the honest codec with dictionaries, and with one fault by its
// name; none where that is empty. A dictionary is "DICT", four bytes of ID and
// words, raw content words alone; a frame that uses it is a byte 'G', the ID, 0 of
// raw content, and the content with words replaced by one byte each.
type fakeDicts struct {
	*fake
	fault string
	info  codecs.DictInfo
	calls *atomic.Int32
}

func dictionaries(fault string) fakeDicts {
	return fakeDicts{
		fake: honest(), fault: fault, calls: new(atomic.Int32),
		info: codecs.DictInfo{Format: "words", Trainer: "counting", Named: true, Raw: true},
	}
}

func (f fakeDicts) Dicts() codecs.DictInfo {
	if f.fault == "info changes" {
		f.info.Max = int(f.calls.Add(1))
	}
	return f.info
}

func (f fakeDicts) DictID(dict []byte) (uint32, error) {
	if f.fake.info().Unavailable != "" {
		return 0, codecs.ErrUnavailable
	}
	if f.fault == "crashes on a short dictionary" {
		_ = dict[7]
	}
	if len(dict) < 10 || string(dict[:4]) != "DICT" {
		if f.fault == "names anything" {
			return 1, nil
		}
		return 0, codecs.ErrDictionary
	}
	if f.fault == "no IDs" {
		return 0, nil
	}
	return binary.LittleEndian.Uint32(dict[4:]), nil
}

func (f fakeDicts) Train(samples [][]byte, size int) ([]byte, error) {
	if f.fake.info().Unavailable != "" {
		return nil, codecs.ErrUnavailable
	}
	count := map[string]int{}
	for _, sample := range samples {
		for _, word := range strings.Fields(string(sample)) {
			count[word] += len(word)
		}
	}
	if (len(count) < 10 || size < 50) && f.fault != "trains on nothing" {
		return nil, codecs.ErrDictionary
	}
	words := make([]string, 0, len(count))
	for word := range count {
		words = append(words, word)
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(a, b))
	})
	text := strings.Join(words[:min(100, len(words))], " ")
	text = text[:max(0, min(len(text), size-8))]
	if f.fault == "varies" {
		text = fmt.Sprint(f.calls.Add(1)) + text[min(len(text), 9):]
	}
	text += strings.Repeat(" ", max(0, size-8-len(text)))
	id := crc32.ChecksumIEEE([]byte(text)) | 1
	if f.fault == "one ID for all" {
		id = 1
	}
	dict := append(binary.LittleEndian.AppendUint32([]byte("DICT"), id), text...)
	if f.fault == "larger than asked for" {
		dict = append(dict, make([]byte, size)...)
	}
	if f.fault == "scribbles on samples" && len(samples) > 0 && len(samples[0]) > 0 {
		samples[0][0]++
	}
	return dict, nil
}

func (f fakeDicts) NewDictContext(level int, d codecs.Dict) (codecs.Context, error) {
	if f.fault != "context at any level" {
		if _, err := f.EffectiveLevel(level); err != nil {
			return nil, err
		}
	}
	dict := d.Content
	id, err := f.DictID(dict)
	switch {
	case d.Raw && f.fault != "takes raw content for a dictionary":
		if len(dict) == 0 && f.fault != "takes no content" || !f.info.Raw && f.fault != "takes raw content" {
			return nil, codecs.ErrDictionary
		}
		id, err, dict = 0, nil, append(make([]byte, 8), dict...)
	case err != nil && f.fault != "takes anything":
		return nil, err
	}
	if f.fault == "refuses what it names" && err == nil && !d.Raw && id != crc32.ChecksumIEEE(dict[8:])|1 {
		return nil, codecs.ErrDictionary
	}
	ctx := &dictFake{fakeContext: fakeContext{fake: f.fake}, f: f, id: id}
	if err == nil && !(d.Raw && f.fault == "does not use raw content") {
		for _, word := range bytes.Fields(dict[8:]) {
			if len(word) > 1 && len(ctx.words) < 100 {
				ctx.words = append(ctx.words, string(word))
			}
		}
	}
	return ctx, nil
}

type dictFake struct {
	fakeContext
	f     fakeDicts
	id    uint32
	words []string
}

func (c *dictFake) Compress(dst, src []byte) ([]byte, error) {
	plain, err := c.fakeContext.Compress(dst, src)
	if err != nil || c.f.fault == "does not use it" || slices.ContainsFunc(src, func(b byte) bool { return b >= 0x80 }) || len(src) > 1000 {
		return plain, err
	}
	text := string(src)
	for i, word := range c.words {
		text = strings.ReplaceAll(text, word, string([]byte{byte(0x80 + i)}))
	}
	if 5+len(text) > len(src)+1 {
		return plain, nil
	}
	frame := binary.LittleEndian.AppendUint32(append(dst[:0], 'G'), c.id)
	return append(frame, text...), nil
}

func (c *dictFake) Decompress(dst, src []byte) ([]byte, error) {
	if len(src) < 5 || src[0] != 'G' || c.closes > 0 {
		if c.f.fault == "needs a dictionary always" && c.closes == 0 {
			return nil, codecs.ErrDictionary
		}
		return c.fakeContext.Decompress(dst, src)
	}
	if binary.LittleEndian.Uint32(src[1:]) != c.id && c.f.fault != "reads with any" {
		if c.f.fault == "error of its own" {
			return nil, errDamaged
		}
		return nil, codecs.ErrDictionary
	}
	out := dst[:0]
	for _, b := range src[5:] {
		text := string([]byte{b})
		if b >= 0x80 && int(b-0x80) < len(c.words) {
			text = c.words[b-0x80]
		}
		if len(out)+len(text) > cap(dst) && !(c.f.fault == "overflows with other content" && c.id == 0) {
			if c.f.fault == "reads with any" || c.f.fault == "one ID for all" {
				break
			}
			return nil, codecs.ErrShortBuffer
		}
		out = append(out, text...)
	}
	return out, nil
}
