package server

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// badJSON is the class of bodies that are not what they should be.
func badJSON() []badRow {
	in := func(name, body string, status int, code string) badRow {
		return badRow{"json " + name, postRequest("/compress", body), status, code}
	}
	rows := []badRow{
		in("empty", "", 400, "json_invalid"),
		in("spaces", " \t\r\n", 400, "json_invalid"),
		in("null", "null", 422, "object_type"),
		in("true", "true", 422, "object_type"),
		in("array", "[]", 422, "object_type"),
		in("number", "1", 422, "object_type"),
		in("string", `"text"`, 422, "object_type"),
		in("empty object", "{}", 422, "missing"),
		in("level alone", `{"level":3}`, 422, "missing"),
		in("open", "{", 400, "json_invalid"),
		in("closed", "}", 400, "json_invalid"),
		in("open string", `{"text":"a`, 400, "json_invalid"),
		in("open value", `{"text":`, 400, "json_invalid"),
		in("no value", `{"text":}`, 400, "json_invalid"),
		in("no colon", `{"text" "a"}`, 400, "json_invalid"),
		in("two colons", `{"text"::"a"}`, 400, "json_invalid"),
		in("comma at the end", `{"text":"a",}`, 400, "json_invalid"),
		in("comma at the beginning", `{,"text":"a"}`, 400, "json_invalid"),
		in("comma in an array's end", `{"text":"a","x":[1,]}`, 400, "json_invalid"),
		in("no comma", `{"text":"a" "level":3}`, 400, "json_invalid"),
		in("comment", `{"text":"a"/**/}`, 400, "json_invalid"),
		in("line comment", "// hello\n{\"text\":\"a\"}", 400, "json_invalid"),
		in("byte order mark", "\ufeff"+`{"text":"a"}`, 400, "json_invalid"),
		in("UTF-16", "{\x00\"\x00t\x00e\x00x\x00t\x00", 400, "json_invalid"),
		in("single quotes", `{'text':'a'}`, 400, "json_invalid"),
		in("name without quotes", `{text:"a"}`, 400, "json_invalid"),
		in("two documents", `{"text":"a"}{"text":"b"}`, 400, "json_invalid"),
		in("a word behind", `{"text":"a"}x`, 400, "json_invalid"),
		in("NUL behind", "{\"text\":\"a\"}\x00", 400, "json_invalid"),
		in("100,000 arrays", strings.Repeat("[", 100_000), 400, "json_invalid"),
		in("100,000 arrays in a member", `{"x":`+strings.Repeat("[", 100_000), 400, "json_invalid"),
		in("100,000 objects", strings.Repeat(`{"a":`, 100_000), 400, "json_invalid"),
		in("text twice", `{"text":"a","text":"a"}`, 400, "json_invalid"),
		in("text twice, once escaped", `{"text":"a","te\u0078t":"a"}`, 400, "json_invalid"),
		in("level twice", `{"text":"a","level":3,"level":3}`, 400, "json_invalid"),
		in("unknown twice", `{"text":"a","x":3,"x":3}`, 400, "json_invalid"),
		in("Text", `{"Text":"a"}`, 422, "missing"),
		in("TEXT beside text", `{"TEXT":1,"text":"a"}`, 200, ""),
		in("text null", `{"text":null}`, 422, "string_type"),
		in("text number", `{"text":5}`, 422, "string_type"),
		in("text true", `{"text":true}`, 422, "string_type"),
		in("text array", `{"text":["a"]}`, 422, "string_type"),
		in("text object", `{"text":{}}`, 422, "string_type"),
		in("raw 0xff", "{\"text\":\"\xff\"}", 400, "json_invalid"),
		in("overlong", "{\"text\":\"\xc0\xaf\"}", 400, "json_invalid"),
		in("half a character", "{\"text\":\"\xe2\x82\"}", 400, "json_invalid"),
		in("surrogate in UTF-8", "{\"text\":\"\xed\xa0\x80\"}", 400, "json_invalid"),
		in("above U+10FFFF", "{\"text\":\"\xf4\x90\x80\x80\"}", 400, "json_invalid"),
		in("raw 0xff in an unknown name", "{\"text\":\"a\",\"\xff\":1}", 400, "json_invalid"),
		in("high surrogate alone", `{"text":"\ud83d"}`, 400, "json_invalid"),
		in("low surrogate alone", `{"text":"\ude00"}`, 400, "json_invalid"),
		in("surrogates the wrong way round", `{"text":"\ude00\ud83d"}`, 400, "json_invalid"),
		in("high surrogate and a letter", `{"text":"\ud83dx"}`, 400, "json_invalid"),
		in("high surrogate and an escape", `{"text":"\ud83d\n"}`, 400, "json_invalid"),
		in("two high surrogates", `{"text":"\ud83d\ud83d"}`, 400, "json_invalid"),
		in("escape x", `{"text":"\x41"}`, 400, "json_invalid"),
		in("escape of nothing", `{"text":"\"}`, 400, "json_invalid"),
		in("escape u with 3 digits", `{"text":"\u123"}`, 400, "json_invalid"),
		in("escape u with a g", `{"text":"\u123g"}`, 400, "json_invalid"),
		in("raw line break", "{\"text\":\"a\nb\"}", 400, "json_invalid"),
		in("raw tab", "{\"text\":\"a\tb\"}", 400, "json_invalid"),
		in("raw NUL", "{\"text\":\"a\x00b\"}", 400, "json_invalid"),
		in("raw DEL", "{\"text\":\"a\x7fb\"}", 200, ""),
		in("escaped NUL", `{"text":"\u0000"}`, 200, ""),
		in("U+FFFE", `{"text":"\ufffe"}`, 200, ""),
		in("emoji", `{"text":"😀\ud83d\ude00"}`, 200, ""),
		in("every escape", `{"text":"\"\\\/\b\f\n\r\t\u00e4"}`, 200, ""),
		in("empty text", `{"text":""}`, 200, ""),
		in("unknown members", `{"a":[1,{"b":null}],"text":"a","z":-1.5e-3}`, 200, ""),
		in("spaces everywhere", " { \"text\" \t:\r\n\"a\" } \n", 200, ""),
		in("member with a bad number", `{"text":"a","x":01}`, 400, "json_invalid"),
		in("member with NaN", `{"text":"a","x":NaN}`, 400, "json_invalid"),
		in("member with +1", `{"text":"a","x":+1}`, 400, "json_invalid"),
		in("member with .5", `{"text":"a","x":.5}`, 400, "json_invalid"),
		in("member with 1.", `{"text":"a","x":1.}`, 400, "json_invalid"),
		in("member with 1e", `{"text":"a","x":1e}`, 400, "json_invalid"),
		in("member with True", `{"text":"a","x":True}`, 400, "json_invalid"),
		in("member with nul", `{"text":"a","x":nul}`, 400, "json_invalid"),
	}
	for _, c := range []struct {
		level  string
		status int
		code   string
	}{
		{"null", 200, ""}, {"0", 200, ""}, {"-0", 200, ""}, {"1", 200, ""}, {"3.0", 200, ""}, {"22", 200, ""}, {"-131072", 200, ""},
		{"23", 422, "level"}, {"-131073", 422, "level"}, {"2147483647", 422, "level"},
		{"2147483648", 422, "int_range"}, {"9223372036854775808", 422, "int_range"}, {"1e400", 422, "int_range"},
		{"3.5", 422, "int_type"}, {"1e-9", 422, "int_type"}, {`"3"`, 422, "int_type"}, {"true", 422, "int_type"}, {"[3]", 422, "int_type"}, {"{}", 422, "int_type"},
		{"NaN", 400, "json_invalid"}, {"Infinity", 400, "json_invalid"}, {"+3", 400, "json_invalid"}, {"03", 400, "json_invalid"}, {"0x3", 400, "json_invalid"}, {"--3", 400, "json_invalid"}, {"", 400, "json_invalid"},
	} {
		rows = append(rows, in("level "+c.level, `{"text":"some text","level":`+c.level+`}`, c.status, c.code))
	}
	back := func(name, body string, status int, code string) badRow {
		return badRow{"json back " + name, postRequest("/decompress", body), status, code}
	}
	return append(rows,
		back("empty", "", 400, "json_invalid"),
		back("null", "null", 422, "object_type"),
		back("empty object", "{}", 422, "missing"),
		back("text", `{"text":"a"}`, 422, "missing"),
		back("number", `{"b64":1}`, 422, "string_type"),
		back("null member", `{"b64":null}`, 422, "string_type"),
		back("twice", `{"b64":"","b64":""}`, 400, "json_invalid"),
		back("escaped", `{"b64":"KLUv\/SQFKQAAaGVsbG+jbZ+I"}`, 200, ""),
	)
}

