package codectest

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"zstdshop/codecs"
)

// dictCodec returns codec's dictionaries, or nil where it has none.
func dictCodec(codec codecs.Codec) codecs.DictCodec {
	d, _ := codec.(codecs.DictCodec)
	return d
}

// withDict is a codec whose contexts have a dictionary. Nothing else of the codec
// shows through.
type withDict struct {
	codecs.Codec
	dicts codecs.DictCodec
	dict  codecs.Dict
}

func (w withDict) NewContext(level int) (codecs.Context, error) {
	return w.dicts.NewDictContext(level, w.dict)
}

// shaped is codec with a dictionary of its format.
func shaped(codec codecs.Codec, dict []byte) withDict {
	return withDict{codec, dictCodec(codec), codecs.Dict{Content: dict}}
}

// dictContextRules are the rules for contexts, of those with a dictionary, which
// is one for all of them.
func dictContextRules(codec codecs.Codec) []rule {
	train := sync.OnceValues(func() ([]byte, error) { return trained(codec, 18) })
	var rules []rule
	for _, r := range contextRules {
		switch r.name {
		case "bound", "concurrent contexts": // nothing new to see
			continue
		}
		rules = append(rules, rule{"dictionary: " + r.name, func(codec codecs.Codec, report report) {
			dict, err := train()
			if err != nil {
				report("%v", err)
				return
			}
			r.check(shaped(codec, dict), report)
		}})
	}
	return rules
}

var dictRules = []rule{
	{"dictionary training", checkDictTraining},
	{"wrong dictionary", checkDictWrong},
	{"no dictionary", checkDictNone},
	{"broken dictionary", checkDictBroken},
}

const dictSize = 8 << 10

// trained is a dictionary for records with the same seed.
func trained(codec codecs.Codec, seed uint64) ([]byte, error) {
	dict, err := dictCodec(codec).Train(records(500, seed), dictSize)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return dict, nil
}

// records are n short texts of one kind, which another seed makes another kind.
func records(n int, seed uint64) [][]byte {
	rnd := random(seed)
	fields := strings.Fields(string(words(1000, seed)))
	list := make([][]byte, n)
	for i := range list {
		var b []byte
		for _, field := range fields[:12] {
			b = fmt.Appendf(b, "%q: %d, ", field, rnd.IntN(1000))
			b = append(b, fields[rnd.IntN(len(fields))]...)
			b = append(b, "; "...)
		}
		list[i] = b
	}
	return list
}

// checkDicts: what is said of dictionaries is complete, and levels and
// unavailability are those of contexts.
func checkDicts(codec codecs.Codec, report report) {
	d := dictCodec(codec)
	said := d.Dicts()
	for _, field := range []struct{ name, value string }{{"Format", said.Format}, {"Trainer", said.Trainer}} {
		if strings.TrimSpace(field.value) == "" {
			report("Dicts().%s is empty", field.name)
		}
		if strings.ContainsAny(field.value, "\r\n") {
			report("Dicts().%s has more than one line: %q", field.name, field.value)
		}
	}
	if again := d.Dicts(); said != again {
		report("Dicts() returns %+v, then %+v", said, again)
	}
	dict, err := trained(codec, 18)
	if codec.Info().Unavailable != "" {
		_, made := d.NewDictContext(usualLevel(codec), codecs.Dict{Content: []byte("any")})
		_, named := d.DictID([]byte("any"))
		for what, err := range map[string]error{"Train": err, "NewDictContext": made, "DictID": named} {
			if !errors.Is(err, codecs.ErrUnavailable) {
				report("%s: error is %v; want ErrUnavailable wrapped", what, err)
			}
		}
		return
	}
	if err != nil {
		report("%v", err)
		return
	}
	if limits := codec.Info().Levels; limits != nil {
		if ctx, err := d.NewDictContext(limits.Max+1, codecs.Dict{Content: dict}); !errors.Is(err, codecs.ErrLevel) || ctx != nil {
			report("NewDictContext at level %d: context %v, error %v; want nil and ErrLevel wrapped", limits.Max+1, ctx, err)
		}
	}
}

