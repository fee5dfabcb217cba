package codectest

import (
	"bytes"
	"testing"

	"zstdshop/codecs"
	"zstdshop/codecs/datadog"
	"zstdshop/codecs/klauspost"
)

// zstdCodecs are the codecs of the format zstd in this build. With one there
// is still something to fuzz: it against itself.
func zstdCodecs() map[string]codecs.Codec {
	all := map[string]codecs.Codec{"klauspost": klauspost.New(), "datadog": datadog.New()}
	for name, codec := range all {
		if codec.Info().Unavailable != "" {
			delete(all, name)
		}
	}
	return all
}

// FuzzZstdRoundTrip: what any codec writes at any level, each codec reads.
func FuzzZstdRoundTrip(f *testing.F) {
	f.Add([]byte(nil), int8(3))
	f.Add([]byte("z"), int8(1))
	f.Add([]byte("abcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabcabc"), int8(22))
	f.Add(make([]byte, 600), int8(-7))
	f.Add(words(700, 1), int8(6))
	f.Add(words(300, 2), int8(19))
	f.Add(noise(200, 3), int8(11))
	all := zstdCodecs()
	contexts := map[string]map[int]codecs.Context{}
	for name := range all {
		contexts[name] = map[int]codecs.Context{}
	}
	f.Fuzz(func(t *testing.T, text []byte, level int8) {
		// -128..22 without 0; contexts stay open, making one costs more than
		// all else here.
		asked := int(level)
		if asked == 0 || asked > 22 {
			asked = asked%22 + 1
		}
		for name, codec := range all {
			if contexts[name][asked] == nil {
				ctx, err := codec.NewContext(asked)
				if err != nil {
					t.Fatalf("%s: new context at level %d: %v", name, asked, err)
				}
				contexts[name][asked] = ctx
			}
		}
		for writer, codec := range all {
			for reader := range all {
				if err := roundTrip(codec, contexts[writer][asked], contexts[reader][asked], text); err != nil {
					t.Errorf("%s writes at level %d, %s reads: %v", writer, asked, reader, err)
				}
			}
		}
	})
}

// FuzzZstdDecompress: arbitrary bytes crash no decoder, make none write outside
// of dst, and where two take them for a frame they agree on the content.
func FuzzZstdDecompress(f *testing.F) {
	f.Add([]byte(nil), uint16(0))
	f.Add([]byte("\x28\xb5\x2f\xfd\x20\x00\x01\x00\x00"), uint16(0))                                       // empty frame
	f.Add([]byte("\x28\xb5\x2f\xfd\x20\x05\x29\x00\x00hello"), uint16(5))                                  // one raw block
	f.Add([]byte("\x28\xb5\x2f\xfd\x20\x64\x23\x03\x00x"), uint16(100))                                    // one RLE block
	f.Add([]byte("\x28\xb5\x2f\xfd\x00\x58\x29\x00\x00hello"), uint16(5))                                  // size not told
	f.Add([]byte("\x28\xb5\x2f\xfd\x24\x05\x29\x00\x00hello\x6d\x24\x00\x00"), uint16(5))                  // wrong checksum
	f.Add([]byte("\x50\x2a\x4d\x18\x03\x00\x00\x00abc"), uint16(0))                                        // skippable frame alone
	f.Add([]byte("\x28\xb5\x2f\xfd\x20\x01\x09\x00\x00a\x28\xb5\x2f\xfd\x20\x01\x09\x00\x00b"), uint16(2)) // two frames
	f.Add([]byte("\x28\xb5\x2f\xfd\x20\x01\x09\x00\x00aXYZ"), uint16(2))                                   // more after the frame
	f.Add([]byte("\x28\xb5\x2f\xfd\x21\x07\x05\x29\x00\x00hello"), uint16(5))                              // wants a dictionary
	f.Add([]byte("\x28\xb5\x2f\xfd\xe0\xff\xff\xff\xff\xff\xff\xff\x7f\x01\x00\x00"), uint16(9))           // claims 2^63-1 bytes
	all := zstdCodecs()
	contexts := map[string]codecs.Context{}
	for name, codec := range all {
		ctx, err := codec.NewContext(3)
		if err != nil {
			f.Fatalf("%s: new context: %v", name, err)
		}
		contexts[name] = ctx
		for _, text := range [][]byte{words(1000, 1), mixed(5000, 2)} {
			frame, err := compress(codec, ctx, text)
			if err != nil {
				f.Fatalf("%s: compress: %v", name, err)
			}
			f.Add(frame, uint16(len(text)))
		}
	}
	f.Fuzz(func(t *testing.T, frame []byte, capacity uint16) {
		contents := map[string][]byte{}
		for name, ctx := range contexts {
			g := newGuarded(int(capacity))
			content, err := ctx.Decompress(g.dst(0), frame)
			if !g.intact() {
				t.Errorf("%s: wrote outside of dst", name)
			}
			if err != nil {
				continue
			}
			if len(content) > int(capacity) || !g.begins(content) {
				t.Errorf("%s: %d bytes, not all in dst[:0] of capacity %d", name, len(content), capacity)
			}
			for other, same := range contents {
				if !bytes.Equal(content, same) {
					t.Errorf("%s makes %d bytes of it, %s makes other %d", name, len(content), other, len(same))
				}
			}
			contents[name] = content
		}
	})
}
