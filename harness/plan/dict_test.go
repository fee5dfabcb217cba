package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"zstdshop/codecs"
	"zstdshop/harness"
	"zstdshop/harness/internal/standin"
)

// dictCodec takes dictionaries that begin with D; one that begins with C is damaged.
type dictCodec struct{ standin.Codec }

func (dictCodec) Dicts() codecs.DictInfo { return codecs.DictInfo{Format: "D"} }

func (c dictCodec) NewDictContext(level int, _ codecs.Dict) (codecs.Context, error) {
	return c.NewContext(level)
}

func (dictCodec) DictID(dict []byte) (uint32, error) {
	switch dict[0] {
	case 'D':
		return 1, nil
	case 'C':
		return 0, codecs.NotDictionary{Why: "it is half of one", Damaged: true}
	}
	return 0, codecs.NotDictionary{Why: "it does not begin with D"}
}

func (dictCodec) Train([][]byte, int) ([]byte, error) { return nil, codecs.ErrDictionary }

// looseCodec takes nearly any bytes for a dictionary, and its frames name none.
type looseCodec struct{ dictCodec }

func (looseCodec) Dicts() codecs.DictInfo { return codecs.DictInfo{Format: "any"} }

func (looseCodec) DictID(dict []byte) (uint32, error) {
	if dict[0] == 'N' {
		return 0, codecs.ErrDictionary
	}
	return 0, nil
}

// dictRegistry has two codecs that take dictionaries beside those that do not.
func dictRegistry(t *testing.T) *harness.Registry {
	reg := standin.Registry(t)
	reg.AddCodec("dicts", dictCodec{})
	reg.AddCodec("loose", looseCodec{})
	return reg
}

// resolveDicts resolves words over 40 lines of a file, and two dictionaries.
func resolveDicts(t *testing.T, words string) (*Plan, error) {
	t.Helper()
	var lines strings.Builder
	for i := range 40 {
		fmt.Fprintf(&lines, "line %d\n", i)
	}
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"app.log": lines.String(), "good": "Dictionary", "bad": "no dictionary", "damaged": "Cut", "empty": "", "neither": "Neither", "sub/good": "Dictionary", "train:1KiB": "D"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	reg := dictRegistry(t)
	o := typed(t, "")
	for word := range strings.FieldsSeq("runner=single corpus=./app.log " + words) {
		name, text, _ := strings.Cut(word, "=")
		if err := o.Asked.Add(reg, AxisOf(name), text); err != nil {
			return nil, err
		}
	}
	return o.Resolve(t.Context(), reg)
}

func TestDicts(t *testing.T) {
	for _, c := range []struct {
		words string
		want  []string // of each cell codec and dictionary
		note  string
	}{
		{"codec=dicts", []string{"dicts "}, ""},
		{"codec=dicts dict=none", []string{"dicts "}, ""},
		{"codec=dicts dict=none,good", []string{"dicts ", "dicts good"}, ""},
		{"codec=dicts records=lines dict=none,train,train:4096,train:1000", []string{"dicts ", "dicts train:16KiB", "dicts train:4KiB", "dicts train:1000"}, ""},
		{"codec=dicts,raw dict=none,good", []string{"dicts ", "dicts good", "raw "}, "left out: raw takes no dictionary"},
		{"codec=dicts,raw dict=good", []string{"dicts good"}, "left out: raw takes no dictionary"},
		{"codec=dicts dict=good,bad", []string{"dicts good"}, "left out: dictionary bad with dicts: dictionary does not fit"},
		{"codec=dicts,loose dict=good", []string{"dicts good"}, "left out: dictionary good with loose: it is one of dicts"},
		{"codec=dicts,loose dict=bad", []string{"loose bad"}, "left out: dictionary bad with dicts: dictionary does not fit"},
		{"codec=dicts scenario=burn dict=good", []string{" "}, "--dict says nothing about burn"},
	} {
		p, err := resolveDicts(t, c.words)
		if err != nil {
			t.Errorf("%s: %v", c.words, err)
			continue
		}
		var got []string
		for _, cell := range p.Cells {
			got = append(got, cell.Codec+" "+cell.Dict)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.words, got, c.want)
		}
		if has := fmt.Sprint(p.Warnings); !strings.Contains(has, c.note) || c.note == "" && len(p.Warnings) > 0 {
			t.Errorf("%s: warnings %s, want %q", c.words, has, c.note)
		}
	}
}

func TestDictsRefused(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{"codec=dicts dict=nowhere", "nowhere: no such file"},
		{"codec=dicts dict=sub", "sub: it is a folder: name the file of a dictionary in it"},
		{"codec=dicts dict=good,sub/good", "rename one"},
		{"codec=dicts dict=./train:1KiB", "would pass for a trained dictionary"},
		{"codec=dicts dict=bad", "dictionary bad with dicts: dictionary does not fit: it does not begin with D"},
		{"codec=dicts,loose dict=neither", "neither: no codec of this build takes it; D: it does not begin with D; any: dictionary does not fit: `zstdshop dict train` makes one"},
		{"codec=loose dict=damaged", "damaged: it is half of one: take the whole file, or make one with `zstdshop dict train`"},
		{"codec=loose dict=empty", "empty: it is empty: give a file with content"},
		{"codec=raw dict=good", "raw takes no dictionary"},
		{"codec=dicts dict=train", "--records lines"},
		{"codec=dicts dict=train:100", "out of range"},
		{"codec=dicts dict=train:", "not a size"},
	} {
		if _, err := resolveDicts(t, c.words); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.words, err, c.want)
		}
	}
}

// Where a cell trains a dictionary, all cells of its corpus measure the other half.
func TestTrainedHalf(t *testing.T) {
	p, err := resolveDicts(t, "codec=dicts records=none,lines dict=none,good")
	if err != nil {
		t.Fatal(err)
	}
	q, err := resolveDicts(t, "codec=dicts records=lines dict=none,train")
	if err != nil {
		t.Fatal(err)
	}
	if whole, half := p.Corpora[1], q.Corpora[0]; len(whole.Members) != 40 || whole.Training != nil || len(half.Members) != 20 || len(half.Training) != 20 {
		t.Errorf("whole: %d measured, %d learnt from; half: %d, %d", len(whole.Members), len(whole.Training), len(half.Members), len(half.Training))
	}
}

func TestReadDict(t *testing.T) {
	for _, c := range []struct {
		text  string
		most  int64
		fault string
	}{
		{"12345", 5, ""},
		{"123456", 5, "it has more than 5 bytes"},
		{"", 5, "it is empty"},
	} {
		if got, err := ReadDict(strings.NewReader(c.text), c.most); c.fault == "" && (err != nil || string(got) != c.text) || c.fault != "" && (err == nil || !strings.Contains(err.Error(), c.fault)) {
			t.Errorf("%q with at most %d: %q, %v; want %q", c.text, c.most, got, err, c.fault)
		}
	}
}
