package server

import (
	"fmt"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// scrape reads /metrics: samples by name and labels.
func scrape(t *testing.T, l *live) map[string]float64 {
	t.Helper()
	// The grammar of the text format 0.0.4, as far as it is used.
	line := regexp.MustCompile(`^([a-z_]+(?:\{[a-z]+="[^"\\]*"(?:,[a-z]+="[^"\\]*")*\})?) ([0-9.e+-]+)$`)
	comment := regexp.MustCompile(`^# (?:HELP [a-z_]+ .+|TYPE [a-z_]+ (?:counter|gauge|histogram))$`)
	samples := map[string]float64{}
	for text := range strings.Lines(string(l.once(t, getRequest("/metrics")).body)) {
		text = strings.TrimSuffix(text, "\n")
		if comment.MatchString(text) {
			continue
		}
		m := line.FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("line %q", text)
		}
		if _, twice := samples[m[1]]; twice {
			t.Errorf("%s is there twice", m[1])
		}
		v, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		samples[m[1]] = v
	}
	return samples
}

func TestMetrics(t *testing.T) {
	l := inMemory(t, func(o *Options) { o.Codec = "klauspost" })
	for _, raw := range []string{
		getRequest("/ping"), getRequest("/ping"), getRequest("/nowhere"), getRequest("/nowhere/2"), postRequest("/compress", `{"text":"hello"}`),
		postRequest("/compress", `{`), request("BREW", "/ping", "", ""), "nonsense\r\n\r\n",
	} {
		l.once(t, raw)
	}
	got := scrape(t, l)
	for name, want := range map[string]float64{
		`zstdshop_requests_total{method="GET",path="/ping",status="200"}`:            2,
		`zstdshop_requests_total{method="other",path="other",status="404"}`:          2,
		`zstdshop_requests_total{method="other",path="other",status="405"}`:          1,
		`zstdshop_requests_total{method="other",path="other",status="400"}`:          1,
		`zstdshop_requests_total{method="POST",path="/compress",status="200"}`:       1,
		`zstdshop_requests_total{method="POST",path="/compress",status="400"}`:       1,
		`zstdshop_request_seconds_count{method="POST",path="/compress"}`:             2,
		`zstdshop_request_seconds_bucket{method="POST",path="/compress",le="+Inf"}`:  2,
		`zstdshop_codings_total{codec="klauspost",operation="compress"}`:             1,
		`zstdshop_coding_input_bytes_total{codec="klauspost",operation="compress"}`:  5,
		`zstdshop_coding_output_bytes_total{codec="klauspost",operation="compress"}`: 18,
		`zstdshop_panics_total`:  0,
		`zstdshop_memory_bytes`:  0,
		`zstdshop_codings`:       0,
		`zstdshop_codings_limit`: 2,
	} {
		if v, ok := got[name]; !ok || v != want {
			t.Errorf("%s is %v, %v; want %v", name, v, ok, want)
		}
	}
}

// TestMetricsAreBounded: what clients make up is no label.
func TestMetricsAreBounded(t *testing.T) {
	l := inMemory(t, nil)
	series := func() int { return len(scrape(t, l)) }
	l.once(t, getRequest("/a"))
	l.once(t, request("BREW", "/", "", ""))
	before := series()
	for i := range 100 {
		l.once(t, getRequest(fmt.Sprintf("/a%d", i)))
		l.once(t, request(fmt.Sprintf("BREW%d", i), "/", "", ""))
	}
	// The series of /metrics itself is new at its second request.
	if after := series(); after > before+1 {
		t.Errorf("%d series, %d before", after, before)
	}
}

// TestAccessLog: a line for each request, with nothing in it that came with one.
func TestAccessLog(t *testing.T) {
	var log syncBuffer
	l := inMemory(t, func(o *Options) {
		o.Logger, o.AccessLog = slog.New(slog.NewTextHandler(&log, nil)), true
	})
	l.once(t, request("POST", "/compress?secret=1", "X-Request-Id: mine\r\nX: secret\r\nAuthorization: Bearer secret\r\n", `{"text":"secret"}`))
	l.once(t, getRequest("/secret"))
	l.once(t, "secret nonsense\r\n\r\n")
	l.stop()
	said := log.String()
	if strings.Contains(said, "secret") || strings.Count(said, "msg=request") != 3 ||
		!regexp.MustCompile(`msg=request id=mine method=POST path=/compress status=200 bytes_in=17 bytes_out=\d+ seconds=`).MatchString(said) {
		t.Errorf("logged:\n%s", said)
	}
}
