package pool

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/ldapedge/ldapedge/server"
)

// definition is a pool in JSON. Its names are those of the parameters of python
// ldap3's ServerPool, and of the fields of [Options]; times are seconds.
type definition struct {
	Strategy      Strategy           `json:"strategy"`
	Active        *Active            `json:"active,omitempty"`
	Exhaust       Exhaust            `json:"exhaust,omitempty"`
	LoopTimeout   seconds            `json:"loop_timeout,omitempty"`
	Quarantine    seconds            `json:"quarantine,omitempty"`
	MaxQuarantine seconds            `json:"max_quarantine,omitempty"`
	SlowStart     seconds            `json:"slow_start,omitempty"`
	ReturnHome    *seconds           `json:"return_home,omitempty"`
	Checks        *checksDefinition  `json:"checks,omitempty"`
	Servers       []memberDefinition `json:"servers"`
}

type checksDefinition struct {
	Interval     seconds `json:"interval,omitempty"`
	DownInterval seconds `json:"down_interval,omitempty"`
	Timeout      seconds `json:"timeout,omitempty"`
	Concurrency  int     `json:"concurrency,omitempty"`
	Fall         int     `json:"fall,omitempty"`
	Rise         int     `json:"rise,omitempty"`
}

type memberDefinition struct {
	Server         json.RawMessage `json:"server,omitempty"`
	Pool           json.RawMessage `json:"pool,omitempty"`
	Weight         int             `json:"weight,omitempty"`
	MaxConnections int             `json:"max_connections,omitempty"`
}

// seconds is a duration that is a number of seconds in JSON.
type seconds time.Duration

func (s seconds) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, time.Duration(s).Seconds(), 'f', -1, 64), nil
}

func (s *seconds) UnmarshalJSON(b []byte) error {
	n, err := strconv.ParseFloat(string(b), 64)
	d, ok := duration(n)
	if err != nil || !ok {
		return wrong("", excerpt(b), "is not a number of seconds")
	}
	*s = seconds(d)
	return nil
}

// duration returns a number of seconds as a duration, if there is one so long or
// so short.
func duration(n float64) (d time.Duration, ok bool) {
	ns := math.Round(n * float64(time.Second))
	if !(math.Abs(ns) <= float64(never)) || ns == 0 && n != 0 { // also what is no number
		return 0, false
	}
	if ns < 0 {
		return -atMost(-ns), true
	}
	return atMost(ns), true
}

// MarshalJSON returns the definition of the pool, which [FromJSON] reads. What
// JSON cannot have is left out: Events, Rand, the probe.
func (p *Pool) MarshalJSON() ([]byte, error) {
	c := p.lock()
	defer c.unlock()
	return p.group.define(&c.m.given, c.m.root == p.group)
}

// define returns the definition of a group, with the options that are the
// outermost pool's if it is that.
func (g *group) define(o *Options, outermost bool) ([]byte, error) {
	d := definition{Strategy: g.strategy, Servers: []memberDefinition{}}
	if home := seconds(g.returnHome); g.returnHome != defaultReturnHome {
		d.ReturnHome = &home
	}
	if outermost {
		if o.Active != Forever {
			d.Active = &o.Active
		}
		d.Exhaust, d.LoopTimeout, d.SlowStart = o.Exhaust, seconds(o.LoopTimeout), seconds(o.SlowStart)
		d.Quarantine, d.MaxQuarantine = seconds(o.Quarantine), seconds(o.MaxQuarantine)
		checks := checksDefinition{
			Interval: seconds(o.Checks.Interval), DownInterval: seconds(o.Checks.DownInterval), Timeout: seconds(o.Checks.Timeout),
			Concurrency: o.Checks.Concurrency, Fall: o.Checks.Fall, Rise: o.Checks.Rise,
		}
		if checks != (checksDefinition{}) {
			d.Checks = &checks
		}
	}
	for _, e := range g.entries {
		m := memberDefinition{}
		if e.weight != 1 {
			m.Weight = int(e.weight)
		}
		var err error
		if e.group != nil {
			m.Pool, err = e.group.define(o, false)
		} else {
			m.MaxConnections = e.member.limit
			m.Server, err = json.Marshal(e.member.server)
		}
		if err != nil {
			return nil, err
		}
		d.Servers = append(d.Servers, m)
	}
	return json.Marshal(d)
}

