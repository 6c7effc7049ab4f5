// Package config reads the connector's configuration: a YAML file whose keys
// are the fields below. An unknown key, a value of the wrong kind and a value
// that makes no sense are errors that name the place.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/connector/auth"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/server"
)

// DefaultListen is where the connector listens unless told otherwise.
const DefaultListen = "127.0.0.1:8389"

// AuthNone is the value of auth that lets everyone in. Loopback only.
const AuthNone = "none"

// Config is the connector's configuration.
type Config struct {
	// Listen is the address to listen on, host and port. Default:
	// [DefaultListen]. Port 0 takes a free one.
	Listen string `yaml:"listen"`
	// TLS has the connector speak HTTPS.
	TLS ListenerTLS `yaml:"tls"`
	// Plaintext allows listening without TLS on an address other than
	// loopback.
	Plaintext bool `yaml:"plaintext"`
	// Admin is the address of the operator's own listener, host and port of
	// loopback or "unix:PATH". Default: there is none.
	Admin string `yaml:"admin"`
	// AdminTokenFile has the token that the operator's listener asks for. Default:
	// one is made at start, and printed.
	AdminTokenFile string `yaml:"admin_token_file"`
	// Auth says who is let in: "none" for everyone, or settings. Left out, a token
	// is made at start, and printed.
	Auth Auth `yaml:"auth"`
	// Servers are the LDAP servers that clients may reach.
	Servers []Server `yaml:"servers"`
	// Pools are pools of these servers.
	Pools []Pool `yaml:"pools"`
	// Origins are the web origins, beside the connector's own, whose pages may
	// use it: "https://tools.example.com".
	Origins []string `yaml:"origins"`
	// Hosts are the names, beside the address it listens on and the names of
	// loopback, under which the connector may be addressed.
	Hosts []string `yaml:"hosts"`
	// TrustedProxies are the addresses and networks of proxies in front: what they
	// say of a client's address in X-Forwarded-For is believed. Default: none.
	TrustedProxies []string `yaml:"trusted_proxies"`
	// DNS is whom the names of servers are asked of. Default: as this machine does.
	DNS DNS `yaml:"dns"`
	// Policies say what subjects may ask of servers; the first that fits counts.
	// Default: what [policy.Rules] have as theirs, which is to read.
	Policies []Policy `yaml:"policies"`
	// Limits are what sessions are held to.
	Limits Limits `yaml:"limits"`
	// Log is how the log is written.
	Log Log `yaml:"log"`
}

// Auth says who is let in.
type Auth struct {
	// None lets everyone in.
	None          bool `yaml:"-"`
	auth.Settings `yaml:",inline"`
}

// UnmarshalYAML reads "none" or settings.
func (a *Auth) UnmarshalYAML(decode func(any) error) error {
	var word string
	if decode(&word) != nil {
		return decode(&a.Settings)
	}
	if a.None = word == AuthNone; !a.None {
		return fmt.Errorf("auth: %q is not known; leave it out for a token made at start, or say %q on loopback", word, AuthNone)
	}
	return nil
}

// Limits are what sessions are held to.
type Limits struct {
	// Sessions is how many there may be at a time. Default: 1000.
	Sessions int `yaml:"sessions"`
	// SessionsPerClient is how many a client may have at a time, by its address; of
	// IPv6 by its network of 64 bits. Default: as many as there may be.
	SessionsPerClient int `yaml:"sessions_per_client"`
	// Header is how long a client has for the header of a request. Default: 10
	// seconds.
	Header time.Duration `yaml:"header"`
	// Idle ends a session without traffic: "5m". Default: 10 minutes.
	Idle time.Duration `yaml:"idle"`
	// Lifetime ends a session whatever it does. Default: never.
	Lifetime time.Duration `yaml:"lifetime"`
	// Ping is how long there may be no traffic before the client is asked whether
	// it is there. Default: 30 seconds.
	Ping time.Duration `yaml:"ping"`
	// Drain is how long a shutdown waits for sessions to end. Default: 10 seconds.
	Drain time.Duration `yaml:"drain"`
}