// checkDictTraining: a dictionary has the size asked for at most, a number where
// frames name it, and makes records that were not among the samples smaller. The
// samples stay as they are, and where training does not vary it does not.
func checkDictTraining(codec codecs.Codec, report report) {
	d := dictCodec(codec)
	all := records(700, 18)
	samples, others := all[:500], all[500:]
	before := strings.Join(texts(samples), "")
	for _, size := range []int{2 << 10, dictSize, 32 << 10} {
		dict, err := d.Train(samples, size)
		if err != nil {
			report("train for %d bytes: %v", size, err)
			continue
		}
		if len(dict) > size {
			report("dictionary of %d bytes, asked for %d", len(dict), size)
		}
		if id, err := d.DictID(dict); err != nil || (id != 0) != d.Dicts().Named {
			report("ID is %d, %v; and Dicts().Named %v", id, err, d.Dicts().Named)
		}
		again, err := d.Train(samples, size)
		if !d.Dicts().Varies && (err != nil || string(again) != string(dict)) {
			report("the same samples make another dictionary, %v", err)
		}
		if len(dict) < size/2 {
			continue // there is no more to say; too small to help is no fault
		}
		with, err1 := sizeOf(shaped(codec, dict), others)
		without, err2 := sizeOf(codec, others)
		if err := errors.Join(err1, err2); err != nil {
			report("%v", err)
		} else if with > without*9/10 {
			report("records take %d bytes with a dictionary of %d, and %d without", with, len(dict), without)
		}
	}
	if strings.Join(texts(samples), "") != before {
		report("samples were written to")
	}
	for _, few := range [][][]byte{nil, {}, {nil, nil}, {[]byte("x")}} {
		if dict, err := d.Train(few, dictSize); !errors.Is(err, codecs.ErrDictionary) {
			report("%d samples of next to nothing: %d bytes, %v; want ErrDictionary wrapped", len(few), len(dict), err)
		}
	}
	if dict, err := d.Train(samples, 10); !errors.Is(err, codecs.ErrDictionary) {
		report("dictionary of 10 bytes asked for: %d bytes, %v; want ErrDictionary wrapped", len(dict), err)
	}
}

func texts(list [][]byte) []string {
	out := make([]string, len(list))
	for i, b := range list {
		out[i] = string(b)
	}
	return out
}

// sizeOf is how many bytes the frames of records take together.
func sizeOf(codec codecs.Codec, list [][]byte) (int, error) {
	ctx, err := codec.NewContext(usualLevel(codec))
	if err != nil {
		return 0, err
	}
	total := 0
	for _, record := range list {
		frame, err := compress(codec, ctx, record)
		if err != nil {
			return 0, err
		}
		total += len(frame)
	}
	return total, ctx.Close()
}

// checkDictWrong: a frame read with another dictionary, or with none, is an
// error where frames name theirs.
func checkDictWrong(codec codecs.Codec, report report) {
	d := dictCodec(codec)
	unseen, all := wrongDicts(codec, report)
	if d.Dicts().Named && unseen > 0 {
		report("%d of %d frames come out as other content with a wrong dictionary or none", unseen, all)
	}
	if !d.Dicts().Named && unseen == 0 && all > 0 {
		report("each wrong dictionary is an error, but Dicts().Named is not set")
	}
}

// dictFindings are of a codec whose frames do not name their dictionary.
func dictFindings(codec codecs.Codec, d codecs.DictCodec) []string {
	if d.Dicts().Named {
		return nil
	}
	unseen, all := wrongDicts(codec, func(string, ...any) {}) // the rule has reported
	return []string{fmt.Sprintf("%d of %d frames come out as other content with a wrong dictionary or none: frames do not name theirs", unseen, all)}
}

// wrongDicts counts frames of which other content comes out, and no error. The
// right content may: an encoder may leave its dictionary unused.
func wrongDicts(codec codecs.Codec, report report) (unseen, all int) {
	d := dictCodec(codec)
	dict, err := trained(codec, 18)
	other, err2 := trained(codec, 19)
	if err := errors.Join(err, err2); err != nil {
		report("%v", err)
		return 0, 0
	}
	writer := open(shaped(codec, dict), usualLevel(codec), report)
	another := open(shaped(codec, other), usualLevel(codec), report)
	none := open(codec, usualLevel(codec), report)
	if writer == nil || another == nil || none == nil {
		return 0, 0
	}
	for i, record := range records(100, 18) {
		frame, err := compress(codec, writer, record)
		if err != nil {
			report("record %d: %v", i, err)
			continue
		}
		got, err := decompress(another, frame, len(record))
		if err == nil && same(got, record) != nil {
			unseen++
		}
		if err != nil && d.Dicts().Named && !errors.Is(err, codecs.ErrDictionary) {
			report("record %d with another dictionary: error is %v; want ErrDictionary wrapped", i, err)
		}
		if got, err := decompress(none, frame, len(record)); err == nil && same(got, record) != nil {
			unseen++
		}
		all += 2
		if err := roundTrip(codec, writer, writer, record); err != nil {
			report("record %d: %v", i, err)
		}
	}
	for _, ctx := range []codecs.Context{writer, another, none} {
		shut(ctx, report)
	}
	return unseen, all
}

