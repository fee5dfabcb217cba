//go:build linux

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/klauspost/compress/zstd"
)

const (
	attackers   = 64
	attackTime  = 3 * time.Second
	hostileRuns = 3

	magic = "\x28\xb5\x2f\xfd"
	open  = magic + "\x00\x58" // a window of 2 MiB, no size, no checksum
)

// attack is a load that no client with good intent sends.
type attack struct {
	name     string
	raw      []byte
	statuses []int // that it may be answered with, besides 503
}

// block is a block of a frame: kind 0 holds its bytes, 1 repeats one of them.
func block(last bool, kind uint32, size int, content string) string {
	header := uint32(size)<<3 | kind<<1
	if last {
		header |= 1
	}
	return string([]byte{byte(header), byte(header >> 8), byte(header >> 16)}) + content
}

func attacks() ([]attack, error) {
	const claimed = 128 << 10
	// 3 MiB that claim 96 GiB: blocks of 4 bytes, each of which repeats one byte.
	claims := open + strings.Repeat(block(false, 1, claimed, "x"), 3<<20/4-1) + block(true, 1, claimed, "x")
	good := open + strings.Repeat(block(false, 0, 1<<10, strings.Repeat("y", 1<<10)), 1<<10)
	behind := good + claims[len(open):]
	empty := strings.Repeat(magic+"\x20\x00"+block(true, 0, 0, ""), 349_525)
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		return nil, err
	}
	nuls := encoder.EncodeAll(make([]byte, 3_900_000), nil)
	if err := encoder.Close(); err != nil {
		return nil, err
	}
	huge := binary.LittleEndian.AppendUint64([]byte(magic+"\xc0\x00"), 1<<63)
	huge = append(huge, block(true, 0, 0, "")...)

	raw := func(frames string) []byte {
		return request("POST", "/v1/decompress", "application/octet-stream", []byte(frames))
	}
	inChunks := func(frames string) []byte { // of 64 KiB
		head, _, _ := bytes.Cut(request("POST", "/v1/decompress", "application/octet-stream", nil), []byte("Content-Length"))
		out := append(head, "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n"...)
		for chunk := range slices.Chunk([]byte(frames), 64<<10) {
			out = append(append(fmt.Appendf(out, "%x\r\n", len(chunk)), chunk...), "\r\n"...)
		}
		return append(out, "0\r\n\r\n"...)
	}
	inJSON := func(frames string) []byte {
		return request("POST", "/decompress", "application/json", []byte(`{"b64":"`+base64.StdEncoding.EncodeToString([]byte(frames))+`"}`))
	}
	return []attack{
		{name: "no attack"}, // what /ping takes on this machine anyway
		{"96 GiB claimed in 3 MiB, raw", raw(claims), []int{413}},
		{"96 GiB claimed in 3 MiB, in JSON", inJSON(claims), []int{413}},
		{"behind 1 MiB of good blocks, raw", raw(behind), []int{413}},
		{"behind 1 MiB of good blocks, in JSON", inJSON(behind), []int{413}},
		{"behind 1 MiB of good blocks, in chunks", inChunks(behind), []int{413}},
		{"349,525 empty frames, raw", raw(empty), []int{413}},
		{"349,525 empty frames, in JSON", inJSON(empty), []int{413}},
		{"7 MiB of nested JSON", request("POST", "/compress", "application/json", bytes.Repeat([]byte("["), 7<<20)), []int{400}},
		{"3.9 MiB of NULs", inJSON(string(nuls)), []int{200}},
		{"2^63 bytes claimed in 17", raw(string(huge)), []int{413}},
	}, nil
}

// figures are what one run of an attack has come to.
type figures struct {
	Sent    int           // requests
	Slowest time.Duration // answer
	Refused int           // 503

	peak   int64         // bytes of resident memory
	ping   time.Duration // p99
	bare   time.Duration // p99 of a server of nothing beside it
	cpu    time.Duration // of the server, for each request
	others float64       // what others had of the machine, 0 to 1
}

