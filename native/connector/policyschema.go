package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/ldap/policy"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/server"
)

// schemaAge is how old a server's schema may be that policies have when a session
// begins, and schemaRetry after how long it is tried again to read one; schemaWait is
// how long the beginning of a session waits for the first, and schemaTime bounds its
// reading.
const (
	schemaAge   = 5 * time.Minute
	schemaRetry = 30 * time.Second
	schemaWait  = 2 * time.Second
	schemaTime  = 10 * time.Second
)

// schemas are those of servers, for the policies of their sessions.
type schemas struct {
	log  *slog.Logger
	read func(context.Context, *server.Server) (*schemajson.SchemaInfo, error)

	mu sync.Mutex
	of map[*server.Server]*policySchema
}

// policySchema is what is known of one server.
type policySchema struct {
	schema  *schemajson.SchemaInfo // nil if it could not be read
	made    map[*policy.Policy]*policy.Policy
	tried   time.Time
	reading chan struct{} // closed when that has ended; nil if nobody reads
}

// withSchema returns the policy with the server's schema, or as it is where that
// cannot be read. A session waits for the first that is read of a server; a later one
// counts for those that come after.
func (s *schemas) withSchema(ctx context.Context, p *policy.Policy, srv *server.Server) *policy.Policy {
	if reading, until := s.due(srv); reading != nil {
		wait, cancel := context.WithDeadline(ctx, until)
		defer cancel()
		select {
		case <-reading:
		case <-wait.Done():
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.of[srv]
	if known.schema == nil {
		return p
	}
	made := known.made[p]
	if made == nil {
		made = p.WithSchema(known.schema)
		known.made[p] = made
	}
	return made
}

// due begins to read the server's schema if it is time to, and returns what is
// closed when there is a first one, nil if nobody needs to wait, and until when it is
// waited for: a server that does not answer keeps no session longer than the first.
func (s *schemas) due(srv *server.Server) (reading <-chan struct{}, until time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.of[srv]
	if known == nil {
		known = &policySchema{}
		s.of[srv] = known
	}
	age := schemaAge
	if known.schema == nil {
		age = schemaRetry
	}
	if known.reading == nil && (known.tried.IsZero() || time.Since(known.tried) > age) {
		known.tried, known.reading = time.Now(), make(chan struct{})
		go s.load(srv, known)
	}
	if known.schema != nil {
		return nil, time.Time{}
	}
	return known.reading, known.tried.Add(schemaWait)
}

func (s *schemas) load(srv *server.Server, known *policySchema) {
	ctx, cancel := context.WithTimeout(context.Background(), schemaTime)
	defer cancel()
	schema, err := s.read(ctx, srv)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.log.Debug("policies do without the server's schema", "server", srv.URL(), "known", known.schema != nil, "error", err)
	} else {
		known.schema, known.made = schema, make(map[*policy.Policy]*policy.Policy)
	}
	close(known.reading)
	known.reading = nil
}

// keep takes over what others know of the servers.
func (s *schemas) keep(others *schemas, servers map[string]*server.Server) {
	s.of = make(map[*server.Server]*policySchema)
	if others == nil {
		return
	}
	others.mu.Lock()
	defer others.mu.Unlock()
	for _, srv := range servers {
		if known := others.of[srv]; known != nil && known.schema != nil {
			s.of[srv] = &policySchema{schema: known.schema, made: make(map[*policy.Policy]*policy.Policy), tried: known.tried}
		}
	}
}
