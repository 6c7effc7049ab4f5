package edge

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/ldap/policy"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

// place is what may be searched: a server or a pool.
type place struct {
	name    string
	machine *pool.Machine
	members map[*server.Server]*member
	checks  bool
	schema  string // of the first server
}

// member is a server of a place.
type member struct {
	*ServerConfig
	server   *server.Server
	password string

	// knowledge is that of the server with a schema, made anew for another one.
	knowledge *ldap.Knowledge
	with      *loadedSchema
}

// knows returns what is known of the server with the schema, nil for none.
func (m *member) knows(s *loadedSchema) *ldap.Knowledge {
	if m.knowledge == nil || m.with != s {
		m.with = s
		if s == nil {
			m.knowledge = ldap.NewKnowledge(m.server, nil, nil)
		} else {
			m.knowledge = ldap.NewKnowledge(m.server, s.info, nil)
		}
	}
	return m.knowledge
}

// target is what the host opens: a connector's server, or host:port.
func (m *member) target() (connector, name string) {
	if m.Connector == "" {
		return "", m.server.Address()
	}
	return m.Connector, cmp.Or(m.Server, m.Name)
}

// makePlaces makes the servers and pools.
func (e *Edge) makePlaces(secrets map[string]string) error {
	for i := range e.config.Servers {
		m, err := e.newMember(i, secrets)
		if err != nil {
			return err
		}
		if err := e.makePlace(m.Name, &pool.Options{Active: 1}, []*member{m}, false); err != nil {
			return wrong(err, "servers[%d]", i)
		}
	}
	for i, p := range e.config.Pools {
		var members []*member
		for _, name := range p.Servers {
			for j := range e.config.Servers {
				if e.config.Servers[j].Name == name {
					m, err := e.newMember(j, secrets)
					if err != nil {
						return err
					}
					members = append(members, m)
				}
			}
		}
		o := &pool.Options{Strategy: p.Strategy, Active: pool.Active(cmp.Or(p.Cycles, 1)), Quarantine: seconds(p.QuarantineSeconds, 30)}
		o.Checks.Interval = seconds(p.CheckSeconds, 30)
		if err := e.makePlace(p.Name, o, members, p.CheckSeconds > 0); err != nil {
			return wrong(err, "pools[%d]", i)
		}
	}
	return nil
}

// maxPause is the longest wait between two cycles, for somebody waits for it.
const maxPause = time.Second

func (e *Edge) makePlace(name string, o *pool.Options, members []*member, checks bool) error {
	p := &place{name: name, members: map[*server.Server]*member{}, checks: checks, schema: members[0].Schema}
	o.LoopTimeout = maxPause
	var list []pool.Member
	for _, m := range members {
		p.members[m.server] = m
		list = append(list, pool.Member{Server: m.server, Weight: m.Weight, MaxConnections: m.MaxConnections})
	}
	var err error
	p.machine, err = pool.NewMachine(list, o)
	e.places[name] = p
	return err
}

func (e *Edge) newMember(i int, secrets map[string]string) (*member, error) {
	c := &e.config.Servers[i]
	m := &member{ServerConfig: c}
	var wishes *server.TLS
	if c.TLS != nil {
		if err := json.Unmarshal(c.TLS, &wishes); err != nil {
			return nil, wrong(err, "servers[%d].tls", i)
		}
	}
	var err error
	if m.server, err = server.New(cmp.Or(c.URL, "ldap://"+c.Name), &server.Options{TLS: wishes}); err != nil {
		return nil, wrong(err, "servers[%d].url", i)
	}
	if c.Connector == "" {
		if err := direct(m.server, wishes); err != nil {
			return nil, wrong(err, "servers[%d]", i)
		}
	} else if wishes != nil {
		return nil, wrong(errors.New("the connector says how its servers are reached"), "servers[%d].tls", i)
	}
	if c.Bind == nil {
		return m, nil
	}
	if c.Bind.DN == "" {
		return nil, wrong(errors.New("it is missing"), "servers[%d].bind.dn", i)
	}
	if m.password = secrets[c.Bind.Password]; m.password == "" {
		return nil, wrong(fmt.Errorf("there is no secret %q, or it is empty", c.Bind.Password), "servers[%d].bind.password", i)
	}
	return m, nil
}

// WishError is a wish for TLS that the host's TLS cannot honour, or that there is
// none. It is [ErrTLSWish].
type WishError struct {
	// Wish is the field's name in JSON.
	Wish string
}

// Error names the wish.
func (e *WishError) Error() string { return e.Wish + ": " + ErrTLSWish.Error() }

// Is tells that it is ErrTLSWish.
func (e *WishError) Is(target error) bool { return target == ErrTLSWish }

// direct refuses a server that the host cannot dial as is wished.
func direct(s *server.Server, wishes *server.TLS) error {
	if s.Scheme() != server.LDAPS {
		return &WishError{"url: TLS from the first byte (ldaps) is all there is"}
	}
	if wishes == nil {
		return nil
	}
	given := reflect.ValueOf(*wishes)
	for i := range given.NumField() {
		field := given.Type().Field(i)
		if field.Name == "Validate" && wishes.Validate == server.ValidateRequired || given.Field(i).IsZero() {
			continue
		}
		name := field.Tag.Get("json")
		for j := range name {
			if name[j] == ',' {
				name = name[:j]
				break
			}
		}
		return &WishError{"tls." + name}
	}
	return nil
}

// since is the time on the pools' clock.
func (e *Edge) since(now time.Time) time.Duration {
	if e.epoch.IsZero() {
		e.epoch = now
	}
	return now.Sub(e.epoch)
}

// connection is an open stream to a server.
type connection struct {
	place   *place
	member  *member
	hold    *pool.Hold
	machine message.Machine
	// judge passes on what the caller may ask and see, nil where it is the
	// configuration that asks.
	judge *policy.Session
}

// passOut returns what may be sent of what the machine wants to send.
func (c *connection) passOut(now time.Time, out []byte) ([]byte, error) {
	if c.judge == nil || len(out) == 0 {
		return out, nil
	}
	if err := c.judge.FromClient(now, out); err != nil {
		return nil, err
	}
	if refusal := c.judge.ToClient(); len(refusal) > 0 {
		return nil, refused(refusal)
	}
	return c.judge.ToServer(), nil
}

// refused is why a policy refuses a request, by the response it makes.
func refused(response []byte) error {
	m, err := message.Parse(response)
	if err != nil {
		return err
	}
	result, err := m.Result()
	if err != nil {
		return err
	}
	return newProblem(403, "not-permitted", result.Diagnostic)
}

// passIn returns what the machine may take of what has arrived.
func (c *connection) passIn(in []byte) ([]byte, error) {
	if c.judge == nil {
		return in, nil
	}
	if err := c.judge.FromServer(in); err != nil {
		return nil, err
	}
	return c.judge.ToClient(), nil
}

// release tells the pool that the connection is closed.
func (c *connection) release(e *Edge, now time.Time) {
	if c.hold != nil {
		c.place.machine.Closed(c.hold)
		c.hold = nil
	}
}

// lost tells the pool that the server has failed.
func (c *connection) lost(e *Edge, now time.Time, err error) {
	if c.hold != nil {
		c.place.machine.Lost(c.hold, e.since(now), err)
	}
}
