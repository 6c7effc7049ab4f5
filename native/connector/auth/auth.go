// Package auth says who a client of the connector is, and which servers that
// subject may reach.
//
// # Credentials
//
// A request comes with a bearer token, with a verified client certificate, or
// with nothing. A token is looked up among those of the configuration, of which
// only hashes are kept; a JSON Web Token (JWT, RFC 7519) is verified with the
// keys of its issuer. Where there is a token it alone counts: a bad one is
// refused whatever the certificate. The certificate's chain must have been
// verified by the TLS listener, so its ClientCAs say who may issue.
//
// # What a JSON Web Token says
//
// It is signed with RS256, ES256 or EdDSA (Ed25519); kid in its header chooses
// among the issuer's keys. Its claims:
//
//	iss               the issuer; needed
//	aud               the connector, as the settings name it, perhaps among others; needed
//	sub               the subject; needed
//	exp               when it expires; needed
//	nbf, iat          if given they must not lie in the future
//	ldapedge_servers  what the subject may reach: ["dc1","dc2"], or "all"; without it
//	                  nothing. The settings can give the claim another name.
//	ldapedge_target   the URL of a server that is not in the configuration, which the subject
//	                  may reach too, if [JWT.Targets] allows it
//	jti               names the token: its sessions are counted, and only its subject
//	                  may use it
//	once              true allows it one session; needs jti
//
// # Use
//
// [New] makes an [Authenticator] from [Settings]. [Authenticator.Authenticate]
// turns a credential into an [Identity], whose [Subject] may be asked what it may
// reach; [Identity.Begin] counts a session and returns a [Session], to be released
// when it ends, and to be ended when the credential expires.
//
//	identity, err := authenticator.Authenticate(ctx, token, r.TLS)
//	…
//	if err := identity.MayReach("dc1"); err != nil { … }
//	session, err := identity.Begin()
//	…
//	defer session.Release()
//
// Authenticate alone uses no token up, so a client may first ask which servers
// there are.
//
// # Errors
//
// A refusal is an [*Error]. It is one of [ErrNotAuthenticated],
// [ErrNotPermitted] and [ErrTooMany], and has a [Reason] for programs. No error
// repeats a token or a part of one. Identities and errors are [slog.LogValuer]s
// whose attributes are safe to log.
//
// The test vectors in testdata/tokens.json say of tokens what is to become of them,
// for other implementations of the same rules.
package auth

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"log/slog"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// Options are what an [Authenticator] is handed in place of the real world. The
// zero value is the real world.
type Options struct {
	// Now is the clock. Default: time.Now.
	Now func() time.Time
	// Client fetches the keys of [JWT.KeysURL]. Redirects are not followed,
	// whatever it says. Default: http.DefaultClient.
	Client *http.Client
	// Log is where it is noted that keys could not be read. Default:
	// slog.Default().
	Log *slog.Logger
	// Before is the authenticator whose place the new one takes. Of the same issuer
	// its memory of tokens is kept, lest one is used again, and with the same
	// settings its keys. Default: there was none.
	Before *Authenticator
}

// Authenticator knows the credentials that are let in. The zero value lets in
// nobody. It may be used by several goroutines.
type Authenticator struct {
	everyone     bool
	now          func() time.Time
	tokens       tokens
	jwt          *verifier
	certificates []Certificate
}

