package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/connector/bridge"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/server"
)

// documentAge is how long schema and root DSE that were read are handed out, and
// failureAge that they could not be read, lest all who wait try one after another;
// readTime bounds reading them, and checkEvery how often a target is checked,
// checkBurst times at once.
const (
	documentAge = time.Minute
	failureAge  = 2 * time.Second
	readTime    = 30 * time.Second
	checkEvery  = time.Second
	checkBurst  = 3
)

// reader reads of the targets what clients ask for over HTTP. It is a
// [bridge.Reader].
type reader struct {
	dialers dialers
	// credentials are those of servers, which no other server is to see.
	credentials map[*server.Server]ldap.Credentials
	targets     map[string]*readable
}

// readable is a target and what was read of it.
type readable struct {
	source ldap.Source
	checks *rate.Limiter

	turn         chan struct{} // has room for the one who reads: others wait for that
	schema, info []byte
	read         time.Time
	failure      error
	failed       time.Time
}

func (r *reader) add(name string, source ldap.Source) {
	r.targets[name] = &readable{source: source, checks: rate.NewLimiter(rate.Every(checkEvery), checkBurst), turn: make(chan struct{}, 1)}
}

// Check checks each server of the target.
func (r *reader) Check(ctx context.Context, target string) (any, error) {
	t := r.targets[target]
	if !t.checks.Allow() {
		return nil, bridge.ErrBusy
	}
	servers := []*server.Server{}
	switch source := t.source.(type) {
	case *server.Server:
		servers = append(servers, source)
	case *pool.Pool:
		servers = source.Servers()
	}
	out := &checkOutcome{}
	var all sync.WaitGroup
	for _, s := range servers {
		checked := &checkedServer{URL: s.URL(), Depth: dial.CheckLDAP, server: s}
		out.Servers = append(out.Servers, checked)
		all.Go(func() {
			if checked.check(ctx, r.dialers.of(s), r.credentials[s]); checked.Bind != nil {
				checked.Bind.DN = "" // who the connector is, is not told
			}
		})
	}
	all.Wait()
	return out, nil
}

// Schema returns the schema as python ldap3 has it.
func (r *reader) Schema(ctx context.Context, target string) ([]byte, error) {
	schema, _, err := r.documents(ctx, r.targets[target])
	return schema, err
}

// Info returns the root DSE as python ldap3 has it.
func (r *reader) Info(ctx context.Context, target string) ([]byte, error) {
	_, info, err := r.documents(ctx, r.targets[target])
	return info, err
}

// schemaOf reads the schema of a server that is a target.
func (r *reader) schemaOf(ctx context.Context, s *server.Server) (*schemajson.SchemaInfo, error) {
	for _, t := range r.targets {
		if t.source == s {
			definitions, _, err := r.read(ctx, t)
			return definitions, err
		}
	}
	return nil, fmt.Errorf("%s is no target", s.URL())
}

// documents returns schema and root DSE, and reads them unless that was done just
// now. Of several who ask one reads; that goes on when it has left, for the others.
func (r *reader) documents(ctx context.Context, t *readable) (schema, info []byte, err error) {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	switch {
	case ctx.Err() != nil:
		return nil, nil, context.Cause(ctx)
	case t.schema != nil && time.Since(t.read) < documentAge:
		return t.schema, t.info, nil
	case t.failure != nil && time.Since(t.failed) < failureAge:
		return nil, nil, t.failure
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTime)
	defer cancel()
	if schema, info, err = r.fetch(ctx, t); err != nil {
		t.failure, t.failed = err, time.Now()
		return nil, nil, err
	}
	t.schema, t.info, t.read, t.failure = schema, info, time.Now(), nil
	return schema, info, nil
}

// fetch reads schema and root DSE.
func (r *reader) fetch(ctx context.Context, t *readable) (schema, info []byte, err error) {
	definitions, dsa, err := r.read(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	return definitions.JSON(nil), dsa.JSON(nil), nil
}

func (r *reader) read(ctx context.Context, t *readable) (definitions *schemajson.SchemaInfo, dsa *schemajson.DsaInfo, err error) {
	c := ldap.NewConnection(t.source, streams{r.dialers}, nil)
	if err := c.Open(ctx); err != nil {
		if of := new(dial.Error); errors.As(err, &of) {
			err = of // it names the server
		}
		return nil, nil, err
	}
	defer c.Close()
	if credentials := r.credentials[c.Server()]; credentials.DN != "" {
		if _, err := c.SimpleBind(ctx, credentials); err != nil {
			return nil, nil, err
		}
	}
	if dsa, err = c.ReadDsaInfo(ctx); err != nil {
		return nil, nil, err
	}
	definitions, err = c.ReadSchema(ctx)
	return definitions, dsa, err
}