// DefaultDrain is how long a shutdown waits unless told otherwise.
const DefaultDrain = 10 * time.Second

func (l Limits) check() error {
	if l.Sessions < 0 {
		return fmt.Errorf("sessions: %d is less than 0", l.Sessions)
	}
	if l.SessionsPerClient < 0 {
		return fmt.Errorf("sessions_per_client: %d is less than 0", l.SessionsPerClient)
	}
	for _, t := range []struct {
		name string
		time time.Duration
	}{{"header", l.Header}, {"idle", l.Idle}, {"lifetime", l.Lifetime}, {"ping", l.Ping}, {"drain", l.Drain}} {
		if t.time < 0 || t.time > 0 && t.time < time.Millisecond {
			return fmt.Errorf("%s: %v is less than a millisecond", t.name, t.time)
		}
	}
	return nil
}

// Log is how the log is written, on standard error.
type Log struct {
	// Format is "text", the default, or "json".
	Format string `yaml:"format"`
	// Level is the least that is written: "debug", "info", the default, "warn" or
	// "error".
	Level slog.Level `yaml:"level"`
}

// Server is an LDAP server that clients may reach.
type Server struct {
	// Name is what clients ask for: letters, digits, ".", "_" and "-".
	Name string `yaml:"name"`
	// URL is where the server is: ldap://HOST[:PORT], ldaps://HOST[:PORT],
	// ldapi://PATH, or ldap+srv://DOMAIN and ldaps+srv://DOMAIN for the servers
	// that the DNS names.
	URL string `yaml:"url"`
	// ConnectTimeout bounds resolving, connecting and the TLS handshake
	// together: "5s". Default: 10 seconds.
	ConnectTimeout time.Duration `yaml:"connect_timeout"`
	// Mode chooses among the host's addresses: IP_SYSTEM_DEFAULT, IP_V4_ONLY,
	// IP_V6_ONLY, IP_V4_PREFERRED or IP_V6_PREFERRED, the default.
	Mode server.Mode `yaml:"mode"`
	// Bind is who the connector is when it reads schema and root DSE, and checks,
	// for those who ask over HTTP. Sessions have nothing to do with it. Default:
	// anonymous.
	Bind Bind `yaml:"bind"`
	// StartTLS has the connector begin TLS with a server of ldap:// or ldap+srv://
	// before anything else is sent.
	StartTLS bool `yaml:"start_tls"`
	// TLS are the wishes for ldaps, and for StartTLS.
	TLS TLS `yaml:"tls"`
}

// Bind is a name and a password.
type Bind struct {
	DN string `yaml:"dn"`
	// PasswordFile names a file with the password; one newline at its end is
	// ignored.
	PasswordFile string `yaml:"password_file"`
}

// ReadPassword reads a password file. One newline at its end is ignored.
func ReadPassword(file string) (string, error) {
	b, err := os.ReadFile(file)
	return string(bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))), err
}

// Credentials returns those of the server, read from their file; they are empty if it
// has none.
func (s Server) Credentials() (ldap.Credentials, error) {
	if s.Bind.DN == "" {
		return ldap.Credentials{}, nil
	}
	password, err := ReadPassword(s.Bind.PasswordFile)
	if err != nil {
		return ldap.Credentials{}, fmt.Errorf("servers %q: bind.password_file: %w", s.Name, err)
	}
	return ldap.Credentials{DN: s.Bind.DN, Password: password}, nil
}

