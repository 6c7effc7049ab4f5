package edge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/pool"
)

// Config is what an [Edge] is told, as JSON. Keys that are not known are errors.
type Config struct {
	// Connectors are those through which servers are reached.
	Connectors []ConnectorConfig `json:"connectors"`
	// Servers and Pools are what may be searched. They have names of their own.
	Servers []ServerConfig `json:"servers"`
	Pools   []PoolConfig   `json:"pools"`
	// Schemas are what may be read under /schema, and what servers' values are
	// formatted by.
	Schemas []SchemaConfig `json:"schemas"`
	// Lookups are the searches that have names.
	Lookups []LookupConfig `json:"lookups"`
	// Grants say who may ask for what. Without any nobody may.
	Grants []GrantConfig `json:"grants"`
	// Auth is the host's: who callers are.
	Auth json.RawMessage `json:"auth"`
	// Limits bound what a request may take.
	Limits LimitsConfig `json:"limits"`
}

// ConnectorConfig is a connector, of which the host alone knows more than the name.
type ConnectorConfig struct {
	Name string `json:"name"`
	// URL is the connector's: "https://connector.example.com/".
	URL string `json:"url"`
	// Token is the name of the secret that authenticates to it. Default: none.
	Token string `json:"token"`
}

// ServerConfig is an LDAP server.
type ServerConfig struct {
	Name string `json:"name"`
	// Connector reaches it, under the name Server. Default of Server: Name.
	// Without a connector the server is dialled by the host itself, with TLS, and
	// URL is needed.
	Connector string `json:"connector"`
	Server    string `json:"server"`
	// URL is the server's. With a connector it tells servers apart, and nothing
	// else. Default: ldap:// and Name.
	URL string `json:"url"`
	// TLS are the wishes for TLS to a server that the host dials, as [server.TLS]. It verifies the
	// certificate's chain and name by itself, and refuses any other wish.
	TLS json.RawMessage `json:"tls"`
	// Bind is a simple bind before anything else. Default: none.
	Bind *BindConfig `json:"bind"`
	// Schema names that of its values. Default: the attributes' names tell their
	// types.
	Schema string `json:"schema"`
	// Weight is its share in a pool of the strategy WEIGHTED. Default: 1.
	Weight int `json:"weight"`
	// MaxConnections is how many streams it may have at a time. Default: any number.
	MaxConnections int `json:"maxConnections"`
}

// BindConfig is a simple bind.
type BindConfig struct {
	DN string `json:"dn"`
	// Password is the name of the secret that has the password.
	Password string `json:"password"`
}

// PoolConfig is a pool of servers; see package pool.
type PoolConfig struct {
	Name    string   `json:"name"`
	Servers []string `json:"servers"`
	// Strategy is the order in which they are tried. Default: ROUND_ROBIN.
	Strategy pool.Strategy `json:"strategy"`
	// Cycles is how often all are tried for one request. Default: 1.
	Cycles int `json:"cycles"`
	// QuarantineSeconds is how long a server is out for the first time. Default:
	// 30.
	QuarantineSeconds int `json:"quarantineSeconds"`
	// CheckSeconds is the time between the checks of a server that is well. Checks
	// are made beside requests, so none are made where there are none. Default:
	// no checks.
	CheckSeconds int `json:"checkSeconds"`
}

// SchemaConfig is a schema, from one of its sources.
type SchemaConfig struct {
	Name string `json:"name"`
	// Offline is the name of a pre-built one: "AD_2012_R2".
	Offline string `json:"offline"`
	// KV is the key of one that is in the KV namespace, as JSON of ldap3's format.
	KV string `json:"kv"`
	// Server is that of a server that a connector reaches. Seconds is how long it
	// is used before it is asked for again, and is by default what the connector
	// says; one that is older is used all the same for StaleSeconds while the
	// connector cannot be reached. Default of StaleSeconds: a day.
	Server       string `json:"server"`
	Seconds      int    `json:"seconds"`
	StaleSeconds int    `json:"staleSeconds"`
}

// LookupConfig is a search that has a name.
type LookupConfig struct {
	Name string `json:"name"`
	// Pool is the pool, or server, that is asked.
	Pool string `json:"pool"`
	// Base and Filter may have parameters in values: "uid={uid},ou=people,dc=x",
	// "(&(objectClass=person)(cn={name}*))". What a caller gives for one is a value
	// and never anything else.
	Base   string `json:"base"`
	Scope  string `json:"scope"`
	Filter string `json:"filter"`
	// Attributes are those that are returned. At least one is needed.
	Attributes []string `json:"attributes"`
	// SizeLimit is how many entries are returned at most. Default: 100.
	SizeLimit int `json:"sizeLimit"`
	// Parameters say more of the parameters.
	Parameters map[string]ParameterConfig `json:"parameters"`
	Cache      CacheConfig                `json:"cache"`
}