// hello is `hello` in a frame with its checksum, in base64.
const hello = "KLUv/SQFKQAAaGVsbG+jbZ+I"

// badBase64 is the class of base64 that is none.
func badBase64() []badRow {
	in := func(name, b64 string, status int, code string) badRow {
		return badRow{"base64 " + name, postRequest("/decompress", `{"b64":"`+b64+`"}`), status, code}
	}
	h := hello
	return []badRow{
		in("good", h, 200, ""),
		in("empty", "", 422, "empty"),
		in("one byte", "K", 422, "base64_invalid"),
		in("two bytes", "KL", 422, "base64_invalid"),
		in("three bytes", "KLU", 422, "base64_invalid"),
		in("one byte padded", "K===", 422, "base64_invalid"),
		in("padding alone", "====", 422, "base64_invalid"),
		in("one byte short", h[:len(h)-1], 422, "base64_invalid"),
		in("one byte more", h+"A", 422, "base64_invalid"),
		in("padding more", h+"=", 422, "base64_invalid"),
		in("four paddings more", h+"====", 422, "base64_invalid"),
		in("padding inside", "KLU=/SQFKQAAaGVsbG/jlSpE", 422, "base64_invalid"),
		in("padding, then more", "KL==KLUv", 422, "base64_invalid"),
		in("a padding missing", base64Of([]byte(zstdMagic))[:7], 422, "base64_invalid"),
		in("loose bits", "KLUv/R==", 422, "base64_invalid"),
		in("loose bits in three", "KLUv/SR=", 422, "base64_invalid"),
		in("URL alphabet", strings.NewReplacer("/", "_", "+", "-").Replace(h), 422, "base64_invalid"),
		in("a line break", h[:8]+`\n`+h[8:], 422, "base64_invalid"),
		in("a carriage return", h[:8]+`\r\n`+h[8:], 422, "base64_invalid"),
		in("a line break at the end", h+`\n`, 422, "base64_invalid"),
		in("a space", h[:8]+" "+h[8:], 422, "base64_invalid"),
		in("a space at the beginning", " "+h, 422, "base64_invalid"),
		in("a tab", h[:8]+`\t`+h[8:], 422, "base64_invalid"),
		in("NUL", h[:8]+`\u0000`+h[9:], 422, "base64_invalid"),
		in("a letter that is none", h[:8]+"ä"+h[10:], 422, "base64_invalid"),
		in("an asterisk", h[:8]+"*"+h[9:], 422, "base64_invalid"),
		in("a data URL", "data:application/zstd;base64,"+h, 422, "base64_invalid"),
		in("hex", "28b52ffd", 422, "not_zstd"),
	}
}

