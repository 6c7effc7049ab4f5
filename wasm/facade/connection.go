//go:build !small

package facade

import (
	"context"
	"encoding/json"
	"math"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// connectionCalls are what a host can ask about connections.
var connectionCalls = map[string]handler{
	"newConnection":   newConnection,
	"openConnection":  openConnection,
	"bind":            bindConnection,
	"whoAmI":          whoAmI,
	"compare":         compareEntry,
	"watchConnection": watchConnection,
	"closeConnection": closeConnection,
}

// heldConnection is a connection that the host holds.
type heldConnection struct {
	*ldap.Connection
	sessions *sessions
	// context ends with the connection, and with it what goes on there.
	context context.Context
	end     context.CancelFunc

	mu       sync.Mutex
	searches map[int]bool
}

// Credentials are a name and a password for a simple bind; none are anonymous.
type Credentials struct {
	DN       string `json:"dn"`
	Password string `json:"password"`
}

// connectionOptions are [ldap.Options] as a host gives them.
type connectionOptions struct {
	TimeoutSeconds        float64 `json:"timeoutSeconds"`
	Referrals             string  `json:"referrals"`
	NoCheckNames          bool    `json:"noCheckNames"`
	NoEmptyAttributes     bool    `json:"noEmptyAttributes"`
	NoAutoRange           bool    `json:"noAutoRange"`
	Reconnect             int     `json:"reconnect"`
	ReconnectDelaySeconds float64 `json:"reconnectDelaySeconds"`
}

func (o connectionOptions) options(credentials Credentials) (*ldap.Options, error) {
	made := &ldap.Options{
		Credentials: ldap.Credentials(credentials), Referrals: ldap.Referrals(o.Referrals), NoCheckNames: o.NoCheckNames,
		NoEmptyAttributes: o.NoEmptyAttributes, NoAutoRange: o.NoAutoRange, Reconnect: o.Reconnect,
	}
	var err error
	if made.Timeout, err = seconds("timeout", o.TimeoutSeconds); err != nil {
		return nil, err
	}
	if made.ReconnectDelay, err = seconds("reconnectDelay", o.ReconnectDelaySeconds); err != nil {
		return nil, err
	}
	if o.Reconnect < 0 {
		return nil, usage("reconnect %d: 0 or more is expected", o.Reconnect)
	}
	switch made.Referrals {
	case ldap.ReferralsOff, ldap.ReferralsResult, ldap.ReferralsAll:
		return made, nil
	}
	return nil, usage("referrals %q: %q, %q or %q is expected", o.Referrals, ldap.ReferralsOff, ldap.ReferralsResult, ldap.ReferralsAll)
}

// seconds is a duration as a host gives it; less than none is for ever.
func seconds(what string, n float64) (time.Duration, error) {
	if math.IsNaN(n) || math.Abs(n) > math.MaxInt32 {
		return 0, usage("%s %v is not a number of seconds that can be waited", what, n)
	}
	return time.Duration(n * float64(time.Second)), nil
}

// newConnection makes a connection that is not open yet.
func newConnection(_ context.Context, c *call) (any, error) {
	var p struct {
		ConnectorAddress
		// Server is a definition, see [server.FromJSON]; or Pool is the handle of a
		// pool.
		Server      json.RawMessage   `json:"server"`
		Pool        int               `json:"pool"`
		Named       []NamedServer     `json:"named"`
		Credentials Credentials       `json:"credentials"`
		Options     connectionOptions `json:"options"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	source, named, err := c.source(p.Server, p.Pool, p.Named)
	if err != nil {
		return nil, err
	}
	options, err := p.Options.options(p.Credentials)
	if err != nil {
		return nil, err
	}
	h := &heldConnection{searches: make(map[int]bool)}
	if h.sessions, err = c.facade.sessions(p.ConnectorAddress, named); err != nil {
		return nil, err
	}
	h.Connection = ldap.NewConnection(source, h.sessions, options)
	h.context, h.end = context.WithCancel(context.Background())
	return struct {
		Connection int `json:"connection"`
	}{c.facade.handles.keep(h)}, nil
}

// source returns the server of a definition, or the pool of a handle with what is
// named in it.
func (c *call) source(definition json.RawMessage, id int, named []NamedServer) (ldap.Source, []NamedServer, error) {
	if id != 0 {
		h, err := held[*heldPool](c.facade, "pool", id)
		if err != nil {
			return nil, nil, err
		}
		return h.pool, h.named, nil
	}
	s, err := server.FromJSON(definition, nil)
	if err != nil {
		return nil, nil, usage("%v", err)
	}
	return s, named, nil
}

// ofConnection are the parameters of every call about a connection.
type ofConnection struct {
	Connection int `json:"connection"`
}

func (c *call) readConnection() (*heldConnection, error) {
	var p ofConnection
	if err := c.read(&p); err != nil {
		return nil, err
	}
	return held[*heldConnection](c.facade, "connection", p.Connection)
}

// failed says where an error happened.
func (h *heldConnection) failed(err error) error {
	e := *describe(err)
	switch s := h.Server(); {
	case e.Where != "":
	case e.Code == CodeConnectorUnreachable, e.Code == CodeNotAuthenticated:
		e.Where = h.sessions.at.Connector
	case s != nil:
		e.Where = s.URL()
	}
	return &e
}

// openConnection answers with the [Session].
func openConnection(ctx context.Context, c *call) (any, error) {
	h, err := c.readConnection()
	if err != nil {
		return nil, err
	}
	if err := h.Open(ctx); err != nil {
		return nil, h.failed(err)
	}
	return h.sessions.of(h.Server()), nil
}

// bindConnection binds with the credentials of the call or, without any, with
// those of the connection.
func bindConnection(ctx context.Context, c *call) (any, error) {
	h, err := c.readConnection()
	if err != nil {
		return nil, err
	}
	var p struct {
		Credentials *Credentials `json:"credentials"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	if p.Credentials == nil {
		err = h.Bind(ctx)
	} else {
		_, err = h.SimpleBind(ctx, ldap.Credentials(*p.Credentials))
	}
	if err != nil {
		return nil, h.failed(err)
	}
	return nil, nil
}

// whoAmI answers with who the server takes the client for.
func whoAmI(ctx context.Context, c *call) (any, error) {
	h, err := c.readConnection()
	if err != nil {
		return nil, err
	}
	identity, _, err := h.WhoAmI(ctx)
	if err != nil {
		return nil, h.failed(err)
	}
	return struct {
		Identity string `json:"identity"`
	}{identity}, nil
}

// compareEntry answers whether an entry has a value.
func compareEntry(ctx context.Context, c *call) (any, error) {
	h, err := c.readConnection()
	if err != nil {
		return nil, err
	}
	var p struct {
		DN        string      `json:"dn"`
		Attribute string      `json:"attribute"`
		Value     filterValue `json:"value"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	matches, _, err := h.Compare(ctx, message.CompareRequest{DN: p.DN, Attribute: p.Attribute, Value: string(p.Value)})
	if err != nil {
		return nil, h.failed(err)
	}
	return struct {
		Matches bool `json:"matches"`
	}{matches}, nil
}

// watchConnection answers, with an error, when the connection is lost.
func watchConnection(ctx context.Context, c *call) (any, error) {
	h, err := c.readConnection()
	if err != nil {
		return nil, err
	}
	if h.Server() == nil {
		return nil, h.failed(ldap.ErrNotOpen)
	}
	select {
	case <-h.Done():
		if err := h.Err(); err != nil {
			return nil, h.failed(err)
		}
		return nil, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// closeConnection unbinds, and ends what is in progress.
func closeConnection(_ context.Context, c *call) (any, error) {
	var p ofConnection
	h, err := c.readConnection()
	if err == nil {
		err = c.read(&p)
	}
	if err != nil {
		return nil, err
	}
	c.facade.handles.drop(p.Connection)
	h.mu.Lock()
	for id := range h.searches {
		c.facade.handles.drop(id)
	}
	h.searches = nil
	h.mu.Unlock()
	h.end()
	h.Close()
	return nil, nil
}