// TLS are the wishes for a TLS session to an LDAP server. Without any the
// server's certificate and name are verified against the system's roots.
type TLS struct {
	// CAFile names a PEM file of the certificates to trust in place of the
	// system's roots.
	CAFile string `yaml:"ca_file"`
	// ServerName is a name that the certificate may be for, beside the URL's
	// host; the server is asked for it.
	ServerName string `yaml:"server_name"`
	// Names are more names that the certificate may be for: "*.example.com".
	Names []string `yaml:"names"`
	// Pins are SHA-256 fingerprints of certificates, in hexadecimal; the server's
	// must be one of them.
	Pins []string `yaml:"pins"`
	// CertFile and KeyFile name PEM files of the connector's own certificate and
	// key, for servers that ask for one.
	CertFile string `yaml:"cert_file"`
	KeyFile  string `yaml:"key_file"`
	// MinVersion is the oldest version of TLS: "1.2", the default, or another of
	// "1.0" to "1.3".
	MinVersion server.TLSVersion `yaml:"min_version"`
	// InsecureSkipVerify accepts any certificate.
	InsecureSkipVerify bool `yaml:"insecure_skip_verify"`
}

// Load reads a configuration file. It does not check the values: what the
// command line changes comes in between, see [Config.Check].
func Load(file string) (*Config, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	c, err := Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

// Parse reads a configuration.
func Parse(b []byte) (*Config, error) {
	c := &Config{}
	d := yaml.NewDecoder(bytes.NewReader(b), yaml.Strict())
	if err := d.Decode(c); err != nil && !errors.Is(err, io.EOF) { // an empty file says nothing
		return nil, oneLine(err)
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is a second document after the first")
	}
	return c, nil
}

// oneLine gives a YAML error as line, column and message.
func oneLine(err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return errors.New(strings.Join(strings.Fields(err.Error()), " "))
	}
	at := e.GetToken().Position
	return fmt.Errorf("line %d, column %d: %s", at.Line, at.Column, e.GetMessage())
}