// FromJSON makes a pool of its definition, a JSON object:
//
//	{"strategy": "WEIGHTED", "active": 3, "exhaust": 30, "servers": [
//	  "ldap://dc1.example.com",
//	  {"host": "dc2.example.com", "port": 636, "use_ssl": true},
//	  {"server": "ldap://dc3.example.com", "weight": 3, "max_connections": 100},
//	  {"pool": {"strategy": "FIRST", "servers": ["ldap://dc4.example.com"]}}]}
//
// All fields may be left out. The others are loop_timeout, quarantine,
// max_quarantine, slow_start and return_home in seconds, and checks, with
// interval, down_interval, timeout, concurrency, fall and rise. As in ldap3 the
// strategy may be called pool_strategy, and single_state may be given, if it is
// true: who wants a state for each connection makes a pool for each, see
// [Pool.Clone]. [ParseStrategy] tells which older names of strategies are read.
//
// base are the options that JSON cannot have, Events, Rand and the probe, and
// may be nil. makeServer makes a server of its definition; nil is
// server.FromJSON. The error is an [*Error], or a server's.
func FromJSON(b []byte, base *Options, makeServer func([]byte) (*server.Server, error)) (*Pool, error) {
	if makeServer == nil {
		makeServer = func(b []byte) (*server.Server, error) { return server.FromJSON(b, nil) }
	}
	var o Options
	if base != nil {
		o = Options{Events: base.Events, Rand: base.Rand, Checks: Checks{Probe: base.Checks.Probe}}
	}
	r := reader{server: makeServer}
	return r.pool("", b, o)
}

// reader reads definitions.
type reader struct {
	server func([]byte) (*server.Server, error)
}

// fields say where the value of each key goes.
type fields map[string]any

