package main

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/ldapedge/ldapedge/ldap/policy"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/tunnel"
)

// metrics are what Prometheus reads. It is a [bridge.Observer].
type metrics struct {
	registry *prometheus.Registry

	active           *prometheus.GaugeVec
	closed           *prometheus.CounterVec
	operations       *prometheus.CounterVec
	refusals         *prometheus.CounterVec
	up, down, failed *prometheus.CounterVec
	dials, lasted    *prometheus.HistogramVec

	mu    sync.Mutex
	pools map[string]*pool.Pool // of which the states are read when asked for
}

func newMetrics() *metrics {
	byServer := []string{"server"}
	m := &metrics{
		registry:   prometheus.NewRegistry(),
		active:     prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "ldapedge_sessions", Help: "Sessions in progress."}, byServer),
		closed:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "ldapedge_closes_total", Help: "Sessions that were closed or refused, by close code."}, []string{"code"}),
		operations: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "ldapedge_operations_total", Help: "Operations of sessions that have ended."}, []string{"server", "operation"}),
		refusals:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "ldapedge_refusals_total", Help: "What policies have refused or hidden, of sessions that have ended."}, []string{"server", "reason"}),
		up:         prometheus.NewCounterVec(prometheus.CounterOpts{Name: "ldapedge_sent_bytes_total", Help: "Bytes carried to LDAP servers."}, byServer),
		down:       prometheus.NewCounterVec(prometheus.CounterOpts{Name: "ldapedge_received_bytes_total", Help: "Bytes carried from LDAP servers."}, byServer),
		failed:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "ldapedge_dial_failures_total", Help: "Attempts to reach a server or pool that failed."}, byServer),
		dials: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ldapedge_dial_seconds", Help: "Time to reach a server, TLS included.", Buckets: []float64{.001, .005, .01, .05, .1, .25, .5, 1, 2.5, 5, 10, 60},
		}, byServer),
		lasted: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ldapedge_session_seconds", Help: "How long sessions lasted.", Buckets: []float64{.1, 1, 10, 60, 600, 3600, 6 * 3600, 24 * 3600},
		}, byServer),
	}
	m.registry.MustRegister(m.active, m.closed, m.operations, m.refusals, m.up, m.down, m.failed, m.dials, m.lasted, (*members)(m),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) setPools(pools map[string]*pool.Pool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pools = pools
}

// namedByToken is the label of all servers that tokens have named: there is no end
// to those.
const namedByToken = "named by a token"

// label is a target's. What a token names has a URL for its name.
func label(target string) string {
	if strings.Contains(target, "://") {
		return namedByToken
	}
	return target
}

func (m *metrics) Dialled(target string, took time.Duration, err error) {
	target = label(target)
	if err != nil {
		m.failed.WithLabelValues(target).Inc()
		return
	}
	m.dials.WithLabelValues(target).Observe(took.Seconds())
}

func (m *metrics) Began(target string) { m.active.WithLabelValues(label(target)).Inc() }

func (m *metrics) Carried(target string, up, down int) {
	target = label(target)
	if up > 0 {
		m.up.WithLabelValues(target).Add(float64(up))
	}
	if down > 0 {
		m.down.WithLabelValues(target).Add(float64(down))
	}
}

func (m *metrics) Ended(target string, lasted time.Duration, counts policy.Counts) {
	target = label(target)
	for what, n := range counts.Operations {
		m.operations.WithLabelValues(target, string(what)).Add(float64(n))
	}
	for why, n := range counts.Refusals {
		m.refusals.WithLabelValues(target, string(why)).Add(float64(n))
	}
	m.active.WithLabelValues(target).Dec()
	m.lasted.WithLabelValues(target).Observe(lasted.Seconds())
}

func (m *metrics) Closed(code tunnel.CloseCode) {
	m.closed.WithLabelValues(strconv.Itoa(int(code))).Inc()
}

// members are the states of the pools' members.
type members metrics

var (
	memberAvailable   = prometheus.NewDesc("ldapedge_pool_member_available", "Whether a pool takes the member for available: 1, or 0.", []string{"pool", "url"}, nil)
	memberConnections = prometheus.NewDesc("ldapedge_pool_member_connections", "Connections that a pool has given to the member.", []string{"pool", "url"}, nil)
)

func (m *members) Describe(to chan<- *prometheus.Desc) {
	to <- memberAvailable
	to <- memberConnections
}

func (m *members) Collect(to chan<- prometheus.Metric) {
	m.mu.Lock()
	pools := m.pools
	m.mu.Unlock()
	for name, p := range pools {
		for _, member := range p.State().Members {
			if member.Pool != nil {
				continue // which is a pool of its own here
			}
			available := 0.0
			if member.State == pool.Up || member.State == pool.SlowStart {
				available = 1
			}
			to <- prometheus.MustNewConstMetric(memberAvailable, prometheus.GaugeValue, available, name, member.URL)
			to <- prometheus.MustNewConstMetric(memberConnections, prometheus.GaugeValue, float64(member.Connections), name, member.URL)
		}
	}
}
