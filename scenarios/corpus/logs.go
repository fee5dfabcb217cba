package corpus

import "time"

// logs writes what a handful of services behind a proxy write to their log
// collector: one JSON object a line, mostly requests, the lines of one request
// sharing its trace id, now and then an error with a stack trace.
type logs struct {
	rng   rng
	prose *prose
	now   time.Time

	// The request being logged and how many of its lines are still to come.
	request
	left int
}

// request holds what the lines of one request have in common.
type request struct {
	service int
	host    int
	route   int
	object  int
	client  int
	agent   int
	user    int
	trace   uint64
}

func newLogs(seed uint64) *logs {
	l := &logs{rng: rng(seed), now: time.Date(2026, time.March, 14, 9, 26, 53, 589_793_000, time.UTC)}
	l.prose = newProse(&l.rng)
	return l
}

// record appends one line.
func (l *logs) record(t *text) {
	if l.left == 0 {
		l.begin()
	}
	l.left--
	l.now = l.now.Add(time.Duration(l.rng.magnitude(17)) * time.Microsecond)
	if l.left == 0 {
		l.access(t)
		return
	}
	switch l.rng.skewed(8) {
	case 0:
		l.query(t)
	case 1, 2:
		l.cache(t)
	case 3:
		l.auth(t)
	case 4:
		l.job(t)
	case 5:
		l.slow(t)
	default:
		l.failure(t)
	}
}

// begin draws the next request.
func (l *logs) begin() {
	r := &l.rng
	route := r.skewed(len(routes))
	// A client keeps its browser and its account.
	client := r.skewed(600)
	own := rng(client)
	l.request = request{
		service: routes[route].service,
		host:    r.below(6),
		route:   route,
		object:  10_000 + r.skewed(40_000),
		client:  own.below(1 << 17),
		agent:   own.skewed(len(agents)),
		user:    100_000 + own.below(900_000),
		trace:   r.next(),
	}
	l.left = 1 + r.skewed(4)
}

// head appends what every line begins with.
func (l *logs) head(t *text, level, message string) {
	t.str(`{"time":"`)
	*t = l.now.AppendFormat(*t, "2006-01-02T15:04:05.000000Z")
	t.str(`","level":"`)
	t.str(level)
	t.str(`","service":"`)
	t.str(services[l.service])
	t.str(`","host":"ip-10-2-`)
	t.num(16 * l.service)
	t.str("-")
	t.num(20 + 7*l.host)
	t.str(`","trace_id":"`)
	t.hex(l.trace, 16)
	t.str(`","msg":"`)
	t.str(message)
	t.str(`"`)
}

func (l *logs) access(t *text) {
	r := &l.rng
	route := &routes[l.route]
	status, level := 200, "INFO"
	switch {
	case route.method == "POST" && !r.oneIn(8):
		status = 201
	case r.oneIn(12):
		status = 304
	case r.oneIn(25):
		status, level = 404, "WARN"
	case r.oneIn(60):
		status, level = 503, "ERROR"
	}
	l.head(t, level, "request completed")
	t.str(`,"method":"`)
	t.str(route.method)
	t.str(`","path":"`)
	t.str(route.path)
	if route.object {
		t.num(l.object)
	}
	t.str(`","status":`)
	t.num(status)
	t.str(`,"bytes":`)
	if status == 304 {
		t.num(0)
	} else {
		t.num(route.bytes + r.below(route.bytes))
	}
	t.str(`,"duration_ms":`)
	t.fixed(800+r.magnitude(17), 3)
	t.str(`,"client_ip":"`)
	t.address(l.client)
	t.str(`","user_id":`)
	t.num(l.user)
	t.str(`,"user_agent":"`)
	t.json(agents[l.agent])
	t.str("\"}\n")
}

// address writes one of the 2^17 addresses of 198.18.0.0/15, the block that RFC
// 2544 reserves for benchmarks, so that no real address appears.
func (t *text) address(v int) {
	t.str("198.")
	t.num(18 + v>>16)
	t.str(".")
	t.num(v >> 8 & 255)
	t.str(".")
	t.num(v & 255)
}

func (l *logs) query(t *text) {
	r := &l.rng
	l.head(t, "DEBUG", "query")
	t.str(`,"db":"orders-replica-`)
	t.num(1 + r.below(3))
	t.str(`","sql":"`)
	t.json(queries[(l.route+r.skewed(3))%len(queries)])
	t.str(`","args":[`)
	t.num(l.object)
	t.str(`],"rows":`)
	t.num(r.skewed(50))
	t.str(`,"duration_ms":`)
	t.fixed(200+r.magnitude(14), 3)
	t.str("}\n")
}

func (l *logs) cache(t *text) {
	r := &l.rng
	message := "cache hit"
	if r.oneIn(4) {
		message = "cache miss"
	}
	l.head(t, "DEBUG", message)
	t.str(`,"key":"`)
	t.str(services[l.service])
	t.str(":v3:")
	t.num(l.object)
	t.str(`","ttl_s":`)
	t.num(60 * (1 + r.skewed(60)))
	t.str(`,"size":`)
	t.num(r.magnitude(15))
	t.str("}\n")
}

func (l *logs) auth(t *text) {
	l.head(t, "INFO", "token verified")
	t.str(`,"user_id":`)
	t.num(l.user)
	t.str(`,"client_ip":"`)
	t.address(l.client)
	t.str(`","scopes":["orders:read","orders:write"],"expires_in_s":`)
	t.num(l.rng.below(3600))
	t.str("}\n")
}

