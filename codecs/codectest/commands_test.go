package codectest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// commands are the command lines that read a codec's streams.
var commands = map[string][]string{
	"klauspost": {"zstd", "-d", "-c"},
	"datadog":   {"zstd", "-d", "-c"},
	"lz4":       {"lz4", "-d", "-c"},
	"gzip":      {"gzip", "-d", "-c"},
	"kgzip":     {"gzip", "-d", "-c"},
	"brotli":    {"brotli", "-d", "-c"},
}

// TestCommandReadsStreams has streams read by the format's own command, where
// this machine has it.
func TestCommandReadsStreams(t *testing.T) {
	for _, c := range every() {
		command := commands[c.name]
		if command == nil {
			continue // snappy's format and s2's have none that is common
		}
		t.Run(c.name, func(t *testing.T) {
			for _, level := range effortLevels(c) {
				p := openStreams(c.Codec, level, t.Errorf)
				if p == nil {
					continue
				}
				for _, text := range [][]byte{nil, mixed(300<<10, 20)} {
					stream, err := p.flushed(text)
					if err != nil {
						t.Fatal(err)
					}
					if err := same(pipe(t, command, stream), text); err != nil {
						t.Errorf("level %d: %s: %v", level, command[0], err)
					}
				}
				p.shut(t.Errorf)
			}
		})
	}
}

// TestCommandReadsDictionaries has frames read by zstd -D.
func TestCommandReadsDictionaries(t *testing.T) {
	for _, c := range every() {
		d := dictCodec(c.Codec)
		if d == nil || c.Info().Format != "zstd" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			dict, err := trained(c.Codec, 18)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "dict")
			if err := os.WriteFile(file, dict, 0o600); err != nil {
				t.Fatal(err)
			}
			ctx := open(shaped(c.Codec, dict), usualLevel(c), t.Fatalf)
			record := records(1, 18)[0]
			frame, err := compress(c, ctx, record)
			if err != nil {
				t.Fatal(err)
			}
			if err := same(pipe(t, []string{"zstd", "-d", "-c", "-D", file}, frame), record); err != nil {
				t.Error(err)
			}
			shut(ctx, t.Errorf)
		})
	}
}

// TestCommandReadsRawContent has frames read by zstd, which takes a file for content unless
// it begins as a dictionary.
func TestCommandReadsRawContent(t *testing.T) {
	for _, c := range every() {
		if dictCodec(c.Codec) == nil || c.Info().Format != "zstd" {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			for _, content := range rawContents(c.Codec, t.Fatalf) {
				if bytes.HasPrefix(content.data, []byte(zstdDictMagic)) {
					continue
				}
				file := filepath.Join(t.TempDir(), "content")
				if err := os.WriteFile(file, content.data, 0o600); err != nil {
					t.Fatal(err)
				}
				ctx := open(raw(c.Codec, content.data), usualLevel(c), t.Fatalf)
				for _, in := range rawTexts(content.data) {
					frame, err := compress(c, ctx, in.data)
					if err != nil {
						t.Fatal(err)
					}
					if err := same(pipe(t, []string{"zstd", "-d", "-c", "-D", file}, frame), in.data); err != nil {
						t.Errorf("%s, %s: %v", content.name, in.name, err)
					}
				}
				shut(ctx, t.Errorf)
			}
		})
	}
}

// pipe returns what a command makes of in. It skips where there is no such
// command.
func pipe(t *testing.T, command []string, in []byte) []byte {
	t.Helper()
	if _, err := exec.LookPath(command[0]); err != nil {
		t.Skip(err)
	}
	run := exec.Command(command[0], command[1:]...)
	var out, said bytes.Buffer
	run.Stdin, run.Stdout, run.Stderr = bytes.NewReader(in), &out, &said
	if err := run.Run(); err != nil {
		t.Errorf("%v: %v: %s", command, err, said.Bytes())
	}
	return out.Bytes()
}