// badFrames is the class of frames, in base64 and raw.
func badFrames(t testing.TB) []badRow {
	var rows []badRow
	in := func(name, frame string, status int, code string) {
		rows = append(rows,
			badRow{"frame " + name, postRequest("/decompress", `{"b64":"`+base64Of([]byte(frame))+`"}`), status, code},
			badRow{"raw frame " + name, postRequest("/v1/decompress", frame), status, code})
	}
	good := string(sealedFrame(t, strings.Repeat("some text that is good. ", 20)))
	hello := string(sealedFrame(t, "hello"))
	skip := func(nibble byte, size int, content string) string {
		return string([]byte{0x50 | nibble, 0x2a, 0x4d, 0x18}) + le32(uint32(size)) + content
	}
	in("good", good, 200, "")
	in("text", "this is not zstd at all", 422, "not_zstd")
	in("gzip", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01\x00\x00\xff\xff", 422, "not_zstd")
	in("lz4", "\x04\x22\x4d\x18\x64\x40\xa7\x00\x00\x00\x00\x05\x5d\xcc\x02", 422, "not_zstd")
	in("zip", "PK\x03\x04"+strings.Repeat("\x00", 30), 422, "not_zstd")
	in("xz", "\xfd7zXZ\x00\x00\x04", 422, "not_zstd")
	in("JSON", `{"text":"a"}`, 422, "not_zstd")
	in("zeros", strings.Repeat("\x00", 100), 422, "not_zstd")
	for v := byte(0x1e); v < 0x28; v++ { // zstd 0.1 to 0.7
		in(fmt.Sprintf("legacy magic %#x", v), string([]byte{v, 0xb5, 0x2f, 0xfd})+good[4:], 422, "not_zstd")
	}
	in("magic backwards", "\xfd\x2f\xb5\x28"+good[4:], 422, "not_zstd")
	in("a dictionary itself", "\x37\xa4\x30\xec"+strings.Repeat("\x01", 40), 422, "not_zstd")

	in("reserved bit", zstdMagic+"\x08\x00"+block(true, 0, 0, ""), 422, "corrupt_frame")
	in("block type 3", zstdMagic+"\x00\x00"+block(true, 3, 1, "x"), 422, "corrupt_frame")
	in("dictionary id of 1 byte", zstdMagic+"\x21\x07\x05"+block(true, 0, 5, "hello"), 422, "dictionary")
	in("dictionary id of 2 bytes", zstdMagic+"\x22\x07\x07\x05"+block(true, 0, 5, "hello"), 422, "dictionary")
	in("dictionary id of 4 bytes", zstdMagic+"\x23\x07\x00\x00\x00\x05"+block(true, 0, 5, "hello"), 422, "dictionary")
	in("dictionary id of nothing", zstdMagic+"\x21\x00\x05"+block(true, 0, 5, "hello"), 200, "")
	for log := 24; log <= 41; log++ {
		in(fmt.Sprintf("window log %d", log), zstdMagic+"\x00"+string([]byte{byte(log-10) << 3})+block(true, 0, 1, "x"), 422, "window_too_large")
	}
	in("window log 23", zstdMagic+"\x00"+string([]byte{13 << 3})+block(true, 0, 1, "x"), 200, "")
	in("window log 23 and an eighth", zstdMagic+"\x00"+string([]byte{13<<3 | 1})+block(true, 0, 1, "x"), 422, "window_too_large")
	for _, size := range []uint64{1 << 30, 1 << 31, 1 << 32, 60 << 30, 1 << 40, 1 << 62, 1<<63 - 1, 1 << 63, 1<<64 - 1} {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], size)
		in(fmt.Sprintf("claims %d bytes", size), zstdMagic+"\xe0"+string(b[:])+block(true, 0, 1, "x"), 413, "too_large")
		in(fmt.Sprintf("claims %d bytes, with a window", size), zstdMagic+"\xc0\x00"+string(b[:])+block(true, 0, 1, "x"), 413, "too_large")
	}
	in("size one too small", zstdMagic+"\x20\x04"+block(true, 0, 5, "hello"), 422, "corrupt_frame")
	in("size one too large", zstdMagic+"\x20\x06"+block(true, 0, 5, "hello"), 422, "corrupt_frame")
	in("size right", zstdMagic+"\x20\x05"+block(true, 0, 5, "hello"), 200, "")
	in("wrong checksum", hello[:len(hello)-1]+string([]byte{hello[len(hello)-1] ^ 1}), 422, "corrupt_frame")
	in("checksum of zero", hello[:len(hello)-4]+"\x00\x00\x00\x00", 422, "corrupt_frame")
	in("no checksum", hello[:len(hello)-4], 422, "truncated")
	in("a byte behind", good+"x", 422, "trailing_bytes")
	in("zeros behind", good+"\x00\x00\x00\x00", 422, "trailing_bytes")
	in("half a magic behind", good+zstdMagic[:2], 422, "truncated")
	in("half a frame behind", good+good[:20], 422, "truncated")
	in("two frames", good+good, 200, "")
	in("skippable", skip(0, 5, "hello"), 200, "")
	in("skippable, the last kind", skip(15, 0, ""), 200, "")
	in("skippable before", skip(3, 5, "hello")+good, 200, "")
	in("skippable between and behind", good+skip(3, 5, "hello")+good+skip(4, 0, ""), 200, "")
	in("skippable cut short", skip(0, 6, "hello"), 422, "truncated")
	in("skippable of 4 GiB", skip(0, 1<<32-1, "\x01"), 422, "truncated")
	in("skippable without a size", skip(0, 0, "")[:6], 422, "truncated")

	rle := func(n int) string { // n blocks of 128 KiB of one byte each
		var b strings.Builder
		b.WriteString(zstdMagic + "\x00\x58")
		for i := range n {
			b.WriteString(block(i == n-1, 1, 128<<10, "x"))
		}
		return b.String()
	}
	in("RLE up to the limit", rle(32), 200, "")
	in("a block of 2 MiB", zstdMagic+"\x00\x58"+block(true, 1, 2<<20-1, "x"), 422, "corrupt_frame")
	in("a compressed block of nothing", zstdMagic+"\x00\x58"+block(true, 2, 0, ""), 422, "corrupt_frame")
	in("a compressed block of nonsense", zstdMagic+"\x00\x58"+block(true, 2, 8, "\xff\xff\xff\xff\xff\xff\xff\xff"), 422, "corrupt_frame")
	in("a block cut short", zstdMagic+"\x00\x58"+block(true, 0, 9, "short"), 422, "truncated")
	in("no last block", zstdMagic+"\x00\x58"+block(false, 0, 5, "hello"), 422, "truncated")
	in("65,536 frames", strings.Repeat(string(emptyFrame), 65_536), 200, "")
	in("65,537 frames", strings.Repeat(string(emptyFrame), 65_537), 413, "too_many_frames")
	in("a layer inside a layer", string(sealedFrame(t, good)), 200, "")
	// What is over the limit of /decompress is not over that of raw bodies.
	bomb := rle(33)
	return append(rows,
		badRow{"frame RLE over the limit", postRequest("/decompress", `{"b64":"`+base64Of([]byte(bomb))+`"}`), 413, "too_large"},
		badRow{"raw frame RLE over the limit", postRequest("/v1/decompress", rle(513)), 413, "too_large"},
		badRow{"raw frame empty", postRequest("/v1/decompress", ""), 422, "empty"},
		badRow{"raw frame of too many blocks", postRequest("/v1/decompress", zstdMagic+"\x00\x00"+strings.Repeat(block(false, 0, 0, ""), 1<<20)+block(true, 0, 0, "")), 413, "too_many_blocks"},
	)
}

