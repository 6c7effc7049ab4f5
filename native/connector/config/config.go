// Package config reads the connector's configuration: a YAML file whose keys
// are the fields below. An unknown key, a value of the wrong kind and a value
// that makes no sense are errors that name the place.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

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
	// Plaintext allows listening without TLS on an address other than
	// loopback.
	Plaintext bool `yaml:"plaintext"`
	// Auth is "none", or is left out: then a token is made at start, and
	// printed.
	Auth string `yaml:"auth"`
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
	// TLS are the wishes for ldaps.
	TLS TLS `yaml:"tls"`
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
	if c.Auth != "" && c.Auth != AuthNone {
		return fmt.Errorf("auth: %q is not known; leave it out for a token made at start, or say %q on loopback", c.Auth, AuthNone)
	}
	if !Loopback(host) {
		if c.Auth == AuthNone {
			return fmt.Errorf("auth: %q is accepted on loopback alone, and %q is not", AuthNone, c.Listen)
		}
		if !c.Plaintext {
			return fmt.Errorf("listen: %q is not loopback, and this listener has no TLS; put a TLS proxy in front, or say plaintext: true", c.Listen)
		}
	}
	if Unspecified(host) && len(c.Hosts) == 0 {
		return fmt.Errorf("listen: %q is every address of this machine; hosts must list the names under which it is addressed", c.Listen)
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
	if s.TLS != (TLS{}) && !made.UseSSL() {
		return errors.New("tls: the URL is not ldaps, so there is no TLS")
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
	w := &server.TLS{Validate: server.ValidateRequired, CACertsFile: t.CAFile, SNI: t.ServerName}
	if t.ServerName != "" {
		w.ValidNames = []string{t.ServerName}
	}
	if t.InsecureSkipVerify {
		w.Validate, w.ValidNames = server.ValidateNone, nil
	}
	return w
}
