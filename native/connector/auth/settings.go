package auth

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"
)

// Settings say who is let in. Files are named relative to the working
// directory. Without any setting nobody is, see [Settings.Empty].
type Settings struct {
	// Tokens are bearer tokens, each by its hash.
	Tokens []Token `yaml:"tokens"`
	// JWT accepts the JSON Web Tokens of an issuer.
	JWT *JWT `yaml:"jwt"`
	// Certificates say which client certificates stand for whom; the first that
	// fits counts.
	Certificates []Certificate `yaml:"certificates"`
}

// Token is a bearer token. "ldapedge token" makes one and prints its hash.
type Token struct {
	// Subject is whom the token stands for. Several tokens may have one
	// subject, as while one replaces another.
	Subject string `yaml:"subject"`
	// Servers are what the subject may reach: a list of names, or "all".
	Servers Servers `yaml:"servers"`
	// SHA256 is the SHA-256 of the token, in hexadecimal. The token must be
	// random, of 128 bits or more: the hash of one that can be guessed gives it
	// away.
	SHA256 string `yaml:"sha256"`
	// SHA256File names a file that has the hash, in place of SHA256. It is read
	// by [New].
	SHA256File string `yaml:"sha256_file"`
	// Expires is when the token ends: 2027-01-31T00:00:00Z. Default: never.
	Expires time.Time `yaml:"expires"`
}

// Defaults of [JWT].
const (
	DefaultServersClaim  = "ldapedge_servers"
	DefaultLeeway        = 30 * time.Second
	DefaultRefresh       = 15 * time.Minute
	DefaultSessions      = 10
	DefaultSessionsInAll = 1000
	DefaultRemembered    = 100_000
)

// JWT is an issuer of JSON Web Tokens. They must be signed with RS256, ES256 or
// EdDSA (Ed25519), and have iss, aud, sub and exp; nbf and iat are honoured. The
// claim once, if true, allows a token one session; such a token needs a jti.
type JWT struct {
	// Issuer is what the claim iss must be.
	Issuer string `yaml:"issuer"`
	// Audience is what the claim aud must be, or contain.
	Audience string `yaml:"audience"`
	// KeysFile names a file with the issuer's keys, a JSON Web Key Set (RFC
	// 7517). It is read again when it changes.
	KeysFile string `yaml:"keys_file"`
	// KeysURL is where such a set is fetched: an https URL, or http to this
	// machine itself. Keys stay while they cannot be fetched anew, and a key that
	// is not known has them fetched at most once a minute.
	KeysURL string `yaml:"keys_url"`
	// PublicKeyFile names a PEM file with the one key of the issuer. It is read
	// again when it changes.
	PublicKeyFile string `yaml:"public_key_file"`
	// Refresh is how often KeysURL is fetched anew. Default: [DefaultRefresh].
	Refresh time.Duration `yaml:"refresh"`
	// Leeway is by how much the clocks may differ. Default: [DefaultLeeway].
	Leeway time.Duration `yaml:"leeway"`
	// ServersClaim names the claim that says which servers the subject may
	// reach: a list of names, or "all". A token without it reaches none.
	// Default: [DefaultServersClaim].
	ServersClaim string `yaml:"servers_claim"`
	// Targets lets tokens name a server that is not in the configuration. Default:
	// none may.
	Targets *Targets `yaml:"targets"`
	// RequireID refuses tokens without jti, whose sessions cannot be counted.
	RequireID bool `yaml:"require_jti"`
	// Sessions is how many sessions a token with jti may have at a time.
	// Default: [DefaultSessions].
	Sessions int `yaml:"sessions"`
	// SessionsInAll is how many sessions a token with jti may have until it
	// expires. Default: [DefaultSessionsInAll].
	SessionsInAll int `yaml:"sessions_in_all"`
	// Remembered is how many tokens with jti are remembered until they expire.
	// When there are more, sessions with a new one are refused. Default:
	// [DefaultRemembered].
	Remembered int `yaml:"remembered"`
}

// Certificate says whom a client certificate stands for. All names that are given
// must be in the certificate; DNS names are compared without regard to case, and
// a wildcard is only itself.
type Certificate struct {
	// CommonName is the CN of the certificate's subject.
	CommonName string `yaml:"common_name"`
	// DNSName, Email and URI are names among its subjectAltName.
	DNSName string `yaml:"dns_name"`
	Email   string `yaml:"email"`
	URI     string `yaml:"uri"`
	// Subject is whom the certificate stands for.
	Subject string `yaml:"subject"`
	// Servers are what the subject may reach: a list of names, or "all".
	Servers Servers `yaml:"servers"`
}

// Empty tells whether nothing is configured. A token made at start is then what
// lets people in, see [Settings.AddToken].
func (s *Settings) Empty() bool {
	return len(s.Tokens) == 0 && s.JWT == nil && len(s.Certificates) == 0
}

