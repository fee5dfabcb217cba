package load

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"zstdshop/codecs"
	"zstdshop/scenarios"
)

// endpoint is a service of the shop.
type endpoint struct {
	name, path string
	// frames is set where it is asked with the compressed form of an item.
	frames bool
	// ask makes the body of the request about an item and, with frames, its
	// compressed form; nil where a GET says all.
	ask func(in scenarios.Input, item, frame []byte) (contentType string, body []byte, err error)
	// take finds the compressed form of the item, in the answer or the question,
	// and holds what came back against the item.
	take func(c *checker, a ask, answer []byte) (frame []byte, err error)
}

var endpoints = []endpoint{
	{"compress", "/compress", false, askText, takeText},
	{"decompress", "/decompress", true, askBase64, takeBase64},
	{"v1-compress", "/v1/compress", false, askItem, takeFrame},
	{"v1-decompress", "/v1/decompress", true, askFrame, takeItem},
	{"ping", "/ping", false, nil, takePing},
}

func endpointNamed(name string) (*endpoint, error) {
	i := slices.IndexFunc(endpoints, func(e endpoint) bool { return e.name == name })
	if i < 0 {
		return nil, fmt.Errorf("no endpoint %q", name)
	}
	return &endpoints[i], nil
}

// ask is a request and what it is about; item is nil for /ping, frame also where
// the answer brings it.
type ask struct {
	request, item, frame []byte
}

// requests makes one for every item.
func (e *endpoint) requests(ctx context.Context, in scenarios.Input) ([]ask, error) {
	if e.ask == nil {
		return []ask{{request: []byte("GET " + e.path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")}}, nil
	}
	codec, err := in.Codec.NewContext(in.Level)
	if err != nil {
		return nil, fmt.Errorf("make codec context: %w", err)
	}
	defer codec.Close()
	var out []ask
	for i, item := range in.Items {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("prepare request %d of %d: %w", i, len(in.Items), context.Cause(ctx))
		}
		var frame []byte
		if e.frames {
			if frame, err = codec.Compress(make([]byte, 0, in.Codec.CompressBound(len(item))), item); err != nil {
				return nil, fmt.Errorf("compress item %d: %w", i, err)
			}
		}
		contentType, body, err := e.ask(in, item, frame)
		if err != nil {
			return nil, fmt.Errorf("item %d: %w", i, err)
		}
		target := e.path
		if e.name == "v1-compress" {
			target += "?level=" + strconv.Itoa(in.Level)
		}
		head := "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + contentType + "\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n"
		out = append(out, ask{append([]byte(head), body...), item, frame})
	}
	return out, nil
}

const (
	jsonType  = "application/json"
	bytesType = "application/octet-stream"
)

func askText(in scenarios.Input, item, _ []byte) (string, []byte, error) {
	if !utf8.Valid(item) {
		return "", nil, errors.New("it is not UTF-8, which /compress wants: use --endpoint v1-compress, or another corpus")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // as nobody but Go does
	err := e.Encode(struct {
		Text  string `json:"text"`
		Level int    `json:"level"`
	}{string(item), in.Level})
	return jsonType, bytes.TrimSpace(b.Bytes()), err
}

func askBase64(_ scenarios.Input, item, frame []byte) (string, []byte, error) {
	if !utf8.Valid(item) {
		return "", nil, errors.New("it is not UTF-8, which /decompress answers with: use --endpoint v1-decompress, or another corpus")
	}
	return jsonType, []byte(`{"b64":"` + base64.StdEncoding.EncodeToString(frame) + `"}`), nil
}

func askItem(_ scenarios.Input, item, _ []byte) (string, []byte, error) { return bytesType, item, nil }
func askFrame(_ scenarios.Input, _, frame []byte) (string, []byte, error) {
	return bytesType, frame, nil
}

func takeText(c *checker, a ask, answer []byte) ([]byte, error) {
	var got struct {
		B64 []byte `json:"b64"` // encoding/json undoes the base64
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		return nil, err
	}
	return got.B64, c.frame(a, got.B64)
}

func takeFrame(c *checker, a ask, answer []byte) ([]byte, error) { return answer, c.frame(a, answer) }

func takeBase64(c *checker, a ask, answer []byte) ([]byte, error) {
	var got struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		return nil, err
	}
	return a.frame, c.item(a, []byte(got.Text))
}

func takeItem(c *checker, a ask, answer []byte) ([]byte, error) { return a.frame, c.item(a, answer) }

func takePing(_ *checker, _ ask, answer []byte) ([]byte, error) {
	var got struct {
		OK bool `json:"ok"`
	}
	if err := json.Unmarshal(answer, &got); err != nil {
		return nil, err
	}
	if !got.OK {
		return nil, fmt.Errorf("it answers %.100s", answer)
	}
	return nil, nil
}

// checker holds answers against items, if that is asked for.
type checker struct {
	verify bool
	codec  codecs.Context // nil where nothing is decompressed
}

func newChecker(in scenarios.Input) (*checker, error) {
	if in.Codec == nil {
		return &checker{}, nil
	}
	ctx, err := in.Codec.NewContext(in.Level)
	if err != nil {
		return nil, fmt.Errorf("make codec context: %w", err)
	}
	return &checker{in.Verify, ctx}, nil
}

func (c *checker) close() {
	if c.codec != nil {
		_ = c.codec.Close()
	}
}

// frame holds a compressed form against its item.
func (c *checker) frame(a ask, frame []byte) error {
	if !c.verify {
		return nil
	}
	plain, err := c.codec.Decompress(make([]byte, 0, max(len(a.item), 1)), frame)
	if err != nil {
		return fmt.Errorf("%w: %w", scenarios.ErrCorrupt, err)
	}
	return c.item(a, plain)
}

func (c *checker) item(a ask, plain []byte) error {
	if c.verify && !bytes.Equal(plain, a.item) {
		return fmt.Errorf("%w: %d bytes came back, which are not the %d of the item", scenarios.ErrCorrupt, len(plain), len(a.item))
	}
	return nil
}