// hostile runs every attack several times, each against a server of its own on one CPU
// with the load on the others, and prints a table: medians, and the worst. Beside each
// server there is one of nothing, which is asked as it is: what that takes is not the
// shop's doing.
func hostile(program, row string) error {
	all, err := attacks()
	if err != nil {
		return err
	}
	fmt.Printf("%d connections for %v; medians of %d runs, worst in brackets\n\n", attackers, attackTime, hostileRuns)
	fmt.Println("| | resident memory, MiB | p99 of `/ping`, ms | of a server of nothing, ms | CPU per request, ms | slowest answer, ms | requests | 503 | others, % |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	for _, a := range all {
		if !strings.Contains(a.name, row) {
			continue
		}
		var runs []figures
		for range hostileRuns {
			f, err := a.run(program)
			if err != nil {
				return fmt.Errorf("%s: %w", a.name, err)
			}
			runs = append(runs, f)
		}
		column := func(value func(figures) float64, format string) string {
			var v []float64
			for _, f := range runs {
				v = append(v, value(f))
			}
			slices.Sort(v)
			return fmt.Sprintf(format+" ("+format+")", v[len(v)/2], v[len(v)-1])
		}
		fmt.Printf("| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", a.name,
			column(func(f figures) float64 { return float64(f.peak) / (1 << 20) }, "%.0f"),
			column(func(f figures) float64 { return f.ping.Seconds() * 1000 }, "%.1f"),
			column(func(f figures) float64 { return f.bare.Seconds() * 1000 }, "%.1f"),
			column(func(f figures) float64 { return f.cpu.Seconds() * 1000 }, "%.2f"),
			column(func(f figures) float64 { return f.Slowest.Seconds() * 1000 }, "%.0f"),
			column(func(f figures) float64 { return float64(f.Sent) }, "%.0f"),
			column(func(f figures) float64 { return float64(f.Refused) }, "%.0f"),
			column(func(f figures) float64 { return 100 * f.others }, "%.0f"))
	}
	return nil
}

// run is one run against a server of its own.
func (a attack) run(program string) (figures, error) {
	s, err := startOnFirstCPU(program)
	if err != nil {
		return figures{}, err
	}
	defer s.cmd.Process.Kill() // in vain where stop has ended it
	nothing, err := startBare()
	if err != nil {
		return figures{}, err
	}
	defer nothing.cmd.Process.Kill() // in vain where end has
	others, err := watchOthers()
	if err != nil {
		return figures{}, err
	}
	asks, err := startPinging(s.addr)
	if err != nil {
		return figures{}, err
	}
	asksNothing, err := startPinging(nothing.addr)
	if err != nil {
		return figures{}, err
	}
	before, err := s.cpu()
	if err != nil {
		return figures{}, err
	}
	f, err := a.sendApart(s.addr)
	if err != nil {
		return f, err
	}
	after, err := s.cpu()
	if err != nil {
		return f, err
	}
	pings, err := asks.end()
	if err != nil {
		return f, err
	}
	pingsNothing, err := asksNothing.end()
	if err != nil {
		return f, err
	}
	f.ping, f.bare = pings.at(0.99), pingsNothing.at(0.99)
	if f.Sent > 0 {
		f.cpu = (after - before) / time.Duration(f.Sent)
	}
	if f.peak, err = s.memory("VmHWM"); err != nil {
		return f, err
	}
	if _, err = s.stop(); err != nil {
		return f, err
	}
	if err := nothing.end(); err != nil {
		return f, err
	}
	f.others, err = others.share()
	return f, err
}

// attackCommand makes this program one that attacks, and nothing else.
const attackCommand = "attack"

// sendApart attacks from a process of its own, which lets the others go first: on a CPU
// that it shares with the one that asks for /ping, that one would wait for it and not
// for the server.
func (a attack) sendApart(addr string) (f figures, err error) {
	exe, err := os.Executable()
	if err != nil {
		return f, err
	}
	cmd := exec.Command(exe, attackCommand, a.name, addr)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.Output()
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(out, &f)
}

// attackAs is that process.
func attackAs(name, addr string) error {
	if err := yieldCPU(); err != nil {
		return err
	}
	all, err := attacks()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(a attack) bool { return a.name == name })
	if i < 0 {
		return fmt.Errorf("no attack %q", name)
	}
	f, err := all[i].send(addr)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(f)
}

// send attacks from all connections at once.
func (a attack) send(addr string) (figures, error) {
	var mu sync.Mutex
	var f figures
	var failed error
	var all sync.WaitGroup
	end := time.Now().Add(attackTime)
	if a.raw == nil {
		time.Sleep(attackTime)
		return f, nil
	}
	for range attackers {
		all.Go(func() {
			for time.Now().Before(end) {
				begin := time.Now()
				got, err := a.once(addr)
				took := time.Since(begin)
				mu.Lock()
				f.Sent++
				f.Slowest = max(f.Slowest, took)
				if got.status == 503 {
					f.Refused++
				}
				if err != nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return f, failed
}

// once has a connection of its own, since a refused body may end it.
func (a attack) once(addr string) (answer, error) {
	c, err := dial(addr)
	if err != nil {
		return answer{}, err
	}
	defer c.Close()
	got, err := c.do(a.raw)
	if err == nil && got.status != 503 && !slices.Contains(a.statuses, got.status) {
		err = fmt.Errorf("answered %d: %.200s", got.status, got.body)
	}
	return got, err
}
