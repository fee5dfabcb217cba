package codectest

import "testing"

// TestBestIsSmaller: at best, each codec makes less of a text than at its fastest,
// in frames, in streams and with a dictionary.
func TestBestIsSmaller(t *testing.T) {
	text := logRecords(1, 60<<10)[0]
	for _, c := range every() {
		levels := effortLevels(c)
		if len(levels) < 2 {
			continue
		}
		fastest, best := levels[0], levels[len(levels)-1]
		size := map[string][2]int{}
		for i, level := range []int{fastest, best} {
			ctx, p := open(c, level, t.Fatalf), openStreams(c.Codec, level, t.Fatalf)
			frame, err := compress(c, ctx, text)
			if err != nil {
				t.Fatal(err)
			}
			stream, err := p.write(text, 5000)
			if err != nil {
				t.Fatal(err)
			}
			made := map[string]int{"frame": len(frame), "stream": len(stream)}
			if dictCodec(c.Codec) != nil {
				dict, err := trained(c.Codec, 18)
				if err != nil {
					t.Fatal(err)
				}
				with := open(shaped(c.Codec, dict), level, t.Fatalf)
				frame, err := compress(c, with, text)
				if err != nil {
					t.Fatal(err)
				}
				made["frame with a dictionary"] = len(frame)
				shut(with, t.Errorf)
			}
			for what, n := range made {
				s := size[what]
				s[i] = n
				size[what] = s
			}
			shut(ctx, t.Errorf)
			p.shut(t.Errorf)
		}
		for what, s := range size {
			if s[1] >= s[0] {
				t.Errorf("%s: a %s takes %d bytes at level %d, and %d at level %d", c.name, what, s[0], fastest, s[1], best)
			}
		}
	}
}