// ParameterConfig says what a parameter may be.
type ParameterConfig struct {
	// Pattern is what the whole value must match (RE2). Default: anything.
	Pattern string `json:"pattern"`
	// MaxLength bounds it, in bytes. Default: 256.
	MaxLength int `json:"maxLength"`
	// Default stands for a value that is not given. Default: one is needed.
	Default *string `json:"default"`
}

// CacheConfig says how long an answer is kept. Only callers with the same rights
// see one that was made for another.
type CacheConfig struct {
	// Seconds is how long it is answered as it is. Default: not at all.
	Seconds int `json:"seconds"`
	// StaleSeconds is how much longer it is answered while a new one is got behind
	// the client's back.
	StaleSeconds int `json:"staleSeconds"`
	// StaleIfErrorSeconds is how much longer than Seconds it is answered if no new
	// one can be got.
	StaleIfErrorSeconds int `json:"staleIfErrorSeconds"`
}

// kept is how long an answer is to be stored.
func (c CacheConfig) kept() int { return c.Seconds + max(c.StaleSeconds, c.StaleIfErrorSeconds) }

// GrantConfig says what some callers may ask for. A caller may what any grant for
// it says.
type GrantConfig struct {
	// Subjects are who it is for; "*" is everybody who is authenticated.
	Subjects []string `json:"subjects"`
	// Anonymous is for everybody, authenticated or not.
	Anonymous bool `json:"anonymous"`
	// Schemas are the names of schemas, Lookups those of look-ups; "*" is all.
	Schemas []string `json:"schemas"`
	Lookups []string `json:"lookups"`
	// Search are the searches of the caller's own making.
	Search []SearchGrant `json:"search"`
	// Servers lets the caller see the servers and how they are.
	Servers bool `json:"servers"`
	// RequestsPerMinute and Burst bound the rate of each caller's requests, in each
	// instance. Default: 600, and a tenth of it. A caller has the highest rate of
	// its grants.
	RequestsPerMinute int `json:"requestsPerMinute"`
	Burst             int `json:"burst"`
}

// SearchGrant says what searches of a caller's own making may ask of a pool.
type SearchGrant struct {
	// Pool is the pool or server.
	Pool string `json:"pool"`
	// Bases are the DNs at or under which searches are. At least one is needed.
	Bases []string `json:"bases"`
	// Attributes are those that may be returned and tested. At least one is needed.
	Attributes []string `json:"attributes"`
	// SizeLimit is how many entries are returned at most. Default: 100.
	SizeLimit int `json:"sizeLimit"`
}

// LimitsConfig bound what a request may take.
type LimitsConfig struct {
	// TimeoutSeconds is how long a request may take. Default: 10.
	TimeoutSeconds int `json:"timeoutSeconds"`
	// AnswerBytes is how large an answer may be that is not streamed. Default:
	// 4 MiB.
	AnswerBytes int `json:"answerBytes"`
}

// The defaults.
const (
	DefaultSizeLimit      = 100
	DefaultMaxLength      = 256
	DefaultTimeoutSeconds = 10
	DefaultAnswerBytes    = 4 << 20
	DefaultRate           = 600
	DefaultStaleSeconds   = 86400
)

// ConfigError tells where in the configuration something is wrong.
type ConfigError struct {
	// Path is the place: "lookups[0].filter".
	Path string
	Err  error
}

