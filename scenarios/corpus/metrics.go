package corpus

import "time"

// metrics writes the CSV of a fleet that is scraped every ten seconds: a row
// per host, gauges that wander and counters that only grow. Half of the hosts
// have little to do.
type metrics struct {
	rng   rng
	now   time.Time
	hosts []host
	next  int // whose row is written next
}

// host is the state of one machine.
type host struct {
	role, region, zone, number int
	busy                       bool

	user, system, load, disk int // in thousandths
	memory                   int // MiB
	received, sent           int // KiB, wrapping at 2^31
	requests, errors         int
	p50, p99                 int // microseconds
}

func newMetrics(seed uint64) *metrics {
	m := &metrics{rng: rng(seed), now: time.Date(2026, time.March, 14, 9, 20, 0, 0, time.UTC)}
	r := &m.rng
	for n := range 48 {
		m.hosts = append(m.hosts, host{
			role: n / 4 % len(roles), region: n / 16, zone: n % 3, number: 1 + n%16,
			busy: n%2 == 0,
			user: r.between(2_000, 60_000), system: r.between(500, 9_000),
			load: r.between(100, 8_000), disk: r.between(10_000, 90_000),
			memory:   r.between(900, 15_000),
			received: r.magnitude(26), sent: r.magnitude(26),
			requests: r.magnitude(28), errors: r.magnitude(12),
			p50: r.between(1_000, 9_000), p99: r.between(15_000, 200_000),
		})
	}
	return m
}

// file appends one row, and before the first the header.
func (m *metrics) file(t *text) {
	if len(*t) == 0 {
		t.str("time,host,zone,cpu_user,cpu_system,load1,disk_used_pct,mem_used_mib,rx_kib,tx_kib,requests,errors,p50_ms,p99_ms\n")
	}
	m.row(t)
}

// batch appends what an agent sends at once: up to a dozen rows; few are more
// likely than many.
func (m *metrics) batch(t *text) {
	for range 1 + m.rng.skewed(12) {
		m.row(t)
	}
}

// row appends one row and moves on to the next host.
func (m *metrics) row(t *text) {
	h := &m.hosts[m.next]
	h.step(&m.rng)
	*t = m.now.AppendFormat(*t, "2006-01-02T15:04:05Z,")
	t.str(roles[h.role])
	t.str("-")
	t.pad(h.number, 2)
	t.str(",")
	t.str(regions[h.region])
	t.str("abc"[h.zone : h.zone+1])
	for _, v := range [...]int{h.user, h.system, h.load, h.disk} {
		t.str(",")
		t.fixed(v, 2)
	}
	for _, v := range [...]int{h.memory, h.received, h.sent, h.requests, h.errors} {
		t.str(",")
		t.num(v)
	}
	for _, v := range [...]int{h.p50, h.p99} {
		t.str(",")
		t.fixed(v, 1)
	}
	t.str("\n")
	if m.next++; m.next == len(m.hosts) {
		m.next = 0
		m.now = m.now.Add(10 * time.Second)
	}
}

// step moves the host on by one scrape.
func (h *host) step(r *rng) {
	wander := func(v, by, lo, hi int) int { return min(max(v+r.between(-by, by), lo), hi) }
	if r.oneIn(30) {
		h.disk = wander(h.disk, 600, 5_000, 95_000)
	}
	if r.oneIn(4) {
		h.memory = wander(h.memory, 24, 500, 15_900)
	}
	if !h.busy && !r.oneIn(8) {
		return
	}
	h.user = wander(h.user, 1_500, 300, 97_000)
	h.system = wander(h.system, 300, 100, 20_000)
	h.load = wander(h.load, 120, 0, 16_000)
	h.received = (h.received + h.user*r.between(20, 40)/1000) & (1<<31 - 1)
	h.sent = (h.sent + h.user*r.between(30, 50)/1000) & (1<<31 - 1)
	h.requests += h.user * r.between(9, 11) / 100
	if r.oneIn(6) {
		h.errors += r.skewed(9)
	}
	h.p50 = wander(h.p50, 40, 400, 20_000)
	h.p99 = wander(h.p99, 900, 8_000, 900_000)
}

var roles = [...]string{"web", "api", "db", "cache"}

var regions = [...]string{"eu-west-1", "us-east-1", "ap-south-1"}
