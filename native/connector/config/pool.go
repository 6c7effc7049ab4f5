package config

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

// Pool is several servers under one name.
type Pool struct {
	// Name is what clients ask for, as a server's.
	Name string `yaml:"name"`
	// Strategy is the order of the members: FIRST, ROUND_ROBIN, RANDOM,
	// WEIGHTED, FEWEST_CONNECTIONS or FASTEST, in any case; python ldap3's
	// historical names are taken too. Default: ROUND_ROBIN.
	Strategy string `yaml:"strategy"`
	// Active says how often to go through the members: true for as long as the
	// client waits, a number, or false for once, without remembering who failed.
	// Default: true, unless a historical name says otherwise.
	Active *Active `yaml:"active"`
	// Exhaust leaves out who failed: true for ever, or a number of seconds.
	// Default: false, they come last for a time.
	Exhaust Exhaust `yaml:"exhaust"`
	// LoopTimeout is the wait between two rounds: "10s", the default.
	LoopTimeout time.Duration `yaml:"loop_timeout"`
	// Servers are the members: names of servers, or of pools before this one.
	Servers []Member `yaml:"servers"`
}

// Member is a server of a pool, or a pool: its name alone, or with settings.
type Member struct {
	Name string `yaml:"name"`
	// Weight is the share with WEIGHTED. Default: 1.
	Weight int `yaml:"weight"`
	// MaxConnections is how many connections a server may have. Default: no
	// limit.
	MaxConnections int `yaml:"max_connections"`
}

// UnmarshalYAML reads a name, or an object with the fields.
func (m *Member) UnmarshalYAML(decode func(any) error) error {
	if decode(&m.Name) == nil {
		return nil
	}
	type fields Member
	return decode((*fields)(m))
}

// Active is read as in a pool's JSON: true, false or a number.
type Active pool.Active

// UnmarshalYAML reads true, false or a number.
func (a *Active) UnmarshalYAML(decode func(any) error) error {
	return asJSON(decode, (*pool.Active)(a))
}

// Exhaust is read as in a pool's JSON: true, false or a number of seconds.
type Exhaust pool.Exhaust

// UnmarshalYAML reads true, false or a number of seconds.
func (e *Exhaust) UnmarshalYAML(decode func(any) error) error {
	return asJSON(decode, (*pool.Exhaust)(e))
}

// asJSON has a value read as what JSON writes for it: YAML has several ways to
// write true, and comments.
func asJSON(decode func(any) error, to json.Unmarshaler) error {
	var value any
	if err := decode(&value); err != nil {
		return err
	}
	text := fmt.Sprint(value)
	if s, is := value.(string); is {
		text = strconv.Quote(s)
	}
	return to.UnmarshalJSON([]byte(text))
}

// MakePools makes the pools of the servers, by name. probe is for their
// background checks; [pool.Pool.Run] of the outermost ones, which come second,
// makes them.
func (c *Config) MakePools(servers map[string]*server.Server, probe func(context.Context, *server.Server) error) (byName map[string]*pool.Pool, outermost []*pool.Pool, err error) {
	byName = make(map[string]*pool.Pool)
	inner, earlier := make(map[string]string), make(map[string]bool) // inner has the pool that one is in
	for i, p := range c.Pools {
		for _, m := range p.Servers {
			if before := inner[m.Name]; before != "" {
				return nil, nil, fmt.Errorf("pools[%d] %q: %q is in %q already", i, p.Name, m.Name, before)
			}
			if earlier[m.Name] {
				inner[m.Name] = p.Name
			}
		}
		earlier[p.Name] = true
	}
	for i, p := range c.Pools {
		made, err := p.make(servers, byName, probe, inner[p.Name] != "")
		if err != nil {
			return nil, nil, fmt.Errorf("pools[%d] %q: %w", i, p.Name, err)
		}
		byName[p.Name] = made
		if inner[p.Name] == "" {
			outermost = append(outermost, made)
		}
	}
	return byName, outermost, nil
}

func (p Pool) make(servers map[string]*server.Server, pools map[string]*pool.Pool, probe func(context.Context, *server.Server) error, inner bool) (*pool.Pool, error) {
	o := &pool.Options{}
	if p.Strategy != "" {
		strategy, active, err := pool.ParseStrategy(strings.ToUpper(p.Strategy))
		if err != nil {
			return nil, err
		}
		o.Strategy = strategy
		if active != nil {
			o.Active = *active
		}
		if active != nil && p.Active != nil && (*active == pool.Inactive) != (pool.Active(*p.Active) == pool.Inactive) {
			return nil, fmt.Errorf("active: it is not what the strategy %q says", p.Strategy)
		}
	}
	if p.Active != nil {
		o.Active = pool.Active(*p.Active)
	}
	o.Exhaust, o.LoopTimeout = pool.Exhaust(p.Exhaust), p.LoopTimeout
	if !inner {
		o.Checks.Probe = probe
	}
	if len(p.Servers) == 0 {
		return nil, errors.New("servers: there is none")
	}
	var members []pool.Member
	for j, m := range p.Servers {
		member := pool.Member{Server: servers[m.Name], Weight: m.Weight, MaxConnections: m.MaxConnections}
		if member.Server == nil {
			member.Pool = pools[m.Name]
		}
		if member.Server == nil && member.Pool == nil {
			return nil, fmt.Errorf("servers[%d]: there is no server, nor a pool before this one, of the name %q", j, m.Name)
		}
		members = append(members, member)
	}
	return pool.New(members, o)
}
