package plan

import "zstdshop/harness"

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
// count only where none that has them does.
func DictTakers(reg *harness.Registry, content []byte) (names []string, id uint32) {
	var nameless []string
	for _, name := range DictCodecs(reg) {
		codec, err := reg.DictCodec(name)
		if err != nil {
			continue
		}
		switch n, err := codec.DictID(content); {
		case err != nil:
		case n == 0:
			nameless = append(nameless, name)
		default:
			names, id = append(names, name), n
		}
	}
	if len(names) == 0 {
		return nameless, 0
	}
	return names, id
}