// checkDictNone: a context with a dictionary reads frames that need none.
func checkDictNone(codec codecs.Codec, report report) {
	dict, err := trained(codec, 18)
	if err != nil {
		report("%v", err)
		return
	}
	reader := open(shaped(codec, dict), usualLevel(codec), report)
	writer := open(codec, usualLevel(codec), report)
	if reader == nil || writer == nil {
		return
	}
	for _, in := range fewInputs() {
		if err := roundTrip(codec, writer, reader, in.data); err != nil {
			report("%s: %v", in.name, err)
		}
	}
	shut(reader, report)
	shut(writer, report)
}

// checkDictBroken: what is no dictionary is an error, never a crash, and one to DictID
// where it is one to NewDictContext.
func checkDictBroken(codec codecs.Codec, report report) {
	d := dictCodec(codec)
	dict, err := trained(codec, 18)
	if err != nil {
		report("%v", err)
		return
	}
	for _, bad := range [][]byte{nil, {}, dict[:1], []byte("\xff no dictionary of any kind")} {
		if _, err := d.DictID(bad); !errors.Is(err, codecs.ErrDictionary) {
			report("DictID of %d bytes: error is %v; want ErrDictionary wrapped", len(bad), err)
		}
		if ctx, err := d.NewDictContext(usualLevel(codec), codecs.Dict{Content: bad}); !errors.Is(err, codecs.ErrDictionary) || ctx != nil {
			report("NewDictContext with %d bytes: context %v, error %v; want nil and ErrDictionary wrapped", len(bad), ctx, err)
		}
	}
	record := records(1, 18)[0]
	tried := 0
	damage(dict, func(what string, broken []byte) {
		_, named := d.DictID(broken) // all of them; a context takes time
		if tried++; tried%19 != 0 {
			return
		}
		ctx, err := d.NewDictContext(usualLevel(codec), codecs.Dict{Content: append([]byte(nil), broken...)})
		if err != nil {
			if !errors.Is(err, codecs.ErrDictionary) {
				report("%s: error is %v; want ErrDictionary wrapped", what, err)
			}
			if named == nil {
				report("%s: DictID takes it, and NewDictContext says %v", what, err)
			}
			return
		}
		if err := roundTrip(codec, ctx, ctx, record); err != nil {
			report("%s: a dictionary that was taken: %v", what, err)
		}
		shut(ctx, report)
	})
}

// dictPair is the rule that b, with a's dictionary, reads a's frames, and those
// that either wrote without any.
func dictPair(a codecs.Codec) rule {
	return rule{"dictionary pair", func(b codecs.Codec, report report) {
		if fa, fb := dictCodec(a).Dicts().Format, dictCodec(b).Dicts().Format; fa != fb {
			report("formats differ: %q and %q", fa, fb)
			return
		}
		dict, err := trained(a, 18)
		if err != nil {
			report("%v", err)
			return
		}
		reader := open(shaped(b, dict), usualLevel(b), report)
		if reader == nil {
			return
		}
		for _, level := range effortLevels(a) {
			writer := open(shaped(a, dict), level, report)
			if writer == nil {
				continue
			}
			for i, record := range records(50, 18) {
				if err := roundTrip(a, writer, reader, record); err != nil {
					report("written at level %d, record %d: %v", level, i, err)
				}
			}
			shut(writer, report)
		}
		// The last one refers first to an offset that zstd knows from the start,
		// which a dictionary changes.
		ins := append(fewInputs(), input{"70 KiB mixed", mixed(70<<10, 4)})
		for _, c := range []codecs.Codec{a, b} {
			plain := open(c, usualLevel(c), report)
			if plain == nil {
				return
			}
			for _, in := range ins {
				if err := roundTrip(c, plain, reader, in.data); err != nil {
					report("written without a dictionary, %s: %v", in.name, err)
				}
			}
			shut(plain, report)
		}
		shut(reader, report)
	}}
}
