package ldap

import (
	"errors"
	"testing"

	"github.com/ldapedge/ldapedge/pool"
	"github.com/ldapedge/ldapedge/server"
)

func TestNewSource(t *testing.T) {
	srv, err := server.New("ldaps://three", nil)
	if err != nil {
		t.Fatal(err)
	}
	inner, err := pool.New(pool.Servers(srv), nil)
	if err != nil {
		t.Fatal(err)
	}
	single := func(places ...any) string {
		t.Helper()
		s, err := NewSource(places...)
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := s.(*server.Server); ok {
			return s.URL()
		}
		urls := ""
		for _, s := range s.(*pool.Pool).Servers() {
			urls += " " + s.URL()
		}
		return "pool" + urls
	}
	for _, test := range []struct {
		want   string
		places []any
	}{
		{"ldap://one:389", []any{"one"}},
		{"ldaps://two:636", []any{"ldaps://two"}},
		{"ldaps://three:636", []any{srv}},
		{"pool ldaps://three:636", []any{inner}},
		{"pool ldap://one:389 ldaps://two:636", []any{"one", "ldaps://two"}},
		{"pool ldap://one:389 ldaps://two:636", []any{[]string{"one", "ldaps://two"}}},
		{"pool ldap://one:389", []any{[]string{"one"}}},
		{"pool ldaps://three:636", []any{[]*server.Server{srv}}},
		{"pool ldap://one:389 ldaps://three:636", []any{"one", inner}},
	} {
		if got := single(test.places...); got != test.want {
			t.Errorf("%v: %s, want %s", test.places, got, test.want)
		}
	}
	p := &peers{}
	if s, err := NewSource(p); s != Source(p) || err != nil {
		t.Errorf("another source: %v, %v", s, err)
	}
	for _, test := range []struct {
		is     func(error) bool
		places []any
	}{
		{isA[*server.Error], []any{"a b"}},
		{isA[*server.Error], []any{[]string{"http://x"}}},
		{isA[*pool.Error], []any{"one", "one"}},
		{isA[*SourceError], []any{5}},
		{isA[*SourceError], []any{nil}},
		{isA[*SourceError], []any{(*server.Server)(nil)}},
		{isA[*SourceError], []any{(*pool.Pool)(nil)}},
		{isA[*pool.Error], []any{"one", (*server.Server)(nil)}},
		{isA[*pool.Error], []any{"one", (*pool.Pool)(nil)}},
		{isA[*SourceError], []any{"one", p}},
		{func(err error) bool { return errors.Is(err, pool.ErrEmpty) }, nil},
		{func(err error) bool { return errors.Is(err, pool.ErrEmpty) }, []any{[]string{}}},
	} {
		if s, err := NewSource(test.places...); s != nil || err == nil || !test.is(err) {
			t.Errorf("%v: %v, %v", test.places, s, err)
		}
	}
	if _, err := NewSource(5); err.Error() != "source: a int is no source" {
		t.Errorf("%v", err)
	}
}

func isA[T error](err error) bool {
	var e T
	return errors.As(err, &e)
}
