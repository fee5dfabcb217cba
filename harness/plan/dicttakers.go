package plan

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"zstdshop/codecs"
	"zstdshop/harness"
)

// DictCodecs are the codecs of this build that take dictionaries.
func DictCodecs(reg *harness.Registry) (names []string) {
	for _, name := range reg.Codecs() {
		info, _, _ := reg.Infos(name, "", "")
		if _, err := reg.DictCodec(name); err == nil && info.Unavailable == "" {
			names = append(names, name)
		}
	}
	return names
}

// DictTakers are the codecs that a dictionary is for, and the number by which their
// frames name it. Codecs whose dictionaries have no number take nearly any bytes, so they
// count only where none that has them does, and not where the bytes were meant for one.
// The error says why there is none, and what to do.
func DictTakers(reg *harness.Registry, content []byte) (names []string, id uint32, err error) {
	var nameless, whys []string
	seen := map[string]bool{}
	for _, name := range DictCodecs(reg) {
		codec, err := reg.DictCodec(name)
		if err != nil {
			continue
		}
		n, err := codec.DictID(content)
		switch not, _ := errors.AsType[codecs.NotDictionary](err); {
		case not.Damaged:
			return nil, 0, fmt.Errorf("%s: take the whole file, or make one with `zstdshop dict train`", not.Why)
		case err != nil:
			if format := codec.Dicts().Format; !seen[format] {
				seen[format] = true
				whys = append(whys, format+": "+cmp.Or(not.Why, err.Error()))
			}
		case n == 0:
			nameless = append(nameless, name)
		default:
			names, id = append(names, name), n
		}
	}
	switch {
	case len(names) > 0:
		return names, id, nil
	case len(nameless) > 0:
		return nameless, 0, nil
	}
	return nil, 0, fmt.Errorf("no codec of this build takes it; %s: `zstdshop dict train` makes one", strings.Join(whys, "; "))
}