// pool reads the definition of a pool whose place is path, "" or "….".
func (r *reader) pool(path string, b []byte, o Options) (*Pool, error) {
	var (
		name         strategyName
		active       *Active
		single       = true
		servers      []json.RawMessage
		checks       json.RawMessage
		home         seconds
		loop, slow   seconds
		first, limit seconds
	)
	given, err := object(path, "a pool", b, fields{
		"strategy": &name, "pool_strategy": &name, "active": &active, "exhaust": &o.Exhaust,
		"single_state": &single, "single": &single, "servers": &servers, "checks": &checks,
		"loop_timeout": &loop, "slow_start": &slow, "return_home": &home, "quarantine": &first, "max_quarantine": &limit,
	})
	if err != nil {
		return nil, err
	}
	if given["strategy"] && given["pool_strategy"] {
		return nil, wrong(path+"pool_strategy", string(name.strategy), "is given beside strategy")
	}
	if !single {
		return nil, wrong(path+"single_state", "false", "is not supported: make a pool for each connection")
	}
	o.Strategy = name.strategy
	o.LoopTimeout, o.SlowStart, o.ReturnHome = time.Duration(loop), time.Duration(slow), time.Duration(home)
	o.Quarantine, o.MaxQuarantine = time.Duration(first), time.Duration(limit)
	if given["return_home"] && home == 0 {
		return nil, wrong(path+"return_home", "0", "is neither positive nor negative")
	}
	if active != nil {
		o.Active = *active
	}
	if name.active != nil {
		if active != nil && (*active == Inactive) != (*name.active == Inactive) {
			return nil, wrong(path+"active", active.text(), "is not what the strategy's name says")
		}
		if active == nil {
			o.Active = *name.active
		}
	}
	if checks != nil {
		if err := readChecks(path+"checks.", checks, &o.Checks); err != nil {
			return nil, err
		}
	}
	var members []Member
	for i, raw := range servers {
		m, err := r.member(path+"servers["+strconv.Itoa(i)+"]", raw)
		if err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	p, err := New(members, &o)
	return p, at(path, err)
}

func readChecks(path string, b []byte, c *Checks) error {
	var interval, down, timeout seconds
	_, err := object(path, "checks", b, fields{
		"interval": &interval, "down_interval": &down, "timeout": &timeout,
		"concurrency": &c.Concurrency, "fall": &c.Fall, "rise": &c.Rise,
	})
	c.Interval, c.DownInterval, c.Timeout = time.Duration(interval), time.Duration(down), time.Duration(timeout)
	return err
}

// member reads a server, or an object that has a server or a pool.
func (r *reader) member(path string, b []byte) (m Member, err error) {
	var keys map[string]json.RawMessage
	_ = json.Unmarshal(b, &keys) // a server may be a string
	if keys["server"] == nil && keys["pool"] == nil {
		m.Server, err = r.makeServer(path, b)
		return m, err
	}
	var d memberDefinition
	_, err = object(path+".", "a member", b, fields{
		"server": &d.Server, "pool": &d.Pool, "weight": &m.Weight, "max_connections": &m.MaxConnections,
	})
	if err != nil {
		return m, err
	}
	if d.Server != nil {
		if m.Server, err = r.makeServer(path+".server", d.Server); err != nil {
			return m, err
		}
	}
	if d.Pool != nil {
		m.Pool, err = r.pool(path+".pool.", d.Pool, Options{})
	}
	return m, err
}

func (r *reader) makeServer(path string, b []byte) (*server.Server, error) {
	s, err := r.server(b)
	if err != nil {
		return nil, &Error{path, hidden, "is no server", err}
	}
	return s, nil
}

// hidden stands for a value that may have a password in it, or be one: the error
// may be logged.
const hidden = "…"

// strategyName is a strategy in JSON, with what its name says of Active.
type strategyName struct {
	strategy Strategy
	active   *Active
}

func (n *strategyName) UnmarshalJSON(b []byte) (err error) {
	name := string(b)
	if b[0] == '"' {
		if err := json.Unmarshal(b, &name); err != nil {
			return err
		}
	}
	n.strategy, n.active, err = ParseStrategy(name)
	return err
}

// object reads a JSON object, whose keys must be among the fields, and returns
// which were given; what is what it describes.
func object(path, what string, b []byte, f fields) (given map[string]bool, err error) {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(b, &keys); err != nil || keys == nil {
		syntax := new(json.SyntaxError)
		if !errors.As(err, &syntax) {
			err = nil // it says only which of Go's types it is not
		}
		return nil, &Error{path + "json", hidden, "is no JSON object", err}
	}
	given = map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		to, known := f[key]
		if !known {
			return nil, wrong(path+cmp.Or(key, `""`), hidden, "is no field of "+what)
		}
		if bytes.Equal(keys[key], []byte("null")) {
			return nil, wrong(path+key, "null", "is no value")
		}
		if err := json.Unmarshal(keys[key], to); err != nil {
			own := new(Error)
			if errors.As(err, &own) {
				return nil, &Error{path + key, own.Value, own.Reason, own.Err}
			}
			return nil, wrong(path+key, hidden, "is of the wrong kind: "+wanted(err)+" is expected")
		}
		given[key] = true
	}
	return given, nil
}

// wanted says what a value was expected to be.
func wanted(err error) string {
	kind := new(json.UnmarshalTypeError)
	if errors.As(err, &kind) {
		switch kind.Type.Kind() {
		case reflect.Slice:
			return "a list"
		case reflect.Int:
			return "a whole number"
		case reflect.Bool:
			return "true or false"
		}
	}
	return "another"
}

// at puts the place before the field of an error.
func at(path string, err error) error {
	own := new(Error)
	if path == "" || !errors.As(err, &own) {
		return err
	}
	return &Error{path + own.Field, own.Value, own.Reason, own.Err}
}
