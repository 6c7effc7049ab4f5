package main

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ldapedge/ldapedge/ldap/policy"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/server"
)

// A schema is read once for all sessions, also where it cannot be, and known again
// after the configuration has been read again.
func TestSchemasAreReadOnce(t *testing.T) {
	servers := make(map[string]*server.Server)
	for _, name := range []string{"open", "closed"} {
		srv, err := server.New("ldap://"+name, nil)
		if err != nil {
			t.Fatal(err)
		}
		servers[name] = srv
	}
	schema := schemajson.Parse("cn=Subschema", nil)
	reads := make(chan *server.Server, 100)
	read := func(_ context.Context, srv *server.Server) (*schemajson.SchemaInfo, error) {
		reads <- srv
		if srv == servers["closed"] {
			return nil, errAway
		}
		return schema, nil
	}
	p, err := policy.New(policy.Rules{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	begin := func(s *schemas, name string) *policy.Policy { return s.withSchema(t.Context(), p, servers[name]) }
	before := &schemas{log: slog.New(slog.DiscardHandler), read: read}
	before.keep(nil, servers)
	made := begin(before, "open")
	if made == p || begin(before, "open") != made {
		t.Error("a policy is made for each session, or without the schema")
	}
	for range 2 {
		if begin(before, "closed") != p {
			t.Error("a policy has a schema that cannot be read")
		}
	}
	after := &schemas{log: before.log, read: read}
	after.keep(before, servers)
	if begin(after, "open") == p {
		t.Error("the schema is forgotten")
	}
	if n := len(reads); n != 2 {
		t.Errorf("%d times a schema is read", n)
	}
	after.keep(before, nil)
	if len(after.of) != 0 {
		t.Error("what is known of a server that is gone is kept")
	}
}

// A server that does not answer keeps the first session waiting, and no other for
// longer than that.
func TestSchemaIsNotWaitedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv, err := server.New("ldap://silent", nil)
		if err != nil {
			t.Fatal(err)
		}
		p, err := policy.New(policy.Rules{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		s := &schemas{log: slog.New(slog.DiscardHandler), read: func(ctx context.Context, _ *server.Server) (*schemajson.SchemaInfo, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		s.keep(nil, nil)
		for i, want := range []time.Duration{schemaWait, 0, 0} {
			begin := time.Now()
			if s.withSchema(t.Context(), p, srv) != p {
				t.Error("there is a schema")
			}
			if took := time.Since(begin); took != want {
				t.Errorf("session %d waits %v", i, took)
			}
		}
		time.Sleep(schemaTime) // until the reading has been given up
	})
}
