// Package dial opens byte streams to LDAP servers for native programs: it
// resolves, connects over TCP and does the TLS handshake of ldaps.
package dial

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/server"
)

// Dialer dials servers. The zero value is ready to use and safe for concurrent
// use.
type Dialer struct {
	// Net dials TCP. Default: the zero net.Dialer, which resolves with the
	// system's resolver and races IPv6 and IPv4 (RFC 6555).
	Net net.Dialer
}

var _ ldap.Dialer = (*Dialer)(nil)

// Stage is how far dialling came.
type Stage string

// The stages.
const (
	// StageConfigure is reading the CA file.
	StageConfigure Stage = "configure"
	// StageConnect is resolving the host and connecting over TCP.
	StageConnect Stage = "connect"
	// StageTLS is the TLS handshake, the certificate's verification included.
	StageTLS Stage = "tls"
)

// Error is a failure to open a stream to a server.
type Error struct {
	// URL is the server's.
	URL string
	// Stage is what failed.
	Stage Stage
	// Err is why.
	Err error
}

// Error returns the server, the stage and the cause.
func (e *Error) Error() string { return fmt.Sprintf("%s: %s: %v", e.URL, e.Stage, e.Err) }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Timeout tells whether it was the time that ran out.
func (e *Error) Timeout() bool {
	var t interface{ Timeout() bool }
	return errors.As(e.Err, &t) && t.Timeout()
}

// Dial opens a stream to the server within its connect timeout. It is
// [Dialer.Conn] as [ldap.Dialer] has it.
func (d *Dialer) Dial(ctx context.Context, s *server.Server) (io.ReadWriteCloser, error) {
	c, err := d.Conn(ctx, s)
	if err != nil {
		return nil, err
	}
	return c, nil
}

// Conn is an open stream to a server.
type Conn struct {
	net.Conn
	// Facts are those of the TLS session, nil for plain TCP.
	Facts *Facts
}

// Facts are what is known of a TLS session.
type Facts struct {
	// Version and Cipher are named as in crypto/tls.
	Version, Cipher string
	// Verified tells whether certificate and name were verified.
	Verified bool
	// Fingerprint is the SHA-256 of the server's certificate in hexadecimal.
	Fingerprint string
}

// CloseWrite tells the server that nothing more will be sent; reading goes on.
func (c *Conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return c.Conn.Close()
}

// Conn opens a stream to the server within its connect timeout. The error is
// an [*Error].
func (d *Dialer) Conn(ctx context.Context, s *server.Server) (*Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, s.ConnectTimeout())
	defer cancel()
	var config *tls.Config
	if s.UseSSL() {
		var err error
		if config, err = tlsConfig(s); err != nil {
			return nil, &Error{s.URL(), StageConfigure, err}
		}
	}
	tcp, err := d.Net.DialContext(ctx, "tcp", s.Address())
	if err != nil {
		return nil, &Error{s.URL(), StageConnect, err}
	}
	if config == nil {
		return &Conn{Conn: tcp}, nil
	}
	c := tls.Client(tcp, config)
	if err := c.HandshakeContext(ctx); err != nil {
		tcp.Close()
		return nil, &Error{s.URL(), StageTLS, err}
	}
	return &Conn{Conn: c, Facts: facts(c.ConnectionState(), !config.InsecureSkipVerify)}, nil
}

func tlsConfig(s *server.Server) (*tls.Config, error) {
	wishes := s.TLS()
	config := &tls.Config{ServerName: s.Host(), InsecureSkipVerify: !wishes.Verifies(), MinVersion: tls.VersionTLS12}
	if wishes == nil {
		return config, nil
	}
	if wishes.SNI != "" {
		config.ServerName = wishes.SNI
	}
	if wishes.CACertsFile != "" {
		pem, err := os.ReadFile(wishes.CACertsFile)
		if err != nil {
			return nil, fmt.Errorf("CA certificates: %w", err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("CA certificates: %s holds no PEM certificate", wishes.CACertsFile)
		}
	}
	return config, nil
}

func facts(state tls.ConnectionState, verified bool) *Facts {
	fingerprint := sha256.Sum256(state.PeerCertificates[0].Raw) // a server always has one
	return &Facts{
		Version: tls.VersionName(state.Version), Cipher: tls.CipherSuiteName(state.CipherSuite),
		Verified: verified, Fingerprint: hex.EncodeToString(fingerprint[:]),
	}
}
