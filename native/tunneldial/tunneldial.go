// Package tunneldial reaches LDAP servers through a distant connector, for
// native programs: it is the client of the WebSocket session that
// docs/protocol.md describes.
//
//	d, err := tunneldial.New("wss://connector.example.com", &tunneldial.Options{Token: tunneldial.TokenFile("token")})
//	stream, err := d.Open(ctx, "dc1")
//
// A [Stream] carries the bytes of one session. A [Dialer] is also an
// [ldap.Dialer], which finds the name of a server by its URL:
//
//	c := ldap.NewConnection(srv, d, nil)
//
// What TLS there is to the LDAP server is the connector's to say: the wishes of
// a [server.Server] are not sent to it. [Stream.Hello] has what came of it.
package tunneldial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/coder/websocket"

	"github.com/ldapedge/ldapedge/tunnel"
)

// Options are what can be said of a [Dialer] beside its connector's URL. The
// zero value has the defaults.
type Options struct {
	// Token returns the connector's token, for each session anew, as it may
	// change. Default (nil): none. See [TokenFile].
	Token func() (string, error)
	// CAFile is a PEM file of the certificates to trust. Default (""): the
	// system's.
	CAFile string
	// InsecureSkipVerify accepts any certificate of the connector's.
	InsecureSkipVerify bool
	// Window is how many bytes a session reads ahead at most, 1 to
	// [tunnel.MaxCredit]. Default (0): [DefaultWindow].
	Window int
	// ConnectTimeout bounds resolving, connecting, TLS and the WebSocket's
	// handshake together. Default (0): [DefaultConnectTimeout].
	ConnectTimeout time.Duration
	// PingAfter is how long a session hears nothing before it asks whether the
	// connector is still there. Default (0): [DefaultPing]. Negative: it never
	// asks.
	PingAfter time.Duration
	// PingTimeout is how long it waits for the answer. Default (0):
	// [DefaultPing].
	PingTimeout time.Duration
	// DialContext connects to the connector, or to the HTTP proxy that the
	// environment names. Default (nil): that of a [net.Dialer].
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)
}

// The defaults.
const (
	DefaultWindow         = 8 << 20
	DefaultConnectTimeout = 10 * time.Second
	DefaultPing           = 30 * time.Second
)

const (
	// frameLimit is the largest WebSocket message that is accepted. A connector
	// sends at most 64 KiB.
	frameLimit = 1 << 20
	// helloTimeout bounds the wait for a session's first frame: a connector
	// tries the servers of a pool for up to a minute.
	helloTimeout = 75 * time.Second
)

// Dialer opens sessions with a connector. It is safe for concurrent use.
type Dialer struct {
	base                *url.URL
	server              string
	options             Options
	documents, sessions *http.Client
}

// New returns a dialer for the connector of the URL, which [ParseURL] reads. It
// connects to nothing yet. o may be nil.
func New(connector string, o *Options) (*Dialer, error) {
	if o == nil {
		o = &Options{}
	}
	base, name, err := ParseURL(connector)
	if err != nil {
		return nil, err
	}
	d := &Dialer{base: base, server: name, options: *o}
	d.options.Window = cmp.Or(o.Window, DefaultWindow)
	if w := d.options.Window; w < 1 || w > tunnel.MaxCredit {
		return nil, fmt.Errorf("a window of %d bytes: 1 to %d is expected", w, tunnel.MaxCredit)
	}
	d.options.ConnectTimeout = cmp.Or(o.ConnectTimeout, DefaultConnectTimeout)
	d.options.PingAfter = cmp.Or(o.PingAfter, DefaultPing)
	d.options.PingTimeout = cmp.Or(o.PingTimeout, DefaultPing)
	d.documents, d.sessions, err = newClients(o)
	return d, err
}

// Open opens a session with the server or pool that the connector has under the
// name; "" is the one that the dialer's URL names. It returns once the connector
// has reached the server. The context bounds the opening alone.
//
// The error is a [*tunnel.CloseError] where the connector says why by a close
// code, an [*HTTPError] where it, or what is before it, refuses before there is a
// session, and an [*Error] if it cannot be reached. [Unavailable] tells which of
// them may pass.
func (d *Dialer) Open(ctx context.Context, name string) (*Stream, error) {
	ws, err := d.upgrade(ctx, cmp.Or(name, d.server))
	if err != nil {
		return nil, err
	}
	// The first grant goes ahead, so that it is there when the LDAP server speaks.
	// If it cannot be sent, there is no hello either.
	ws.Write(ctx, websocket.MessageText, tunnel.CreditFrame(d.options.Window))
	hello, err := readHello(ctx, ws)
	if err != nil {
		ws.CloseNow()
		return nil, err
	}
	s := newStream(ws, hello, d.options)
	s.start()
	return s, nil
}

// upgrade does the WebSocket's handshake.
func (d *Dialer) upgrade(ctx context.Context, name string) (*websocket.Conn, error) {
	header, err := d.header()
	if err != nil {
		return nil, err
	}
	address := d.base.JoinPath(path)
	address.RawQuery = url.Values{"server": {name}}.Encode()
	connecting, cancel := context.WithTimeout(ctx, d.options.ConnectTimeout)
	defer cancel()
	ws, response, err := websocket.Dial(connecting, address.String(), &websocket.DialOptions{
		HTTPClient:      d.sessions,
		HTTPHeader:      header,
		Subprotocols:    []string{tunnel.Subprotocol},
		CompressionMode: websocket.CompressionDisabled, // secrets and compression do not go together
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil && response == nil:
		return nil, &Error{URL: d.base.String(), Err: cause(err)}
	case err != nil && response.StatusCode != http.StatusSwitchingProtocols:
		return nil, httpError(response)
	case err != nil:
		return nil, fmt.Errorf("connector %s: %w", d.base, err)
	case ws.Subprotocol() != tunnel.Subprotocol:
		ws.CloseNow()
		return nil, fmt.Errorf("connector %s: it does not select the subprotocol %s: is it a connector?", d.base, tunnel.Subprotocol)
	}
	ws.SetReadLimit(frameLimit)
	return ws, nil
}

// header has the token.
func (d *Dialer) header() (http.Header, error) {
	header := http.Header{}
	if d.options.Token == nil {
		return header, nil
	}
	token, err := d.options.Token()
	if err != nil {
		return nil, fmt.Errorf("the connector's token: %w", err)
	}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	return header, nil
}

// readHello waits for the session's first frame.
func readHello(ctx context.Context, ws *websocket.Conn) (tunnel.Hello, error) {
	waiting, cancel := context.WithTimeout(ctx, helloTimeout)
	defer cancel()
	kind, frame, err := ws.Read(waiting)
	switch {
	case ctx.Err() != nil:
		return tunnel.Hello{}, context.Cause(ctx)
	case waiting.Err() != nil:
		return tunnel.Hello{}, &tunnel.CloseError{Code: tunnel.CloseAbnormal, Reason: "no first frame in " + helloTimeout.String()}
	case err != nil:
		return tunnel.Hello{}, closeError(err)
	case kind != websocket.MessageText:
		return tunnel.Hello{}, errors.New("the session's first frame is not text")
	}
	hello, err := tunnel.ParseHello(frame)
	if err == nil && hello.Limits.Frame <= 0 {
		err = fmt.Errorf("the session's first frame allows frames of %d bytes", hello.Limits.Frame)
	}
	return hello, err
}