func (l *logs) job(t *text) {
	r := &l.rng
	l.head(t, "INFO", "job enqueued")
	t.str(`,"queue":"`)
	t.str(queues[r.skewed(len(queues))])
	t.str(`","job_id":"`)
	id := r.next()
	t.hex(id>>32, 8)
	t.str("-")
	t.hex(id>>16, 4)
	t.str("-4")
	t.hex(id, 3)
	t.str("-a")
	t.hex(r.next(), 3)
	t.str("-")
	t.hex(r.next(), 12)
	t.str(`","attempt":`)
	t.num(1 + r.skewed(3))
	t.str(`,"payload_bytes":`)
	t.num(r.magnitude(13))
	t.str("}\n")
}

func (l *logs) slow(t *text) {
	r := &l.rng
	l.head(t, "WARN", "upstream slow, retrying")
	t.str(`,"upstream":"http://`)
	t.str(services[r.skewed(len(services))])
	t.str(`.internal:8080","attempt":`)
	t.num(1 + r.skewed(3))
	t.str(`,"elapsed_ms":`)
	t.fixed(250_000+r.magnitude(20), 3)
	t.str(`,"note":"`)
	l.prose.sentence(t)
	t.str("\"}\n")
}

func (l *logs) failure(t *text) {
	r := &l.rng
	l.head(t, "ERROR", failures[r.skewed(len(failures))])
	t.str(`,"user_id":`)
	t.num(l.user)
	t.str(`,"stack":"`)
	t.str("goroutine ")
	t.num(r.magnitude(20))
	t.str(" [running]:")
	for range 3 + r.below(5) {
		f := &frames[r.skewed(len(frames))]
		t.str(`\n`)
		t.str(f.function)
		t.str("(0xc000")
		t.hex(r.next()&^7, 6)
		t.str(`)\n\t`)
		t.str(f.file)
		t.str(":")
		t.num(20 + r.skewed(400))
		t.str(" +0x")
		t.hex(r.next(), 3)
	}
	t.str("\"}\n")
}

var services = [...]string{"gateway", "catalog", "checkout", "accounts", "search", "inventory"}

var queues = [...]string{"mail", "invoice", "thumbnail", "reindex", "webhook"}

// routes are the requests by falling frequency. bytes is the least size of a
// response; object says that an id follows.
var routes = [...]struct {
	method, path string
	service      int
	bytes        int
	object       bool
}{
	{"GET", "/api/v1/products/", 1, 1800, true},
	{"GET", "/api/v1/search?page=1&per_page=24&sort=relevance&q=", 4, 9000, true},
	{"GET", "/healthz", 0, 15, false},
	{"GET", "/api/v1/cart", 2, 700, false},
	{"GET", "/static/app.4f1c9e.js", 0, 184_000, false},
	{"POST", "/api/v1/cart/items", 2, 320, false},
	{"GET", "/api/v1/inventory/", 5, 140, true},
	{"GET", "/api/v1/products/recommended?for=", 1, 5200, true},
	{"GET", "/api/v1/account", 3, 900, false},
	{"POST", "/api/v1/login", 3, 480, false},
	{"GET", "/static/app.4f1c9e.css", 0, 42_000, false},
	{"GET", "/api/v1/orders/", 2, 2400, true},
	{"POST", "/api/v1/orders", 2, 610, false},
	{"PUT", "/api/v1/account/address", 3, 210, false},
	{"GET", "/api/v1/categories?depth=2", 1, 7300, false},
	{"DELETE", "/api/v1/cart/items/", 2, 60, true},
	{"GET", "/metrics", 0, 31_000, false},
	{"PUT", "/api/v1/inventory/", 5, 90, true},
	{"POST", "/api/v1/logout", 3, 50, false},
	{"GET", "/robots.txt", 0, 68, false},
}

var agents = [...]string{
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36",
	"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Mobile Safari/537.36",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:147.0) Gecko/20100101 Firefox/147.0",
	"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0.0.0 Safari/537.36 Edg/144.0.0.0",
	"Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0",
	"okhttp/4.12.0",
	"Go-http-client/2.0",
	"curl/8.12.1",
	"python-requests/2.32.3",
}

var queries = [...]string{
	`SELECT id, name, price_cents, currency, stock FROM products WHERE id = $1`,
	`SELECT o.id, o.state, o.total_cents FROM orders o WHERE o.customer_id = $1 ORDER BY o.created_at DESC LIMIT 20`,
	`SELECT item_id, quantity FROM cart_items WHERE cart_id = $1`,
	`UPDATE inventory SET reserved = reserved + 1 WHERE product_id = $1 AND available > reserved`,
	`SELECT "id", "email", "locale" FROM accounts WHERE id = $1 AND deleted_at IS NULL`,
	`INSERT INTO audit_log (actor, action, object) VALUES ($1, 'view', 'product')`,
}

var failures = [...]string{
	"context deadline exceeded",
	"connection reset by peer",
	"duplicate key value violates unique constraint",
	"invalid memory address or nil pointer dereference",
	"payment provider answered 502",
}

var frames = [...]struct{ function, file string }{
	{"main.(*server).handle", "/srv/app/main.go"},
	{"net/http.HandlerFunc.ServeHTTP", "/usr/local/go/src/net/http/server.go"},
	{"shop/internal/orders.(*Store).Insert", "/srv/app/internal/orders/store.go"},
	{"database/sql.(*DB).QueryContext", "/usr/local/go/src/database/sql/sql.go"},
	{"shop/internal/middleware.Recover.func1", "/srv/app/internal/middleware/recover.go"},
	{"shop/internal/payment.(*Client).Charge", "/srv/app/internal/payment/client.go"},
	{"net/http.(*conn).serve", "/usr/local/go/src/net/http/server.go"},
	{"encoding/json.(*Decoder).Decode", "/usr/local/go/src/encoding/json/stream.go"},
	{"shop/internal/cache.(*Ring).Fetch", "/srv/app/internal/cache/ring.go"},
}
