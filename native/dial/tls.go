package dial

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"github.com/ldapedge/ldapedge/server"
)

// Facts are what is known of a TLS session.
type Facts struct {
	// Version and Cipher are named as in crypto/tls.
	Version, Cipher string
	// Verified tells whether the certificate was verified, by VerifiedBy.
	Verified   bool
	VerifiedBy Verification
	// Fingerprint is the SHA-256 of the server's certificate in hexadecimal.
	Fingerprint string
	// StartTLS tells that the session began in plain text.
	StartTLS bool
}

// Verification is how a certificate was verified.
type Verification string

// The ways, see [server.TLS].
const (
	// VerifiedByNothing: any certificate would have done.
	VerifiedByNothing Verification = "none"
	// VerifiedByChain: a trusted authority has issued it, for one of the names.
	VerifiedByChain Verification = "chain"
	// VerifiedByPin: it is one of the pinned ones.
	VerifiedByPin Verification = "pin"
	// VerifiedByBoth: chain and pin.
	VerifiedByBoth Verification = "chain+pin"
)

// UsesTLS tells whether the session with the server is TLS.
func (d *Dialer) UsesTLS(s *server.Server) bool { return s.UseSSL() || d.usesStartTLS(s) }

func (d *Dialer) usesStartTLS(s *server.Server) bool {
	return d.StartTLS && (s.Scheme() == server.LDAP || s.Scheme() == server.LDAPSRV)
}

// secure does TLS with the server, if it is to be.
func (d *Dialer) secure(ctx context.Context, c *Conn, s *server.Server, t *trust) (*Conn, Stage, error) {
	if t == nil {
		return c, "", nil
	}
	if !s.UseSSL() {
		return d.upgrade(ctx, c, s, t)
	}
	return d.handshake(ctx, c, s, t, false)
}

// handshake does the TLS handshake on a connection, which is closed if that
// fails.
func (d *Dialer) handshake(ctx context.Context, c *Conn, s *server.Server, t *trust, startTLS bool) (*Conn, Stage, error) {
	if t.verifiedBy() == VerifiedByNothing && d.warned.first(s.URL()) {
		d.log().Warn("the server's certificate is not verified: whoever sits between can read and change everything", "server", s.URL())
	}
	over := tls.Client(c.Conn, t.config(s, c.Candidate))
	if err := over.HandshakeContext(ctx); err != nil {
		c.Conn.Close()
		return nil, StageTLS, err
	}
	return &Conn{Conn: over, Candidate: c.Candidate, Facts: facts(over.ConnectionState(), t, startTLS)}, "", nil
}

func facts(state tls.ConnectionState, t *trust, startTLS bool) *Facts {
	by := t.verifiedBy()
	return &Facts{
		Version: tls.VersionName(state.Version), Cipher: tls.CipherSuiteName(state.CipherSuite),
		Verified: by != VerifiedByNothing, VerifiedBy: by,
		Fingerprint: fingerprint(state.PeerCertificates[0].Raw), // a server always has one
		StartTLS:    startTLS,
	}
}

func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

// config is the configuration of one session.
func (t *trust) config(s *server.Server, c Candidate) *tls.Config {
	config := t.base.Clone()
	names := ownNames(s, c)
	switch {
	case t.wishes.NoSNI:
	case t.wishes.SNI != "":
		config.ServerName = t.wishes.SNI
	default:
		config.ServerName = names[len(names)-1] // crypto/tls sends no address (RFC 6066 §3)
	}
	names = append(names, t.wishes.ValidNames...)
	// It is called for resumed sessions as well.
	config.VerifyConnection = func(state tls.ConnectionState) error {
		return t.verify(state.PeerCertificates, names)
	}
	return config
}

// ownNames are those that the server's certificate may be for without more
// being said; the last is the one to ask for. The DNS is not trusted to name
// hosts elsewhere (RFC 6125 §1.8, source domain and derived domain).
func ownNames(s *server.Server, c Candidate) []string {
	if !s.Scheme().SRV() {
		return []string{withoutZone(s.Host())}
	}
	domain, host := strings.ToLower(s.Host()), strings.ToLower(c.Target)
	if !strings.HasSuffix(host, "."+domain) {
		return []string{domain}
	}
	return []string{domain, host}
}

// withoutZone returns an IPv6 address as certificates have it.
func withoutZone(host string) string {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.WithZone("").String()
	}
	return host
}

// trusts keeps what has been made of the wishes for TLS.
type trusts struct {
	mu   sync.Mutex
	made map[*server.Server]*trust
}

// trustCount is the most servers whose trust is kept.
const trustCount = 1024

// of returns the trust of a server. Its files are read again when one of them
// has changed, by modification time or size.
func (t *trusts) of(s *server.Server) (*trust, error) {
	wishes := s.TLS()
	if wishes == nil {
		wishes = &server.TLS{Validate: server.ValidateNone, MinVersion: server.TLS12, MaxVersion: server.TLS13}
	}
	stamp := stampOf(wishes)
	t.mu.Lock()
	known := t.made[s]
	t.mu.Unlock()
	if known != nil && slices.Equal(known.stamp, stamp) {
		return known, nil
	}
	made, err := newTrust(wishes, stamp)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.made == nil || len(t.made) >= trustCount {
		t.made = make(map[*server.Server]*trust)
	}
	t.made[s] = made
	return made, nil
}

// warned remembers the servers that the log has been warned of.
type warned struct {
	mu   sync.Mutex
	urls map[string]bool
}

// first tells whether it is called with the URL for the first time.
func (w *warned) first(url string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.urls[url] {
		return false
	}
	if w.urls == nil || len(w.urls) >= trustCount {
		w.urls = make(map[string]bool)
	}
	w.urls[url] = true
	return true
}
