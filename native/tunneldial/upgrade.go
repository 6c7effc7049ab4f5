package tunneldial

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"time"
)

// upgrader is the way to a connector for requests that become a WebSocket. What
// [http.Transport] does for connections that are used again, with goroutines for
// each, is lost on them, and takes a good part of the time to open one.
type upgrader struct {
	dial func(ctx context.Context, network, address string) (net.Conn, error)
	tls  *tls.Config
	// proxied does the requests that go through a proxy.
	proxied *http.Transport
}

// headerLimit is the longest response header that is read, in bytes.
const headerLimit = 64 << 10

var errLongHeader = errors.New("the response's header is too long")

// RoundTrip connects, sends the request and reads the response's header. The body
// is the connection, both ways.
func (u *upgrader) RoundTrip(r *http.Request) (*http.Response, error) {
	if proxy, err := u.proxied.Proxy(r); err != nil || proxy != nil {
		return u.proxied.RoundTrip(r)
	}
	conn, err := u.connect(r)
	if err != nil {
		return nil, err
	}
	ctx := r.Context()
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	response, err := exchange(conn, r)
	if !stop() {
		err = context.Cause(ctx)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return response, nil
}

func (u *upgrader) connect(r *http.Request) (net.Conn, error) {
	port := r.URL.Port()
	if port == "" {
		port = r.URL.Scheme
	}
	conn, err := u.dial(r.Context(), "tcp", net.JoinHostPort(r.URL.Hostname(), port))
	if err != nil || r.URL.Scheme != "https" {
		return conn, err
	}
	config := u.tls.Clone()
	config.ServerName = r.URL.Hostname()
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(r.Context()); err != nil {
		conn.Close()
		return nil, err
	}
	return secure, nil
}

func exchange(conn net.Conn, r *http.Request) (*http.Response, error) {
	if err := r.Write(conn); err != nil {
		return nil, err
	}
	limited := &io.LimitedReader{R: conn, N: headerLimit}
	reader := bufio.NewReader(limited)
	response, err := http.ReadResponse(reader, r)
	if err != nil && limited.N == 0 {
		err = errLongHeader
	}
	if err != nil {
		return nil, err
	}
	limited.N = math.MaxInt64
	if response.StatusCode == http.StatusSwitchingProtocols {
		response.Body = upgraded{reader, conn}
	} else {
		response.Body = closing{response.Body, conn}
	}
	return response, nil
}

// upgraded is a connection of which more than the header may have been read.
type upgraded struct {
	io.Reader
	net.Conn
}

func (u upgraded) Read(p []byte) (int, error) { return u.Reader.Read(p) }

// closing is a body with which the connection is closed.
type closing struct {
	io.ReadCloser
	conn net.Conn
}

func (c closing) Close() error { return errors.Join(c.ReadCloser.Close(), c.conn.Close()) }
