package server

import (
	"runtime"
	"runtime/metrics"
	"strconv"

	"github.com/valyala/fasthttp"

	"zstdshop/server/internal/lane"
)

// figures is what GET /metrics has to say.
type figures struct {
	*resources
	dicts       dictionaries
	turns       *turns
	connections func() int // that are open
	send        func(e *exchange, ctx *fasthttp.RequestCtx, plain []byte) *problem
}

// answer is GET /metrics.
func (s *figures) answer(e *exchange, ctx *fasthttp.RequestCtx) *problem {
	fresh(ctx)
	ctx.Response.Header.SetContentType("text/plain; version=0.0.4; charset=utf-8")
	e.hold.Fresh(lane.SmallBody)
	e.hold.Out.B = s.append(e.hold.Out.B)
	return s.send(e, ctx, e.hold.Out.B)
}

// append appends all figures in the text format of Prometheus, 0.0.4.
func (s *figures) append(dst []byte) []byte {
	t := &exposition{b: dst}
	s.requestMetrics(t)
	s.codingMetrics(t)
	s.dictMetrics(t)
	s.loadMetrics(t)
	processMetrics(t)
	return t.b
}

func (s *figures) requestMetrics(t *exposition) {
	t.family("zstdshop_requests_total", "counter", "Requests answered, by route and status.")
	for i := range s.metrics.routes {
		r := &s.metrics.routes[i]
		method, path := r.method, r.path
		for j := range r.statuses {
			n := r.statuses[j].Load()
			if n == 0 {
				continue // most pairs never happen
			}
			status := "other"
			if j < len(statuses) {
				status = strconv.Itoa(statuses[j])
			}
			t.sample("zstdshop_requests_total", float64(n), "method", method, "path", path, "status", status)
		}
	}
	t.family("zstdshop_request_seconds", "histogram", "Time from a request's header to its answer, by route.")
	for i := range s.metrics.routes {
		r := &s.metrics.routes[i]
		method, path, h := r.method, r.path, &r.took
		var n uint64
		for j := range h.counts {
			n += h.counts[j].Load()
			le := "+Inf"
			if j < len(bounds) {
				le = strconv.FormatFloat(bounds[j].Seconds(), 'g', -1, 64)
			}
			t.sample("zstdshop_request_seconds_bucket", float64(n), "method", method, "path", path, "le", le)
		}
		t.sample("zstdshop_request_seconds_sum", float64(h.sum.Load())/1e9, "method", method, "path", path)
		t.sample("zstdshop_request_seconds_count", float64(n), "method", method, "path", path)
	}
}

func (s *figures) codingMetrics(t *exposition) {
	for _, f := range []struct {
		name, help string
		value      func(*codingMetrics) uint64
	}{
		{"zstdshop_codings_total", "Texts compressed and decompressed, by codec.", func(c *codingMetrics) uint64 { return c.count.Load() }},
		{"zstdshop_coding_input_bytes_total", "Bytes that went into codecs.", func(c *codingMetrics) uint64 { return c.in.Load() }},
		{"zstdshop_coding_output_bytes_total", "Bytes that came out of codecs.", func(c *codingMetrics) uint64 { return c.out.Load() }},
	} {
		t.family(f.name, "counter", f.help)
		for i := range s.metrics.codings {
			c := &s.metrics.codings[i]
			t.sample(f.name, float64(f.value(c)), "codec", c.backend.name, "operation", opNames[c.op])
		}
	}
}

func (s *figures) dictMetrics(t *exposition) {
	const name = "zstdshop_dictionary_codings_total"
	t.family(name, "counter", "Texts compressed and decompressed with a dictionary.")
	for _, d := range s.dicts {
		for op := range d.codings {
			t.sample(name, float64(d.codings[op].Load()), "dictionary", d.Name, "operation", opNames[op])
		}
	}
}

func (s *figures) loadMetrics(t *exposition) {
	t.family("zstdshop_refused_total", "counter", "Requests and connections turned away, by what was exhausted.")
	for i := range s.metrics.refusal {
		t.sample("zstdshop_refused_total", float64(s.metrics.refusal[i].Load()), "reason", refusalNames[i])
	}
	t.family("zstdshop_panics_total", "counter", "Panics recovered from.")
	t.sample("zstdshop_panics_total", float64(s.metrics.panics.Load()))
	coding, waiting := s.turns.codings.Load()
	held, sending := s.memory.Load()
	for _, g := range []struct {
		name, help string
		value      float64
	}{
		{"zstdshop_connections", "Connections open.", float64(s.connections())},
		{"zstdshop_codings", "Codings under way.", float64(coding)},
		{"zstdshop_codings_waiting", "Requests waiting for a coding to end.", float64(waiting)},
		{"zstdshop_memory_bytes", "Bytes held by bodies and answers.", float64(held)},
		{"zstdshop_memory_waiting", "Requests waiting to send their body.", float64(sending)},
		{"zstdshop_codings_limit", "Codings that may be under way at the same time.", float64(s.limits.Codings)},
		{"zstdshop_draining", "1 while the server ends.", boolValue(s.draining.Load())},
	} {
		t.family(g.name, "gauge", g.help)
		t.sample(g.name, g.value)
	}
}

func boolValue(v bool) float64 {
	if v {
		return 1
	}
	return 0
}

// processMetrics are named as Prometheus' own client names them.
func processMetrics(t *exposition) {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(heap)
	t.family("go_goroutines", "gauge", "Goroutines.")
	t.sample("go_goroutines", float64(runtime.NumGoroutine()))
	t.family("go_memstats_heap_alloc_bytes", "gauge", "Bytes of heap objects.")
	t.sample("go_memstats_heap_alloc_bytes", uintValue(heap[0]))
	t.family("go_gc_cycles_total", "counter", "Garbage collections.")
	t.sample("go_gc_cycles_total", uintValue(heap[1]))
	t.family("go_info", "gauge", "The Go version.")
	t.sample("go_info", 1, "version", runtime.Version())
	if rss, cpu, ok := ownUsage(); ok {
		t.family("process_resident_memory_bytes", "gauge", "Resident memory, C memory included.")
		t.sample("process_resident_memory_bytes", rss)
		t.family("process_cpu_seconds_total", "counter", "User and system CPU time.")
		t.sample("process_cpu_seconds_total", cpu)
	}
}

func uintValue(s metrics.Sample) float64 {
	if s.Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return float64(s.Value.Uint64())
}

// exposition writes families and samples.
type exposition struct{ b []byte }

func (t *exposition) family(name, kind, help string) {
	t.b = append(t.b, "# HELP "+name+" "+help+"\n# TYPE "+name+" "+kind+"\n"...)
}

// sample writes one line; labels are names and values in turn, none of which
// needs escaping, because all of them are ours.
func (t *exposition) sample(name string, value float64, labels ...string) {
	t.b = append(t.b, name...)
	for i := 0; i+1 < len(labels); i += 2 {
		sep := byte(',')
		if i == 0 {
			sep = '{'
		}
		t.b = append(t.b, sep)
		t.b = append(t.b, labels[i]+`="`+labels[i+1]+`"`...)
	}
	if len(labels) > 0 {
		t.b = append(t.b, '}')
	}
	t.b = append(t.b, ' ')
	t.b = strconv.AppendFloat(t.b, value, 'g', -1, 64)
	t.b = append(t.b, '\n')
}