// Error returns both.
func (e *ConfigError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns Err.
func (e *ConfigError) Unwrap() error { return e.Err }

func wrong(err error, path string, args ...any) error {
	return &ConfigError{fmt.Sprintf(path, args...), err}
}

// ErrTLSWish is wrapped by the error for a wish that the host's TLS cannot honour.
var ErrTLSWish = errors.New("the edge's TLS cannot honour this; reach the server through a connector")

// parseConfig reads the configuration's text.
func parseConfig(text []byte) (*Config, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	c := new(Config)
	if err := d.Decode(c); err != nil {
		return nil, fmt.Errorf("the configuration: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("the configuration: something follows after it")
	}
	return c, nil
}

// named finds what has a name in a list of the configuration.
func named[T any](list []T, name func(*T) string, want string) *T {
	for i := range list {
		if name(&list[i]) == want {
			return &list[i]
		}
	}
	return nil
}

// distinct refuses names that are missing or come twice.
func distinct[T any](path string, list []T, name func(*T) string, seen map[string]string) error {
	for i := range list {
		n := name(&list[i])
		if n == "" {
			return wrong(errors.New("it is missing"), "%s[%d].name", path, i)
		}
		if before, is := seen[n]; is {
			return wrong(fmt.Errorf("%q is the name of %s too", n, before), "%s[%d].name", path, i)
		}
		seen[n] = fmt.Sprintf("%s[%d]", path, i)
	}
	return nil
}

// check refuses names that come twice or lead nowhere.
func (c *Config) check() error {
	places := map[string]string{}
	if err := errors.Join(
		distinct("connectors", c.Connectors, func(c *ConnectorConfig) string { return c.Name }, map[string]string{}),
		distinct("servers", c.Servers, func(s *ServerConfig) string { return s.Name }, places),
		distinct("pools", c.Pools, func(p *PoolConfig) string { return p.Name }, places),
		distinct("schemas", c.Schemas, func(s *SchemaConfig) string { return s.Name }, map[string]string{}),
		distinct("lookups", c.Lookups, func(l *LookupConfig) string { return l.Name }, map[string]string{}),
	); err != nil {
		return err
	}
	for i, s := range c.Servers {
		if s.Connector != "" && c.connector(s.Connector) == nil {
			return wrong(fmt.Errorf("there is no connector %q", s.Connector), "servers[%d].connector", i)
		}
		if s.Schema != "" && c.schema(s.Schema) == nil {
			return wrong(fmt.Errorf("there is no schema %q", s.Schema), "servers[%d].schema", i)
		}
		if s.Connector == "" && s.URL == "" {
			return wrong(errors.New("a server without a connector needs one"), "servers[%d].url", i)
		}
	}
	for i, p := range c.Pools {
		if len(p.Servers) == 0 {
			return wrong(errors.New("there are none"), "pools[%d].servers", i)
		}
		for j, name := range p.Servers {
			if c.server(name) == nil {
				return wrong(fmt.Errorf("there is no server %q", name), "pools[%d].servers[%d]", i, j)
			}
		}
	}
	for i, s := range c.Schemas {
		if err := c.checkSchema(s); err != nil {
			return wrong(err, "schemas[%d]", i)
		}
	}
	return c.checkGrants(places)
}

func (c *Config) checkSchema(s SchemaConfig) error {
	given := 0
	for _, one := range []string{s.Offline, s.KV, s.Server} {
		if one != "" {
			given++
		}
	}
	if given != 1 {
		return errors.New("one of offline, kv and server is expected")
	}
	if s.Server == "" {
		return nil
	}
	of := c.server(s.Server)
	switch {
	case of == nil:
		return fmt.Errorf("there is no server %q", s.Server)
	case of.Connector == "":
		return fmt.Errorf("no connector reaches the server %q", s.Server)
	}
	return nil
}

func (c *Config) checkGrants(places map[string]string) error {
	for i, g := range c.Grants {
		if len(g.Subjects) == 0 && !g.Anonymous {
			return wrong(errors.New("it is for nobody: subjects or anonymous is expected"), "grants[%d]", i)
		}
		if slices.Contains(g.Subjects, "") {
			return wrong(errors.New("a subject has a name"), "grants[%d].subjects", i)
		}
		for _, name := range g.Schemas {
			if name != all && c.schema(name) == nil {
				return wrong(fmt.Errorf("there is no schema %q", name), "grants[%d].schemas", i)
			}
		}
		for _, name := range g.Lookups {
			if name != all && named(c.Lookups, func(l *LookupConfig) string { return l.Name }, name) == nil {
				return wrong(fmt.Errorf("there is no look-up %q", name), "grants[%d].lookups", i)
			}
		}
		for j, s := range g.Search {
			switch {
			case places[s.Pool] == "":
				return wrong(fmt.Errorf("there is no pool or server %q", s.Pool), "grants[%d].search[%d].pool", i, j)
			case len(s.Bases) == 0:
				return wrong(errors.New("there are none"), "grants[%d].search[%d].bases", i, j)
			case len(s.Attributes) == 0:
				return wrong(errors.New("there are none"), "grants[%d].search[%d].attributes", i, j)
			}
		}
	}
	return nil
}

// all stands for everything of a kind.
const all = "*"

func (c *Config) connector(name string) *ConnectorConfig {
	return named(c.Connectors, func(c *ConnectorConfig) string { return c.Name }, name)
}

func (c *Config) server(name string) *ServerConfig {
	return named(c.Servers, func(s *ServerConfig) string { return s.Name }, name)
}

func (c *Config) schema(name string) *SchemaConfig {
	return named(c.Schemas, func(s *SchemaConfig) string { return s.Name }, name)
}

// scopes are by their names.
var scopes = map[string]message.Scope{"base": message.ScopeBase, "one": message.ScopeOne, "sub": message.ScopeSub}

func scopeNamed(name string) (message.Scope, error) {
	if name == "" {
		return message.ScopeSub, nil
	}
	s, ok := scopes[name]
	if !ok {
		return s, fmt.Errorf("%q is none of base, one, sub", name)
	}
	return s, nil
}

func seconds(n, byDefault int) time.Duration {
	if n == 0 {
		n = byDefault
	}
	return time.Duration(n) * time.Second
}
