// Command go asks the shop for everything once, with the standard library:
//
//	go run ./examples/clients/go [URL]
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	url := "http://127.0.0.1:8000"
	if len(os.Args) > 1 {
		url = os.Args[1]
	}
	if err := shop(url); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// answer is all that answers have; each fills its part.
type answer struct {
	Go, B64, Text, Detail string
	Codecs                []string
	In                    int `json:"bytes_in"`
	Out                   int `json:"bytes_out"`
	Workers               int
	Checksum              uint32
	Ratio, Seconds        float64
}

func shop(url string) error {
	ping, err := ask(url+"/ping", nil)
	if err != nil {
		return err
	}
	fmt.Printf("ping: %s, codecs %s\n", ping.Go, strings.Join(ping.Codecs, " "))

	text := strings.Repeat("compress 压缩 ", 100)
	packed, err := ask(url+"/compress", map[string]any{"text": text, "level": 3})
	if err != nil {
		return err
	}
	fmt.Printf("compress: %d bytes to %d, ratio %v\n", packed.In, packed.Out, packed.Ratio)

	back, err := ask(url+"/decompress", map[string]any{"b64": packed.B64})
	if err != nil {
		return err
	}
	if back.Text != text {
		return errors.New("decompress: another text")
	}
	fmt.Println("decompress: the same text")

	bench, err := ask(url+"/bench?workers=4&iters=100000", nil)
	if err != nil {
		return err
	}
	fmt.Printf("bench: %d workers in %v s, checksum %d\n", bench.Workers, bench.Seconds, bench.Checksum)
	return nil
}

// ask sends a GET, or a POST where there is a body.
func ask(url string, body map[string]any) (a answer, err error) {
	client := http.Client{Timeout: time.Minute}
	var resp *http.Response
	if body == nil {
		resp, err = client.Get(url)
	} else {
		sent, _ := json.Marshal(body) // texts and numbers always can be
		resp, err = client.Post(url, "application/json", bytes.NewReader(sent))
	}
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	err = json.NewDecoder(resp.Body).Decode(&a)
	if resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %d: %s", url, resp.StatusCode, a.Detail)
	}
	return a, err
}
