package ldap

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/server"
)

// known is what a session knows of its server.
type known struct {
	schema *schemajson.SchemaInfo // nil also for one that defines no attributes
	server *server.Server

	once       sync.Once
	formatters *formatters.Formatters

	// complete tells that there is nothing more to be read; otherwise binds is how
	// often the session was bound when reading failed.
	complete bool
	binds    int32
}

// learning is how a session comes to know its server.
type learning struct {
	slot  chan struct{} // has room for whoever is reading
	known atomic.Pointer[known]
	binds atomic.Int32
}

func newLearning() learning { return learning{slot: make(chan struct{}, 1)} }

// due tells whether something is still to be read. What was refused is asked for
// again after a bind.
func (l *learning) due() bool {
	k := l.known.Load()
	return k == nil || !k.complete && k.binds != l.binds.Load()
}

// bound tells of a successful bind.
func (l *learning) bound() { l.binds.Add(1) }

// ReadInfo reads of the server what its GetInfo names ([server.Options]): the
// root DSE, the schema, both or nothing. The first search on an open connection
// does that too, once, and again after a bind if it was refused: [Options.Warn]
// then hears of what could not be read, and nothing fails for it. Whoever wants
// to know calls ReadInfo, which reads anew and returns the error.
//
// What [Options.Infos] has is not read again.
func (c *Connection) ReadInfo(ctx context.Context) error {
	return c.onSession(ctx, "reading what is known of the server", func(s *session) (bool, error) {
		return true, c.learn(ctx, s, true)
	})
}

// Info returns the root DSE of the server: what was read last, by this or, with
// [Options.Infos], another connection, or what the server was defined with. It
// is nil if there is neither.
func (c *Connection) Info() *schemajson.DsaInfo {
	if srv := c.Server(); srv != nil {
		return c.options.Infos.Info(srv)
	}
	return nil
}

// Schema is likewise the schema of the server. See [Connection.ReadInfo] for
// when it is read.
func (c *Connection) Schema() *schemajson.SchemaInfo {
	if srv := c.Server(); srv != nil {
		return c.options.Infos.Schema(srv)
	}
	return nil
}

// knowledge returns what the session knows of its server, once that has been
// read which is to be read. It fails only if ctx or the session ends.
func (c *Connection) knowledge(ctx context.Context, s *session) (*known, error) {
	if s.learning.due() {
		err := c.learn(ctx, s, false)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if isOver(err) {
			return nil, err
		}
		if err != nil && c.options.Warn != nil {
			c.options.Warn(fmt.Errorf("%s: %w", s.server, err))
		}
	}
	return s.learning.known.Load(), nil
}

// learn reads what is to be read. Of several callers at a time one does, and
// the others wait.
func (c *Connection) learn(ctx context.Context, s *session, anew bool) error {
	select {
	case s.learning.slot <- struct{}{}:
		defer func() { <-s.learning.slot }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if !anew && !s.learning.due() {
		return nil
	}
	binds := s.learning.binds.Load()
	err := c.readInfo(ctx, s)
	if ctx.Err() != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	if isOver(err) {
		return err
	}
	s.learning.known.Store(newKnown(s.server, c.options.Infos.Schema(s.server), err == nil, binds))
	return err
}

// isOver tells whether an error is the end of the session.
func isOver(err error) bool { return errors.Is(err, ErrLost) || errors.Is(err, errRetired) }

func (c *Connection) readInfo(ctx context.Context, s *session) error {
	what := s.server.GetInfo()
	entry := ""
	var errs []error
	if what.DSA() {
		info, err := c.readDsaInfo(ctx, s)
		switch {
		case err != nil:
			errs = append(errs, err)
		case len(info.SchemaEntry) > 0:
			entry = info.SchemaEntry[0]
		}
	}
	if what.Schema() {
		if _, err := c.loadSchema(ctx, s, entry); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func newKnown(srv *server.Server, schema *schemajson.SchemaInfo, complete bool, binds int32) *known {
	k := &known{schema: schema, server: srv, complete: complete, binds: binds}
	if k.schema != nil && len(k.schema.AttributeTypes) == 0 {
		k.schema = nil
	}
	return k
}

// values are the formatters for the server's values. They are made when they are
// first needed, and not linked into programs that only read schemas.
func (k *known) values() *formatters.Formatters {
	k.once.Do(func() {
		custom := k.server.Formatters()
		k.formatters = formatters.New(k.schema, &custom)
	})
	return k.formatters
}
