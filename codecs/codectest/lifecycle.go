package codectest

import (
	"errors"
	"fmt"

	"zstdshop/codecs"
)

// checkSameOutput: one text makes one frame, whatever the context did before
// and whichever context it is. Workers share out the items of a corpus in any
// order, and their output is compared by hash.
func checkSameOutput(codec codecs.Codec, report report) {
	for _, level := range testLevels(codec) {
		ctx := open(codec, level, report)
		if ctx == nil {
			continue
		}
		ins := fewInputs()
		frames := make([][]byte, len(ins))
		for round := range 3 {
			for i := range ins {
				if round == 1 { // the other way round
					i = len(ins) - 1 - i
				}
				if round == 2 { // and from a context that did nothing yet
					shut(ctx, report)
					if ctx = open(codec, level, report); ctx == nil {
						return
					}
				}
				frame, err := compress(codec, ctx, ins[i].data)
				if err != nil {
					report("level %d, %s: compress: %v", level, ins[i].name, err)
					continue
				}
				if round == 0 {
					frames[i] = frame
				} else if err := same(frame, frames[i]); err != nil {
					report("level %d, %s: another frame in round %d: %v", level, ins[i].name, round, err)
				}
			}
		}
		shut(ctx, report)
	}
}

// checkReuse: after an error, a context works as if nothing had been.
func checkReuse(codec codecs.Codec, report report) {
	ctx := open(codec, usualLevel(codec), report)
	if ctx == nil {
		return
	}
	text := words(20<<10, 4)
	frame, err := compress(codec, ctx, text)
	if err != nil {
		report("compress: %v", err)
		return
	}
	flipped := append([]byte(nil), frame...)
	for i := 10; i < len(flipped); i += 50 {
		flipped[i] ^= 0x10
	}
	for _, bad := range []struct {
		name string
		call func() ([]byte, error)
	}{
		{"compress into nil", func() ([]byte, error) { return ctx.Compress(nil, text) }},
		{"decompress into nil", func() ([]byte, error) { return ctx.Decompress(nil, frame) }},
		{"decompress into half", func() ([]byte, error) { return decompress(ctx, frame, len(text)/2) }},
		{"decompress nothing", func() ([]byte, error) { return decompress(ctx, nil, len(text)) }},
		{"decompress half a frame", func() ([]byte, error) { return decompress(ctx, frame[:len(frame)/2], len(text)) }},
		{"decompress a damaged frame", func() ([]byte, error) { return decompress(ctx, flipped, len(text)) }},
		{"decompress noise", func() ([]byte, error) { return decompress(ctx, noise(500, 5), len(text)) }},
	} {
		bad.call() // formats differ in what they notice
		again, err := compress(codec, ctx, text)
		if err == nil {
			err = same(again, frame)
		}
		if err != nil {
			report("after %s: compress: %v", bad.name, err)
		}
		got, err := decompress(ctx, frame, len(text))
		if err == nil {
			err = same(got, text)
		}
		if err != nil {
			report("after %s: decompress: %v", bad.name, err)
		}
	}
	shut(ctx, report)
}

// checkClose: a closed context returns ErrClosed, and closing it once more does
// nothing.
func checkClose(codec codecs.Codec, report report) {
	text := words(1000, 6)
	for _, used := range []bool{false, true} {
		ctx, other := open(codec, usualLevel(codec), report), open(codec, usualLevel(codec), report)
		if ctx == nil || other == nil {
			return
		}
		frame, err := compress(codec, other, text)
		if used && err == nil {
			err = roundTrip(codec, ctx, ctx, text)
		}
		if err != nil {
			report("before close: %v", err)
		}
		for _, time := range []string{"first", "second"} {
			if err := ctx.Close(); err != nil {
				report("%s close: %v", time, err)
			}
			if _, err := compress(codec, ctx, text); !errors.Is(err, codecs.ErrClosed) {
				report("compress after %s close: error is %v; want ErrClosed", time, err)
			}
			if _, err := decompress(ctx, frame, len(text)); !errors.Is(err, codecs.ErrClosed) {
				report("decompress after %s close: error is %v; want ErrClosed", time, err)
			}
		}
		shut(other, report)
	}
}

// checkSeparate: what one context does, closing included, is nothing to
// another, and each reads the other's frames.
func checkSeparate(codec codecs.Codec, report report) {
	levels := testLevels(codec)
	a, b := open(codec, levels[0], report), open(codec, levels[len(levels)-1], report)
	if a == nil || b == nil {
		return
	}
	one, two := words(5000, 7), words(9000, 8)
	frameOne, err1 := compress(codec, a, one)
	frameTwo, err2 := compress(codec, b, two)
	if err := errors.Join(err1, err2); err != nil {
		report("compress: %v", err)
		return
	}
	decode := func(what string, ctx codecs.Context, frame, text []byte) {
		got, err := decompress(ctx, frame, len(text))
		if err == nil {
			err = same(got, text)
		}
		if err != nil {
			report("%s: %v", what, err)
		}
	}
	decode("own frame, after another context compressed", a, frameOne, one)
	decode("frame of another context", a, frameTwo, two)
	decode("frame of another context", b, frameOne, one)
	shut(a, report)
	decode("own frame, after another context was closed", b, frameTwo, two)
	if err := roundTrip(codec, b, b, one); err != nil {
		report("after another context was closed: %v", err)
	}
	shut(b, report)
}

// checkConcurrent: contexts work at the same time, and one context may go from
// goroutine to goroutine. What it finds beyond that is up to -race.
func checkConcurrent(codec codecs.Codec, report report) {
	const workers, rounds = 4, 3
	ins := fewInputs()
	failed := make(chan error, workers)
	for worker := range workers {
		ctx := open(codec, usualLevel(codec), report)
		if ctx == nil {
			failed <- nil
			continue
		}
		go func() {
			failed <- func() error {
				for round := range rounds {
					handed := make(chan error)
					go func() { handed <- roundTrips(codec, ctx, ins, worker+round) }()
					if err := <-handed; err != nil {
						return err
					}
				}
				return ctx.Close()
			}()
		}()
	}
	for range workers {
		if err := <-failed; err != nil {
			report("%d contexts at once: %v", workers, err)
		}
	}
}

// roundTrips does every input once, from the one with that number on. A panic
// becomes an error, because only this goroutine can recover it.
func roundTrips(codec codecs.Codec, ctx codecs.Context, ins []input, first int) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	for i := range ins {
		in := ins[(first+i)%len(ins)]
		if err := roundTrip(codec, ctx, ctx, in.data); err != nil {
			return fmt.Errorf("%s: %w", in.name, err)
		}
	}
	return nil
}
