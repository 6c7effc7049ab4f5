package dial

import (
	"context"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// startTLSRequest is the request with message ID 1.
const startTLSRequest = "\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037"

// result is a response with message ID 1: its tag, code and diagnostic.
func result(tag byte, code byte, diagnostic string) string {
	op := "\x0a\x01" + string([]byte{code}) + "\x04\x00\x04" + string([]byte{byte(len(diagnostic))}) + diagnostic
	op = string([]byte{tag, byte(len(op))}) + op
	return "\x30" + string([]byte{byte(3 + len(op))}) + "\x02\x01\x01" + op
}

// wide rewrites a message's outer lengths in four octets, as Active Directory
// has them.
func wide(m string) string {
	op := m[5:]
	op = op[:1] + "\x84\x00\x00\x00" + op[1:]
	m = m[2:5] + op
	return "\x30\x84\x00\x00\x00" + string([]byte{byte(len(m))}) + m
}

// scripted answers the StartTLS request with bytes, and then does TLS if there
// is a certificate.
func scripted(t *testing.T, cert *certificate, answer string) string {
	t.Helper()
	l := listen(t)
	serve(t, l, func(c net.Conn) {
		request := make([]byte, len(startTLSRequest))
		if _, err := io.ReadFull(c, request); err != nil || string(request) != startTLSRequest {
			t.Errorf("request %x, %v", request, err)
			return
		}
		io.WriteString(c, answer)
		if cert == nil {
			io.Copy(io.Discard, c)
			return
		}
		over := tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert.pair}})
		io.Copy(over, over)
		io.WriteString(over, ".")
		over.Close()
	})
	return l.Addr().String()
}

func TestStartTLS(t *testing.T) {
	cert := newCertificate(t, certificateOf{addresses: []string{"127.0.0.1"}})
	trusted := &server.TLS{Validate: server.ValidateRequired, CACertsData: cert.ca}
	extended := func(code byte, diagnostic string) string { return result(0x78, code, diagnostic) }
	notice, _ := hex.DecodeString("3034020100782f0a010404000400" + "8a16" + hex.EncodeToString([]byte("1.3.6.1.4.1.1466.20036")) + "8b0c" + hex.EncodeToString([]byte("not looked a")))
	notice[1], notice[6] = byte(len(notice)-2), byte(len(notice)-7)
	notice[9] = 52
	tests := []struct {
		name, answer string
		tls          *server.TLS
		with         *certificate
		stage        Stage
		says         string
		is           error
	}{
		{"agreed", extended(0, ""), trusted, &cert, "", "", nil},
		{"agreed, with a name", "\x30\x24\x02\x01\x01\x78\x1f\x0a\x01\x00\x04\x00\x04\x00\x8a\x161.3.6.1.4.1.1466.20037", trusted, &cert, "", "", nil},
		{"agreed, in wide lengths", wide(extended(0, "")), trusted, &cert, "", "", nil},
		{"another authority", extended(0, ""), &server.TLS{Validate: server.ValidateRequired}, &cert, StageTLS, "unknown authority", nil},
		{"busy", extended(51, "later"), trusted, nil, StageStartTLS, "starttls: busy: later", nil},
		{"unavailable", extended(52, ""), trusted, nil, StageStartTLS, "starttls: unavailable", nil},
		{"unknown to the server", extended(2, "unsupported extended operation"), trusted, nil, StageStartTLS, "starttls: protocolError: unsupported extended operation", nil},
		{"plain text behind it", extended(0, "") + extended(0, ""), trusted, nil, StageStartTLS, "plain text follows the response to StartTLS: 14 bytes", ErrPlaintext},
		{"one byte behind it", extended(0, "") + "x", trusted, nil, StageStartTLS, "plain text follows the response to StartTLS: 1 bytes", ErrPlaintext},
		{"no LDAP", "HTTP/1.1 400 Bad Request\r\n\r\n", trusted, nil, StageStartTLS, "does not speak LDAP", message.ErrProtocol},
		{"another response", result(0x65, 0, ""), trusted, nil, StageStartTLS, "does not fit its request", message.ErrProtocol},
		{"disconnects", string(notice), trusted, nil, StageStartTLS, "the server is disconnecting: unavailable", message.ErrDisconnected},
		{"no TLS after all", extended(0, ""), trusted, nil, StageTLS, "no answer in ", context.DeadlineExceeded},
		{"nothing", "", trusted, nil, StageStartTLS, "no answer in ", context.DeadlineExceeded},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := &Dialer{StartTLS: true}
			c, err := d.Conn(t.Context(), mustServer(t, "ldap://"+scripted(t, test.with, test.answer), &server.Options{TLS: test.tls, ConnectTimeout: time.Second}))
			if test.stage != "" {
				var e *Error
				if !errors.As(err, &e) || e.Stage != test.stage || !strings.Contains(err.Error(), test.says) || test.is != nil && !errors.Is(err, test.is) {
					t.Errorf("error %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if !c.Facts.StartTLS || c.Facts.VerifiedBy != VerifiedByChain {
				t.Errorf("facts %+v", c.Facts)
			}
			roundTrip(t, c)
		})
	}
}