// emptyFrame holds nothing and has no checksum.
var emptyFrame = []byte(zstdMagic + "\x20\x00" + "\x01\x00\x00")

func le32(n uint32) string {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], n)
	return string(b[:])
}

// leastRows is how many kinds of bad input the tables are to have.
const leastRows = 250

// TestBadInput sends every row to a server of each codec: the answer is the
// row's, and the same whoever serves, to the byte.
func TestBadInput(t *testing.T) {
	rows := append(append(badJSON(), badBase64()...), badFrames(t)...)
	if n := len(rows) + len(badHTTP()) + len(badBench()); n < leastRows {
		t.Errorf("%d rows of bad input, want at least %d", n, leastRows)
	}
	var servers []*live
	for _, codec := range codecNames() {
		servers = append(servers, inMemory(t, func(o *Options) { o.Codec = codec }))
	}
	for _, row := range rows {
		var first reply
		for i, l := range servers {
			got := checkRow(t, l, row)
			if i == 0 {
				first = got
				continue
			}
			a, b := withoutID(first), withoutID(got)
			// What codecs make of a good text is their own.
			if !bytes.Equal(a, b) && !(row.status == 200 && strings.Contains(row.raw[:20], " /compress")) {
				t.Errorf("%s: %s answers %.300q, %s %.300q", row.name, codecNames()[0], a, codecNames()[i], b)
			}
		}
	}
}

