package server

import (
	"cmp"
	"context"
	"sync"
	"time"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Infos keeps what connections have read of servers, so that the next one to the
// same server need not: the root DSE, and the schema as long as its
// modifyTimestamp stays what it was, and no longer than MaxAge. The zero value
// is empty and ready to use. It is safe for concurrent use.
//
// Servers are the same whose URLs are. An Infos is for connections of like
// rights: what one may read, all see.
type Infos struct {
	// MaxAge is how long a schema is kept. Default (0): [DefaultMaxAge]. It
	// matters where the timestamp does not follow the schema: OpenLDAP's is
	// the time of slapd's start, whatever is added to cn=config afterwards.
	MaxAge time.Duration

	mu      sync.Mutex
	servers map[string]*learnt
}

// DefaultMaxAge is how long an [Infos] keeps a schema unless told otherwise.
const DefaultMaxAge = 5 * time.Minute

// learnt is what is known of one server.
type learnt struct {
	info    *schemajson.DsaInfo
	schema  *schemajson.SchemaInfo
	version SchemaVersion
	read    time.Time
	loading chan struct{} // closed when whoever is loading the schema has ended
}

// SchemaVersion tells one state of a server's schema from another.
type SchemaVersion struct {
	// Subentry is the DN of the schema's entry.
	Subentry string
	// ModifyTimestamp is the entry's, as the server gives it, or what the
	// server has in its place.
	ModifyTimestamp string
}

func (i *Infos) of(s *Server) *learnt {
	if i.servers == nil {
		i.servers = make(map[string]*learnt)
	}
	l := i.servers[s.URL()]
	if l == nil {
		l = &learnt{}
		i.servers[s.URL()] = l
	}
	return l
}

// Info returns the server's root DSE: what was read last, or else what the
// server was defined with, or else nil.
func (i *Infos) Info(s *Server) *schemajson.DsaInfo {
	i.mu.Lock()
	defer i.mu.Unlock()
	if l := i.servers[s.URL()]; l != nil && l.info != nil {
		return l.info
	}
	return s.info
}

// SetInfo keeps the server's root DSE.
func (i *Infos) SetInfo(s *Server, info *schemajson.DsaInfo) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.of(s).info = info
}

// Schema returns the server's schema: what was read last, or else what the
// server was defined with, or else nil.
func (i *Infos) Schema(s *Server) *schemajson.SchemaInfo {
	i.mu.Lock()
	defer i.mu.Unlock()
	if l := i.servers[s.URL()]; l != nil && l.schema != nil {
		return l.schema
	}
	return s.schema
}

// Forget drops what was read of the server.
func (i *Infos) Forget(s *Server) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if l := i.servers[s.URL()]; l != nil {
		l.info, l.schema, l.version = nil, nil, SchemaVersion{}
	}
}

// LoadSchema returns the server's schema of that version, which load reads
// unless it is known. If several ask at a time, one loads and the others wait.
// Without a modifyTimestamp it always loads. When load fails, what was known
// stays.
func (i *Infos) LoadSchema(ctx context.Context, s *Server, v SchemaVersion, load func(context.Context) (*schemajson.SchemaInfo, error)) (*schemajson.SchemaInfo, error) {
	for {
		i.mu.Lock()
		l := i.of(s)
		if schema := l.schema; schema != nil && l.version == v && v.ModifyTimestamp != "" && time.Since(l.read) < cmp.Or(i.MaxAge, DefaultMaxAge) {
			i.mu.Unlock()
			return schema, nil
		}
		if l.loading == nil {
			l.loading = make(chan struct{})
			i.mu.Unlock()
			return i.load(ctx, l, v, load)
		}
		loading := l.loading
		i.mu.Unlock()
		select {
		case <-loading:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func (i *Infos) load(ctx context.Context, l *learnt, v SchemaVersion, load func(context.Context) (*schemajson.SchemaInfo, error)) (schema *schemajson.SchemaInfo, err error) {
	defer func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		if schema != nil && err == nil {
			l.schema, l.version, l.read = schema, v, time.Now()
		}
		close(l.loading)
		l.loading = nil
	}()
	return load(ctx)
}
