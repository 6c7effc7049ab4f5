package facade

import (
	"context"
	"encoding/json"
	"runtime"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/view"
	"github.com/ldapedge/ldapedge/server"
)

// source is a schema that has been read. The connection of a live one stays
// open, so that its loss is noticed.
type source struct {
	id       int
	origin   Origin
	endpoint Endpoint
	schema   *schemajson.SchemaInfo
	finders  finders
	sourceTools

	// rootDSE is that of a source that is not live, nil if it has none.
	rootDSE []schemajson.Attribute
	// connection is that of a live source.
	connection *ldap.Connection

	// warming calls warm; a source that is closed is not to be kept by it.
	warming *time.Timer

	checking sync.Mutex
	closed   bool
}

// checkTimeout bounds a check: a server that is there answers a look at its
// root DSE at once.
const checkTimeout = 1500 * time.Millisecond

// Progress is what an open call is doing.
type Progress struct {
	// Stage is "connecting" or "reading".
	Stage string `json:"stage"`
	// Where is the server.
	Where string `json:"where"`
}

// openSource reads a server's schema, after a bind if there are credentials, and
// answers with a [Summary].
func openSource(ctx context.Context, c *call) (any, error) {
	var p struct {
		Endpoint
		Credentials *struct {
			DN       string `json:"dn"`
			Password string `json:"password"`
		} `json:"credentials"`
	}
	if err := c.read(&p); err != nil {
		return nil, err
	}
	endpoint := p.Endpoint
	srv, err := server.New(endpoint.URL, nil)
	if err != nil {
		return nil, usage("%v", err)
	}
	s := &source{origin: Origin{Kind: originLive, Name: endpoint.Server}, endpoint: endpoint, connection: ldap.NewConnection(srv, c.facade.dialer(endpoint), nil)}
	c.progress(Progress{"connecting", endpoint.Server})
	if err := s.connection.Open(ctx); err != nil {
		return nil, s.failed(err)
	}
	if p.Credentials != nil {
		if _, err := s.connection.SimpleBind(ctx, ldap.Credentials{DN: p.Credentials.DN, Password: p.Credentials.Password}); err != nil {
			s.connection.Close()
			return nil, s.failed(err)
		}
	}
	c.progress(Progress{"reading", endpoint.Server})
	s.schema, err = s.connection.ReadSchema(ctx)
	if err != nil {
		s.connection.Close()
		return nil, s.failed(err)
	}
	return c.facade.opened(s), nil
}

// untilIdle is how long a page has, once a schema is open, before it is warmed.
const untilIdle = 300 * time.Millisecond

// warmings are how many searches and definitions warm a source: as many as it takes
// a browser to compile what they take a second time, and better.
const warmings = 20

// warm makes the finder, and searches and shows things, so that the first to do so
// waits neither for it nor for a browser to compile what it takes. Whoever asks for
// something meanwhile comes between.
func (s *source) warm() {
	classes := s.schema.ObjectClasses
	for i := range warmings {
		if s.isClosed() {
			return
		}
		if len(classes) == 0 {
			s.find("a", 1)
			return
		}
		name := classes[i*7%len(classes)].Name()
		if found, err := s.find(name[:min(i%6+1, len(name))], 0); err == nil {
			found.appendJSON(nil)
		}
		d, _ := view.Show(s.schema, schemajson.CollectionObjectClasses, name, 1)
		json.Marshal(d)
		time.Sleep(time.Millisecond)
	}
}

func (s *source) isClosed() bool {
	s.checking.Lock()
	defer s.checking.Unlock()
	return s.closed
}

// opened keeps a source whose schema has been read, and returns its summary.
func (f *Facade) opened(s *source) *Summary {
	f.known(s)
	s.warming = time.AfterFunc(untilIdle, s.warm)
	return s.summary()
}

// known keeps a source whose schema has been read.
func (f *Facade) known(s *source) {
	s.equip()
	s.date()
	f.keep(s)
}

// failed says where an error happened.
func (s *source) failed(err error) error {
	e := *describe(err)
	e.Where = s.endpoint.Server + " (" + s.endpoint.URL + ")"
	if e.Code == CodeConnectorUnreachable {
		e.Where = s.endpoint.Connector
	}
	return &e
}

func (f *Facade) keep(s *source) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	s.id = f.last
	f.sources[s.id] = s
}

// ofSource are the parameters of every call about an open source.
type ofSource struct {
	Source int `json:"source"`
}

func (f *Facade) source(id int) (*source, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.sources[id]; s != nil {
		return s, nil
	}
	return nil, usage("there is no open source %d", id)
}

// readSource reads parameters of which p.Source names the source.
func (c *call) readSource() (*source, error) {
	var p ofSource
	if err := c.read(&p); err != nil {
		return nil, err
	}
	return c.facade.source(p.Source)
}

// readLive is readSource for calls that ask the server.
func (c *call) readLive() (*source, error) {
	s, err := c.readSource()
	if err == nil && s.connection == nil {
		return nil, usage("the source %d is no live server", s.id)
	}
	return s, err
}

// checkSource sees whether the server still answers; a lost connection is
// opened again.
func checkSource(ctx context.Context, c *call) (any, error) {
	s, err := c.readLive()
	if err != nil {
		return nil, err
	}
	s.checking.Lock()
	defer s.checking.Unlock()
	if s.closed {
		return nil, usage("the source %d is closed", s.id)
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	if s.connection.Err() != nil {
		if err := s.connection.Open(ctx); err != nil {
			return nil, s.failed(err)
		}
	}
	if err := s.connection.Check(ctx); err != nil {
		return nil, s.failed(err)
	}
	return nil, nil
}

// watchSource answers, with an error, when the connection is lost.
func watchSource(ctx context.Context, c *call) (any, error) {
	s, err := c.readLive()
	if err != nil {
		return nil, err
	}
	select {
	case <-s.connection.Done():
		if err := s.connection.Err(); err != nil {
			return nil, s.failed(err)
		}
		return nil, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// closeSource lets go of a source; its ID is not used again. WebAssembly memory never
// shrinks: what the source held is collected before more is asked for.
func closeSource(_ context.Context, c *call) (any, error) {
	s, err := c.readSource()
	if err != nil {
		return nil, err
	}
	c.facade.mu.Lock()
	delete(c.facade.sources, s.id)
	c.facade.mu.Unlock()
	if s.warming != nil {
		s.warming.Stop()
	}
	s.checking.Lock() // a check in progress may be opening it
	s.closed = true
	s.checking.Unlock()
	if s.connection != nil {
		s.connection.Close()
	}
	runtime.GC() // after all that uses s
	return nil, nil
}
