package ldapurl

import (
	_ "embed"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/server"
)

// urls are what this package and python ldap3 make of a URL: see the
// integration tests, which ask ldap3.
//
//go:embed testdata/urls.json
var urls []byte

type urlVector struct {
	URL  string
	Want *struct {
		Scheme, Host, DN string
		Port             int
		Attributes       []string
		Scope, Filter    string
		Extensions       []Extension
	}
	// Canonical is what String writes, empty for the URL itself.
	Canonical string
	Error     struct {
		Offset int
		Reason string
	}
	LDAP3 *struct {
		Base, Host, Scope, Filter string
		SSL                       bool
		Port                      int
		Attributes, Extensions    []string
	}
	// Differs is the reason why it is not what ldap3 makes of it.
	Differs string
}

func vectors(t testing.TB) (all []urlVector) {
	t.Helper()
	if err := json.Unmarshal(urls, &all); err != nil || len(all) < 70 {
		t.Fatal(len(all), err)
	}
	return all
}

func TestURLs(t *testing.T) {
	for _, v := range vectors(t) {
		u, err := Parse(v.URL)
		if same := v.same(u); same != (v.Differs == "") {
			t.Errorf("%q: equal to ldap3: %v, reason to differ: %q", v.URL, same, v.Differs)
		}
		if v.Want == nil {
			var e *Error
			if !errors.As(err, &e) || e.Offset != v.Error.Offset || !strings.Contains(e.Reason, v.Error.Reason) || u != nil {
				t.Errorf("%q: %v, want %q at byte %d", v.URL, err, v.Error.Reason, v.Error.Offset)
			}
			continue
		}
		if err != nil {
			t.Errorf("%q: %v", v.URL, err)
			continue
		}
		if got, want := *u, v.want(t); !reflect.DeepEqual(got, want) {
			t.Errorf("%q\ngot  %+v\nwant %+v", v.URL, got, want)
		}
		if v.Canonical == "" {
			v.Canonical = v.URL
		}
		if u.String() != v.Canonical {
			t.Errorf("%q is written %q, not %q", v.URL, u, v.Canonical)
		}
		if again, err := Parse(u.String()); err != nil || !reflect.DeepEqual(again, u) {
			t.Errorf("%q read again: %+v, %v", u, again, err)
		}
	}
}

func (v urlVector) want(t *testing.T) URL {
	w := v.Want
	u := URL{Scheme: server.Scheme(w.Scheme), Host: w.Host, Port: w.Port, DN: w.DN, Attributes: w.Attributes, Extensions: w.Extensions}
	if w.Scope != "" {
		scope, ok := message.ParseScope(w.Scope)
		if !ok {
			t.Fatalf("scope %q", w.Scope)
		}
		u.Scope = &scope
	}
	if w.Filter != "" {
		f, err := filter.Parse(w.Filter)
		if err != nil {
			t.Fatal(err)
		}
		u.Filter = &f
	}
	return u
}

// same tells whether ldap3 makes the same of it.
func (v urlVector) same(u *URL) bool {
	if u == nil || v.LDAP3 == nil {
		return u == nil && v.LDAP3 == nil
	}
	l := v.LDAP3
	scope, text := "", ""
	if u.Scope != nil {
		scope = map[message.Scope]string{message.ScopeBase: "BASE", message.ScopeOne: "LEVEL", message.ScopeSub: "SUBTREE"}[*u.Scope]
	}
	if u.Filter != nil {
		text = u.Filter.String()
	}
	var extensions []string
	for _, e := range u.Extensions {
		s := e.Type
		if e.Critical {
			s = "!" + s
		}
		if e.Value != "" {
			s += "=" + e.Value
		}
		extensions = append(extensions, s)
	}
	return l.Base == u.DN && l.Host == u.Host && l.SSL == (u.Scheme == server.LDAPS) && l.Port == u.Port &&
		l.Scope == scope && l.Filter == text && slices.Equal(l.Attributes, u.Attributes) && slices.Equal(l.Extensions, extensions)
}

// A server is made of what a URL says of it.
func TestServer(t *testing.T) {
	for url, want := range map[string]string{
		"ldap://h/dc=x??sub": "ldap://h:389", "LDAPS://[fe80::1%25eth0]:1636/": "ldaps://[fe80::1%25eth0]:1636",
		"ldapi://%2Fvar%2Frun%2Fldapi/dc=x": "ldapi://%2Fvar%2Frun%2Fldapi",
	} {
		u, err := Parse(url)
		if err != nil {
			t.Fatal(err)
		}
		if s, err := server.New(u.Server(), nil); err != nil || s.URL() != want {
			t.Errorf("%s: %s, %v", url, u.Server(), err)
		}
	}
}

// A password that stands in a URL is not in its error.
func TestErrorsHideUsers(t *testing.T) {
	if _, err := Parse("ldap://admin:secret@host/"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%v", err)
	}
}

// FuzzParse: what is read is written and read as the same URL.
func FuzzParse(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.URL)
	}
	f.Fuzz(func(t *testing.T, text string) {
		u, err := Parse(text)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(text) || e.Reason == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		if again, err := Parse(u.String()); err != nil || !reflect.DeepEqual(again, u) {
			t.Errorf("%q is written %q: %+v, %v", text, u, again, err)
		}
		if u.String() != strings.ToValidUTF8(u.String(), "") {
			t.Errorf("%q is not UTF-8", u)
		}
	})
}