// New returns an authenticator for the settings, which it checks. What its key
// files say must make sense; keys from a URL are fetched once [Authenticator.Run]
// runs, or when the first token asks for them.
func New(s Settings, o Options) (*Authenticator, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	a := &Authenticator{now: o.Now, certificates: s.Certificates}
	var err error
	if a.tokens, err = newTokens(s.Tokens); err != nil {
		return nil, err
	}
	if s.JWT != nil {
		if a.jwt, err = newVerifier(*s.JWT, o); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// Everyone returns an authenticator that lets everyone in, to every server,
// with any token and without one.
func Everyone() *Authenticator { return &Authenticator{everyone: true} }

// Run keeps the keys from a URL fresh until the context ends. Without such a URL
// it returns at once.
func (a *Authenticator) Run(ctx context.Context) {
	if a.jwt == nil {
		return
	}
	if keys, ok := a.jwt.keys.(*remoteKeys); ok {
		keys.run(ctx)
	}
}

// Authenticate returns who the credential stands for: a bearer token, or a
// client certificate where the token is empty; state is nil without TLS. It
// waits for keys that are being fetched, as long as the context allows. The error
// is an [*Error].
func (a *Authenticator) Authenticate(ctx context.Context, token string, state *tls.ConnectionState) (*Identity, error) {
	if a.everyone {
		return &Identity{Subject: Subject{Name: "everyone", Servers: Servers{All: true}}, Method: MethodNone}, nil
	}
	if token == "" {
		return a.certificate(state)
	}
	if len(token) > maxToken {
		return nil, refuse(Malformed)
	}
	if entry := a.tokens.find(token); entry != nil {
		return entry.identity(a.now())
	}
	if a.jwt == nil {
		return nil, refuse(Unknown)
	}
	return a.jwt.identity(ctx, token)
}

// Holds tells whether an identity that this or another authenticator has returned
// would still be that subject, and may reach the server: its token or its rule is
// still there, or the issuer of its JWT is the same, and so is what the JWT may name.
// When it expires, and how often it was used, is not asked again.
func (a *Authenticator) Holds(i *Identity, server string) bool {
	if a.everyone {
		return true
	}
	now, named := Subject{}, false
	switch i.Method {
	case MethodToken:
		if entry := a.tokens.findHash(i.hash); entry != nil {
			now = entry.subject
		}
	case MethodCertificate:
		if rule := a.rule(i.leaf); rule != nil {
			now = Subject{Name: rule.Subject, Servers: rule.Servers}
		}
	case MethodJWT:
		if a.jwt != nil && a.jwt.settings.Issuer == i.of.Issuer && a.jwt.settings.Audience == i.of.Audience {
			now = i.Subject
			named = i.Names(server) && reflect.DeepEqual(a.jwt.settings.Targets, i.of.Targets)
		}
	}
	return now.Name == i.Subject.Name && (named || now.MayReach(server))
}

// maxToken is the length of the longest token that is looked at.
const maxToken = 8 << 10

// Method is how a subject has been authenticated.
type Method string

// The methods.
const (
	MethodNone        Method = "none" // everyone is let in
	MethodToken       Method = "token"
	MethodJWT         Method = "jwt"
	MethodCertificate Method = "certificate"
)

// Identity is what a credential stands for, while it is valid.
type Identity struct {
	// Subject is who the client is.
	Subject Subject
	// Target is a server that the credential itself names, and which the subject may
	// reach under its URL; nil if it names none.
	Target *server.Server
	// Expires is when the credential is no longer accepted, a JWT's leeway
	// included; zero if it does not expire.
	Expires time.Time
	// Method is how the subject has been authenticated.
	Method Method
	// KeyID names the key that a JWT was verified with; empty without a name.
	KeyID string
	// ID is the beginning of the SHA-256 of a JWT's jti, in hexadecimal; empty
	// without jti.
	ID string

	use *use // counts sessions; nil if they are not counted

	hash [sha256.Size]byte // of a token
	leaf *x509.Certificate
	of   *JWT // whose JWT it is
}

// MayReach returns nil if the subject may reach the server or pool of that name,
// and otherwise an [*Error] that is [ErrNotPermitted]. It does not know whether
// there is such a server.
func (i *Identity) MayReach(server string) error {
	if i.Subject.MayReach(server) || i.Names(server) {
		return nil
	}
	return i.refuse(NotPermitted)
}

// Names tells whether the credential itself names the server with that URL.
func (i *Identity) Names(url string) bool { return i.Target != nil && i.Target.URL() == url }

// Begin counts one session more with this credential. The error, if the credential
// has been used as often as it may be, is an [*Error].
func (i *Identity) Begin() (*Session, error) {
	if i.use == nil {
		return &Session{Expires: i.Expires}, nil
	}
	release, reason := i.use.begin()
	if reason != "" {
		return nil, i.refuse(reason)
	}
	return &Session{Expires: i.Expires, release: release}, nil
}

func (i *Identity) refuse(reason Reason) *Error {
	return &Error{Reason: reason, Subject: i.Subject.Name, KeyID: i.KeyID, ID: i.ID}
}

// LogValue returns what may be logged of an identity.
func (i *Identity) LogValue() slog.Value {
	return slog.GroupValue(append([]slog.Attr{slog.String("method", string(i.Method))}, attributes(i.Subject.Name, i.KeyID, i.ID)...)...)
}

// Session is a session in progress.
type Session struct {
	// Expires is when the credential expires, and the session is to be ended;
	// zero if it does not expire.
	Expires time.Time

	once    sync.Once
	release func()
}

// Release says that the session has ended. Only the first call counts.
func (s *Session) Release() {
	if s.release != nil {
		s.once.Do(s.release)
	}
}