// Busy and unavailable can be told from each other and from a refusal.
func TestStartTLSRefusals(t *testing.T) {
	for _, code := range []message.ResultCode{message.ResultBusy, message.ResultUnavailable, message.ResultOperationsError} {
		d := &Dialer{StartTLS: true}
		_, err := d.Conn(t.Context(), mustServer(t, scripted(t, nil, result(0x78, byte(code), "")), nil))
		if !ldap.IsResult(err, code) || ldap.IsResult(err, message.ResultSuccess) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// The address after one that refuses StartTLS is tried.
func TestStartTLSTriesOthers(t *testing.T) {
	cert := newCertificate(t, certificateOf{names: []string{"dc1"}})
	n := newNetwork(map[string]host{
		"192.0.2.1:389": {serve: func(c net.Conn) {
			io.ReadFull(c, make([]byte, len(startTLSRequest)))
			io.WriteString(c, result(0x78, 51, ""))
			io.Copy(io.Discard, c)
		}},
		"192.0.2.2:389": {serve: func(c net.Conn) {
			io.ReadFull(c, make([]byte, len(startTLSRequest)))
			io.WriteString(c, result(0x78, 0, ""))
			tls.Server(c, &tls.Config{Certificates: []tls.Certificate{cert.pair}}).Handshake()
			io.Copy(io.Discard, c)
		}},
	})
	d := &Dialer{StartTLS: true, DialContext: n.dial, Resolver: &dns{hosts: map[string][]netip.Addr{"dc1": addresses("192.0.2.1", "192.0.2.2")}}}
	c, err := d.Conn(t.Context(), mustServer(t, "dc1", &server.Options{TLS: &server.TLS{Validate: server.ValidateRequired, CACertsData: cert.ca}}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Candidate.Address != "192.0.2.2:389" || !c.Facts.StartTLS {
		t.Errorf("%+v, %+v", c.Candidate, c.Facts)
	}
}

// A connection that is open already is put under TLS.
func TestUpgradeAndHandshake(t *testing.T) {
	cert := newCertificate(t, certificateOf{addresses: []string{"127.0.0.1"}})
	wishes := &server.Options{TLS: &server.TLS{Validate: server.ValidateRequired, CACertsData: cert.ca}}
	d := new(Dialer)
	s := mustServer(t, scripted(t, &cert, result(0x78, 0, "")), wishes)
	plain, err := d.Conn(t.Context(), s)
	if err != nil || plain.Facts != nil {
		t.Fatal(plain.Facts, err)
	}
	over, err := d.Upgrade(t.Context(), plain, s)
	if err != nil {
		t.Fatal(err)
	}
	defer over.Close()
	if !over.Facts.StartTLS || !over.Facts.Verified || over.Candidate != plain.Candidate {
		t.Errorf("%+v, %+v", over.Facts, over.Candidate)
	}
	roundTrip(t, over)

	// Whoever speaks LDAP himself asks himself.
	raw, err := net.Dial("tcp", s.Address())
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(raw, startTLSRequest)
	io.ReadFull(raw, make([]byte, len(result(0x78, 0, ""))))
	over, err = d.Handshake(t.Context(), raw, s)
	if err != nil {
		t.Fatal(err)
	}
	defer over.Close()
	if !over.Facts.StartTLS || over.Candidate.Address != s.Address() {
		t.Errorf("%+v, %+v", over.Facts, over.Candidate)
	}
	roundTrip(t, over)

	for name, test := range map[string]struct {
		url  string
		over *Conn
		says string
	}{
		"twice":     {s.URL(), over, "configure: " + s.Address() + ": TLS is already there"},
		"on ldapi":  {"ldapi:///run/x", &Conn{Conn: plain.Conn}, "there is no TLS on a Unix domain socket"},
		"not there": {s.URL(), &Conn{Conn: plain.Conn}, "starttls: "},
	} {
		plain.Close()
		if _, err := d.Upgrade(t.Context(), test.over, mustServer(t, test.url, nil)); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What the context says holds for StartTLS as well.
func TestStartTLSCancelled(t *testing.T) {
	near, far := net.Pipe()
	defer far.Close()
	go io.Copy(io.Discard, far)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	d := &Dialer{Log: slog.New(slog.DiscardHandler)}
	if _, err := d.Upgrade(ctx, near, mustServer(t, "dc1", nil)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, err := near.Read(make([]byte, 1)); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("the connection is open: %v", err)
	}
}

// A connection that speaks LDAP is put under TLS, and goes on as what it is.
func TestConnectionStartTLS(t *testing.T) {
	cert := newCertificate(t, certificateOf{addresses: []string{"127.0.0.1"}})
	s := mustServer(t, scripted(t, &cert, result(0x78, 0, "")), &server.Options{TLS: &server.TLS{Validate: server.ValidateRequired, CACertsData: cert.ca}})
	c := ldap.NewConnection(s, new(Dialer), nil)
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.StartTLS(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.StartTLS(t.Context()); !errors.Is(err, ldap.ErrTLS) {
		t.Errorf("again: %v", err)
	}

	// A certificate that is not trusted ends the connection.
	s = mustServer(t, scripted(t, &cert, result(0x78, 0, "")), &server.Options{TLS: &server.TLS{Validate: server.ValidateRequired}})
	c = ldap.NewConnection(s, new(Dialer), nil)
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var e *Error
	if err := c.StartTLS(t.Context()); !errors.As(err, &e) || e.Stage != StageTLS || !errors.Is(err, ldap.ErrLost) {
		t.Errorf("%v", err)
	}
	if err := c.Err(); !errors.Is(err, ldap.ErrLost) {
		t.Errorf("Err: %v", err)
	}
}

func TestProtection(t *testing.T) {
	for want, c := range map[ldap.Protection]*Conn{
		ldap.TLS: {Facts: &Facts{}}, ldap.Local: {Candidate: Candidate{Family: Unix}}, ldap.Plaintext: {Candidate: Candidate{Family: IPv4}},
	} {
		if got := c.Protection(); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
	var closed closer
	if _, err := new(Dialer).UpgradeStream(t.Context(), &closed, mustServer(t, "dc1", nil)); err == nil || !bool(closed) {
		t.Errorf("a stream of another kind: %v, closed: %v", err, closed)
	}
}

type closer bool

func (*closer) Read([]byte) (int, error)  { return 0, io.EOF }
func (*closer) Write([]byte) (int, error) { return 0, io.EOF }
func (c *closer) Close() error            { *c = true; return nil }
