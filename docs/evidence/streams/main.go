// Command streams measures by hand what `zstdshop bench` shows as stream memory: how much
// more memory of its own a process has with so many writers at work, each in the middle of
// a stream, for each of them:
//
//	go run ./docs/evidence/streams FILE
//
// FILE is raw data of 256 KiB and more. Each codec is at its default level, and has a
// process of its own. Linux only: it reads RssAnon of /proc/self/status. It is evidence
// for docs/codecs.md, no part of the program.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"

	"zstdshop/codecs"
	"zstdshop/codecs/brotli"
	"zstdshop/codecs/datadog"
	"zstdshop/codecs/gzip"
	"zstdshop/codecs/kgzip"
	"zstdshop/codecs/klauspost"
	"zstdshop/codecs/lz4"
	"zstdshop/codecs/s2"
	"zstdshop/codecs/snappy"
)

const (
	writers = 16
	content = 256 << 10 // the default of --stream
	piece   = 64 << 10  // and of --block
)

var all = []struct {
	name  string
	codec codecs.Codec
}{
	{"klauspost", klauspost.New()}, {"datadog", datadog.New()}, {"s2", s2.New()}, {"snappy", snappy.New()},
	{"lz4", lz4.New()}, {"gzip", gzip.New()}, {"kgzip", kgzip.New()}, {"brotli", brotli.New()},
}

func main() {
	err := errors.New("usage: streams FILE")
	switch len(os.Args) {
	case 2:
		err = each(os.Args[1])
	case 3:
		err = one(os.Args[1], os.Args[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "streams:", err)
		os.Exit(1)
	}
}

// each starts a process for each codec.
func each(path string) error {
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.codec.Info().Unavailable != "" {
			continue
		}
		run := exec.Command(exe, path, c.name)
		run.Stdout, run.Stderr = os.Stdout, os.Stderr
		if err := run.Run(); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// one measures a codec.
func one(path, name string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	data := make([]byte, content)
	if _, err := io.ReadFull(f, data); err != nil {
		return fmt.Errorf("read %d bytes: %w", content, err)
	}
	for _, c := range all {
		if c.name != name {
			continue
		}
		level := 0
		if levels := c.codec.Info().Levels; levels != nil {
			level = levels.Default
		}
		held, err := memory(c.codec.(codecs.Streamer), level, data)
		if err != nil {
			return err
		}
		fmt.Printf("%-9s level %d  %6.3f MiB a writer\n", name, level, float64(held)/(1<<20))
	}
	return nil
}

// memory is what one of the writers takes at work.
func memory(codec codecs.Streamer, level int, data []byte) (int64, error) {
	before, err := resident()
	if err != nil {
		return 0, err
	}
	var open []codecs.StreamWriter
	for range writers {
		w, err := codec.NewWriter(io.Discard, level)
		if err != nil {
			return 0, err
		}
		open = append(open, w)
		for at := 0; at < len(data); at += piece {
			if _, err := w.Write(data[at : at+piece]); err != nil {
				return 0, err
			}
		}
	}
	after, err := resident()
	runtime.KeepAlive(open)
	return (after - before) / writers, err
}

// resident is RssAnon once what is free has been given back.
func resident() (int64, error) {
	debug.FreeOSMemory()
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "RssAnon:"); ok {
			var kib int64
			_, err := fmt.Sscan(rest, &kib)
			return kib << 10, err
		}
	}
	return 0, errors.New("the system does not tell RssAnon")
}