// withoutID is an answer without the part that differs from request to request.
func withoutID(r reply) []byte {
	if i := bytes.Index(r.body, []byte(`,"request_id":`)); i >= 0 {
		return r.body[:i]
	}
	return r.body
}

// TestWhatIsNamed: an error names the field, and where in it.
func TestWhatIsNamed(t *testing.T) {
	l := inMemory(t, nil)
	for _, c := range []struct{ path, body, want string }{
		{"/compress", `{"level":3}`, `"errors":[{"loc":["body","text"],"type":"missing","msg":"text is missing"}]`},
		{"/compress", `{"text":5}`, `"errors":[{"loc":["body","text"],"type":"string_type","msg":"text must be a string","offset":8}]`},
		{"/compress", `{"text":"a","level":23}`, `"errors":[{"loc":["body","level"],"type":"int_range","msg":"want -131072 to 22; 0 and none are 3"}]`},
		{"/compress", `{"text":"a" "b"}`, `"errors":[{"loc":["body"],"type":"syntax",`},
		{"/decompress", `{"b64":"AAAA"}`, `"errors":[{"loc":["body","b64"],"type":"not_zstd","msg":"no magic number of zstd","offset":0}]`},
		{"/v1/decompress", "text", `"errors":[{"loc":["body"],"type":"not_zstd","msg":"no magic number of zstd","offset":0}]`},
		{"/decompress", `{"b64":"AA*A"}`, `"errors":[{"loc":["body","b64"],"type":"base64_invalid",`},
	} {
		if got := l.once(t, postRequest(c.path, c.body)); !strings.Contains(string(got.body), c.want) {
			t.Errorf("%s %s: %s; want %s", c.path, c.body, got.body, c.want)
		}
	}
}

// TestLossy: what is no UTF-8 comes out as Python's replacement, and is said to.
func TestLossy(t *testing.T) {
	l := inMemory(t, nil)
	for _, c := range []struct {
		content, want string
		lossy         bool
	}{
		{"plain", "plain", false},
		{"\ufffd", "\ufffd", false},
		{"a\xffb", "a\ufffdb", true},
		{"\xe2\x82", "\ufffd", true},
		{"\xf0\x9f\x98\xf0\x9f\x98\x80", "\ufffd\U0001F600", true},
		{"\xed\xa0\x80", "\ufffd\ufffd\ufffd", true},
		{"\xc0\xaf", "\ufffd\ufffd", true},
	} {
		got := l.once(t, postRequest("/decompress", `{"b64":"`+base64Of(sealedFrame(t, c.content))+`"}`))
		if lossy := got.field("lossy") == true; got.field("text") != c.want || lossy != c.lossy {
			t.Errorf("%q: %s", c.content, got.body)
		}
	}
}