// Check fills in the defaults and refuses what makes no sense or is not safe.
// Files are looked for and not read.
func (s *Settings) Check() error {
	seen := make(map[string]int)
	for i, t := range s.Tokens {
		if err := t.check(); err != nil {
			return fmt.Errorf("tokens[%d].%w", i, err)
		}
		if before, ok := seen[strings.ToLower(t.SHA256)]; ok && t.SHA256 != "" {
			return fmt.Errorf("tokens[%d].sha256: it is that of tokens[%d]", i, before)
		}
		seen[strings.ToLower(t.SHA256)] = i
	}
	if s.JWT != nil {
		if err := s.JWT.check(); err != nil {
			return fmt.Errorf("jwt.%w", err)
		}
	}
	for i, c := range s.Certificates {
		if err := c.check(); err != nil {
			return fmt.Errorf("certificates[%d].%w", i, err)
		}
	}
	return nil
}

func checkSubject(name string, servers Servers) error {
	if name == "" {
		return errors.New("subject: it is missing")
	}
	if !servers.given() {
		return errors.New(`servers: it is missing; a list of names, or "all", is expected`)
	}
	return nil
}

func (t Token) check() error {
	if err := checkSubject(t.Subject, t.Servers); err != nil {
		return err
	}
	if t.SHA256File != "" {
		if t.SHA256 != "" {
			return errors.New("sha256_file: there is sha256 too; one of them is expected")
		}
		if _, err := os.Stat(t.SHA256File); err != nil {
			return fmt.Errorf("sha256_file: %w", err)
		}
		return nil
	}
	if _, err := parseHash(t.SHA256); err != nil {
		return fmt.Errorf("sha256: %w", err)
	}
	return nil
}

// parseHash does not repeat the text: somebody may have put the token there.
func parseHash(text string) (hash [32]byte, err error) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(hash) {
		return hash, errors.New("64 hexadecimal digits are expected, as \"ldapedge token\" prints them")
	}
	return [32]byte(b), nil
}

func (c Certificate) check() error {
	if c.CommonName == "" && c.DNSName == "" && c.Email == "" && c.URI == "" {
		return errors.New("common_name: it is missing, as are dns_name, email and uri; one of them at least is expected")
	}
	return checkSubject(c.Subject, c.Servers)
}

// The bounds of some settings of [JWT].
const (
	maxLeeway  = 5 * time.Minute
	minRefresh = time.Minute
)

func (j *JWT) check() error {
	if j.Issuer == "" {
		return errors.New("issuer: it is missing")
	}
	if j.Audience == "" {
		return errors.New("audience: it is missing; without it tokens for others would be accepted")
	}
	if j.ServersClaim == "" {
		j.ServersClaim = DefaultServersClaim
	}
	if err := j.checkKeys(); err != nil {
		return err
	}
	if j.Targets != nil {
		if err := j.Targets.check(); err != nil {
			return fmt.Errorf("targets.%w", err)
		}
	}
	if err := atLeast("refresh", &j.Refresh, minRefresh, DefaultRefresh); err != nil {
		return err
	}
	if err := atLeast("leeway", &j.Leeway, 0, DefaultLeeway); err != nil {
		return err
	}
	if j.Leeway > maxLeeway {
		return fmt.Errorf("leeway: %s is over %s", j.Leeway, maxLeeway)
	}
	if err := atLeast("sessions", &j.Sessions, 1, DefaultSessions); err != nil {
		return err
	}
	if err := atLeast("sessions_in_all", &j.SessionsInAll, 1, DefaultSessionsInAll); err != nil {
		return err
	}
	return atLeast("remembered", &j.Remembered, 1, DefaultRemembered)
}

// atLeast gives a setting that is left out its default and bounds any other.
func atLeast[T int | time.Duration](key string, value *T, least, otherwise T) error {
	if *value == 0 {
		*value = otherwise
	}
	if *value < least {
		return fmt.Errorf("%s: %v is less than %v", key, *value, least)
	}
	return nil
}

func (j *JWT) checkKeys() error {
	given := 0
	for _, source := range []struct{ key, file string }{{"keys_file", j.KeysFile}, {"public_key_file", j.PublicKeyFile}} {
		if source.file == "" {
			continue
		}
		given++
		if _, err := os.Stat(source.file); err != nil {
			return fmt.Errorf("%s: %w", source.key, err)
		}
	}
	if j.KeysURL != "" {
		given++
		u, err := url.Parse(j.KeysURL)
		if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
			return errors.New("keys_url: an https URL without user is expected, or http to loopback")
		}
	}
	if given != 1 {
		return fmt.Errorf("keys_url: one of keys_file, keys_url and public_key_file is expected, not %d", given)
	}
	return nil
}

// loopback tells whether a URL's host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