var serverName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Check fills in the defaults and refuses what makes no sense or is not safe.
func (c *Config) Check() error {
	if c.Listen == "" {
		c.Listen = DefaultListen
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if err := c.Auth.Check(); err != nil {
		return fmt.Errorf("auth.%w", err)
	}
	if len(c.Auth.Certificates) > 0 && c.TLS.ClientCAFile == "" {
		return errors.New("auth.certificates: tls.client_ca_file is needed to verify them")
	}
	if !Loopback(host) {
		if c.Auth.None {
			return fmt.Errorf("auth: %q is accepted on loopback alone, and %q is not", AuthNone, c.Listen)
		}
		if !c.Plaintext && !c.TLS.On() {
			return fmt.Errorf("listen: %q is not loopback, and there is no tls; give it a certificate, put a TLS proxy in front and listen on loopback, or say plaintext: true", c.Listen)
		}
	}
	if err := c.TLS.check(); err != nil {
		return fmt.Errorf("tls: %w", err)
	}
	if err := c.checkAdmin(); err != nil {
		return err
	}
	if err := c.Limits.check(); err != nil {
		return fmt.Errorf("limits: %w", err)
	}
	if _, err := c.MakeTrustedProxies(); err != nil {
		return err
	}
	if err := c.DNS.check(); err != nil {
		return fmt.Errorf("dns.%w", err)
	}
	if f := c.Log.Format; f != "" && f != "text" && f != "json" {
		return fmt.Errorf("log.format: %q is neither text nor json", f)
	}
	if Unspecified(host) && len(c.Hosts) == 0 {
		return fmt.Errorf("listen: %q is every address of this machine; hosts must list the names under which it is addressed", c.Listen)
	}
	if _, err := c.MakePolicies(); err != nil {
		return err
	}
	if err := c.checkOrigins(); err != nil {
		return err
	}
	return c.checkServers()
}

// Loopback tells whether a host to listen on is this machine's alone.
func Loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Unspecified tells whether a host to listen on stands for every address.
func Unspecified(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || ip != nil && ip.IsUnspecified()
}

func (c *Config) checkOrigins() error {
	for i, origin := range c.Origins {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || origin != u.Scheme+"://"+u.Host || strings.Contains(origin, "*") {
			return fmt.Errorf("origins[%d]: %q is no origin; https://HOST or https://HOST:PORT is expected", i, origin)
		}
		// As browsers write it: in small letters, without the scheme's own port.
		c.Origins[i] = strings.TrimSuffix(strings.ToLower(origin), map[string]string{"http": ":80", "https": ":443"}[u.Scheme])
	}
	for i, host := range c.Hosts {
		if host == "" || strings.ContainsAny(host, ":/ *") && net.ParseIP(host) == nil {
			return fmt.Errorf("hosts[%d]: %q is no host name; a name or an address without a port is expected", i, host)
		}
	}
	return nil
}

// MakeTrustedProxies returns the networks of the proxies.
func (c *Config) MakeTrustedProxies() (all []netip.Prefix, err error) {
	if all, err = dial.ParseNetworks(c.TrustedProxies); err != nil {
		return nil, fmt.Errorf("trusted_proxies%w", err)
	}
	return all, nil
}

func (c *Config) checkServers() error {
	if len(c.Servers) == 0 {
		return errors.New("servers: there is none")
	}
	seen := make(map[string]bool)
	named := func(place, name string) error {
		if !serverName.MatchString(name) {
			return fmt.Errorf("%s.name: %q is not 1 to 64 letters, digits, \".\", \"_\" or \"-\"", place, name)
		}
		if seen[name] {
			return fmt.Errorf("%s.name: %q is taken by an earlier server or pool", place, name)
		}
		seen[name] = true
		return nil
	}
	for i, s := range c.Servers {
		if err := named(fmt.Sprintf("servers[%d]", i), s.Name); err != nil {
			return err
		}
		if err := s.check(); err != nil {
			return fmt.Errorf("servers[%d] %q: %w", i, s.Name, err)
		}
	}
	for i, p := range c.Pools {
		if err := named(fmt.Sprintf("pools[%d]", i), p.Name); err != nil {
			return err
		}
	}
	servers, err := c.MakeServers()
	if err != nil {
		return err
	}
	_, _, err = c.MakePools(servers, nil)
	return err
}

// MakeServers makes the servers, by name.
func (c *Config) MakeServers() (map[string]*server.Server, error) {
	all := make(map[string]*server.Server, len(c.Servers))
	for i, s := range c.Servers {
		made, err := s.Server()
		if err != nil {
			return nil, fmt.Errorf("servers[%d] %q: %w", i, s.Name, err)
		}
		all[s.Name] = made
	}
	return all, nil
}

func (s Server) check() error {
	made, err := s.Server()
	if err != nil {
		return err
	}
	upgradable := made.Scheme() == server.LDAP || made.Scheme() == server.LDAPSRV
	if s.StartTLS && !upgradable {
		return errors.New("start_tls: it is for ldap:// and ldap+srv://")
	}
	if !reflect.ValueOf(s.TLS).IsZero() && !made.UseSSL() && !s.StartTLS {
		return errors.New("tls: the URL is not ldaps, nor is there start_tls, so there is no TLS")
	}
	if (s.Bind.DN == "") != (s.Bind.PasswordFile == "") {
		return errors.New("bind: dn and password_file go together")
	}
	if s.TLS.CAFile != "" {
		if _, err := os.Stat(s.TLS.CAFile); err != nil {
			return fmt.Errorf("tls.ca_file: %w", err)
		}
	}
	return nil
}

// Server returns the definition as the packages that dial have it.
func (s Server) Server() (*server.Server, error) {
	return server.New(s.URL, &server.Options{ConnectTimeout: s.ConnectTimeout, Mode: s.Mode, TLS: s.TLS.wishes()})
}

// wishes never leaves out verifying, unless it is told to.
func (t TLS) wishes() *server.TLS {
	w := &server.TLS{
		Validate: server.ValidateRequired, CACertsFile: t.CAFile, SNI: t.ServerName, ValidNames: slices.Clone(t.Names), PinnedFingerprints: t.Pins,
		LocalCertificateFile: t.CertFile, LocalPrivateKeyFile: t.KeyFile, MinVersion: t.MinVersion,
	}
	if t.InsecureSkipVerify {
		w.Validate = server.ValidateNone
	} else if t.ServerName != "" {
		w.ValidNames = append(w.ValidNames, t.ServerName)
	}
	return w
}
