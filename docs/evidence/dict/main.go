// Command dict shows what a dictionary of 16 KiB does to log records of 256 bytes: the
// ratio of both zstd codecs without and with one, each trained on one half of the records
// and measured on the other, beside what the command zstd makes of the same records with
// zstd --train and zstd -D; and that zstd -D reads the frames of both.
//
//	go run ./docs/evidence/dict [-records 20000] [-size 16384] [-write FILE]
//
// The records are made here, the same every time; -write puts them into a file, a line
// each, for zstdshop bench --records lines. It is evidence for docs/dictionaries.md, no
// part of the program.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"zstdshop/codecs"
	"zstdshop/codecs/datadog"
	"zstdshop/codecs/klauspost"
	"zstdshop/scenarios/corpus"
)

const level = 3

// named is a codec that takes dictionaries.
type named struct {
	name string
	codecs.Codec
}

func (n named) dicts() codecs.DictCodec { return n.Codec.(codecs.DictCodec) }

func main() {
	records := flag.Int("records", 20_000, "how many records")
	size := flag.Int("size", 16<<10, "most bytes of a dictionary")
	write := flag.String("write", "", "file to write the records to")
	flag.Parse()
	if err := run(*records, *size, *write); err != nil {
		fmt.Fprintln(os.Stderr, "dict:", err)
		os.Exit(1)
	}
}

func run(records, size int, write string) error {
	data := &corpus.Corpus{Name: "records"}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range records {
		data.Members = append(data.Members, corpus.Member{Name: "record", Data: record(rng, i)})
	}
	if write != "" {
		return os.WriteFile(write, joined(data.Members), 0o644)
	}
	if err := data.Halve(nil); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "dict-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Printf("%d records of %d bytes to learn from, %d to measure, level %d\n", len(data.Training), recordBytes, len(data.Members), level)
	var trained [][]byte
	all := []named{{"klauspost", klauspost.New()}, {"datadog", datadog.New()}}
	for _, c := range all {
		begin := time.Now()
		dict, err := c.dicts().Train(corpus.Samples(data.Training, size), size)
		if err != nil {
			return err
		}
		fmt.Printf("%s: dictionary of %d bytes in %v; of %d records to measure it holds %d\n", c.name, len(dict),
			time.Since(begin).Round(time.Millisecond), len(data.Members), held(dict, data.Members))
		trained = append(trained, dict)
	}
	own, err := command(dir, data, size)
	if err != nil {
		return err
	}
	trained = append(trained, nil, own)
	for i, by := range []string{"klauspost's", "datadog's", "no", "zstd --train's"} {
		for _, c := range all {
			frames, err := frames(c, trained[i], data.Members)
			if err != nil {
				return err
			}
			fmt.Printf("%s with %s dictionary: ratio %.3f", c.name, by, ratio(data.Members, frames))
			if err := read(dir, trained[i], frames, data.Members); err != nil {
				return fmt.Errorf("%s with %s dictionary: zstd -d: %w", c.name, by, err)
			}
			fmt.Println(", read by zstd -d")
		}
	}
	return nil
}

// recordBytes is the length of every record, its end of line included.
const recordBytes = 256

// record is a line of a log: what repeats, what is drawn from few, and numbers that are
// this record's own.
func record(rng *rand.Rand, n int) []byte {
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	line := fmt.Appendf(nil, `{"time":"2026-03-14T%02d:%02d:%02d.%03dZ","level":"%s","service":"%s","trace":"%016x","method":"%s","path":"/v1/%s/%d","status":%d,"ms":%d,"n":%d,"msg":"`,
		n/3600%24, n/60%60, n%60, rng.IntN(1000), pick("info", "info", "info", "warn", "error"), pick("checkout", "catalogue", "search", "payment", "accounts"),
		rng.Uint64(), pick("GET", "GET", "POST", "PUT"), pick("orders", "carts", "products", "users", "invoices"), rng.IntN(1e6),
		[]int{200, 200, 200, 201, 304, 404, 500}[rng.IntN(7)], rng.IntN(900), n)
	for len(line) < recordBytes {
		line = append(line, pick("request ", "handled ", "cache hit ", "cache miss ", "retry after ", "timeout of upstream ", "written to queue ", "user agent ", "slow query ")...)
	}
	return append(line[:recordBytes-3], "\"}\n"...)
}

func joined(members []corpus.Member) (all []byte) {
	for _, m := range members {
		all = append(all, m.Data...)
	}
	return all
}

// held is how many records have their trace in the dictionary.
func held(dict []byte, members []corpus.Member) (n int) {
	for _, m := range members {
		if _, trace, ok := bytes.Cut(m.Data, []byte(`"trace":"`)); ok && bytes.Contains(dict, trace[:16]) {
			n++
		}
	}
	return n
}

// frames compresses each record by itself.
func frames(c named, dict []byte, members []corpus.Member) (out [][]byte, err error) {
	var ctx codecs.Context
	if dict == nil {
		ctx, err = c.NewContext(level)
	} else {
		ctx, err = c.dicts().NewDictContext(level, codecs.Dict{Content: dict})
	}
	if err != nil {
		return nil, err
	}
	defer ctx.Close()
	for _, m := range members {
		frame, err := ctx.Compress(make([]byte, 0, c.CompressBound(len(m.Data))), m.Data)
		if err != nil {
			return nil, err
		}
		out = append(out, bytes.Clone(frame))
	}
	return out, nil
}

func ratio(members []corpus.Member, frames [][]byte) float64 {
	return float64(len(joined(members))) / float64(len(bytes.Join(frames, nil)))
}

// command has zstd train and compress, prints its ratio, and returns its dictionary.
func command(dir string, data *corpus.Corpus, size int) ([]byte, error) {
	path := filepath.Join(dir, "zstd.dict")
	training := filepath.Join(dir, "training")
	if err := os.WriteFile(training, joined(data.Training), 0o600); err != nil {
		return nil, err
	}
	if _, err := zstd(nil, "--train", fmt.Sprintf("-B%d", recordBytes), fmt.Sprintf("--maxdict=%d", size), "-o", path, training); err != nil {
		return nil, err
	}
	in, out := 0, 0
	for i := 0; i < len(data.Members); i += max(len(data.Members)/500, 1) { // each is a process
		frame, err := zstd(data.Members[i].Data, fmt.Sprintf("-%d", level), "--no-check", "-D", path, "-c", fmt.Sprintf("--stream-size=%d", recordBytes))
		if err != nil {
			return nil, err
		}
		in, out = in+recordBytes, out+len(frame)
	}
	fmt.Printf("zstd -%d -D with zstd --train's dictionary: ratio %.3f, of %d of the records\n", level, float64(in)/float64(out), in/recordBytes)
	return os.ReadFile(path)
}

// read has zstd decompress all frames, and compares.
func read(dir string, dict []byte, frames [][]byte, members []corpus.Member) error {
	args := []string{"-d", "-c"}
	if dict != nil {
		path := filepath.Join(dir, "dict")
		if err := os.WriteFile(path, dict, 0o600); err != nil {
			return err
		}
		args = append(args, "-D", path)
	}
	plain, err := zstd(bytes.Join(frames, nil), args...)
	if err == nil && !bytes.Equal(plain, joined(members)) {
		err = errors.New("other bytes came back")
	}
	return err
}

func zstd(in []byte, args ...string) ([]byte, error) {
	cmd := exec.Command("zstd", append([]string{"-q"}, args...)...)
	var said bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("zstd %v: %w: %s", args, err, said.Bytes())
	}
	return out, nil
}
