package ldap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	ber "github.com/go-asn1-ber/asn1-ber"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/offline"
	"github.com/ldapedge/ldapedge/server"
)

// directory is a server with a root DSE, a schema and an entry. What it was
// asked for is in asked: bases and attributes.
type directory struct {
	mu    sync.Mutex
	asked []string
	// refusal is the result of reading root DSE or schema before a bind.
	refusal   byte
	refuses   string // "": none; "root", "schema"
	bound     bool
	timestamp string
}

func (d *directory) answer(w io.Writer, id int64, p *ber.Packet) {
	d.mu.Lock()
	defer d.mu.Unlock()
	op := p.Children[1]
	switch op.Tag {
	case 0:
		d.bound = true
		d.asked = append(d.asked, "bind")
		reply(w, id, result(0x61, 0, ""))
		return
	case 3:
	default:
		return
	}
	base := op.Children[0].Data.String()
	var attributes []string
	for _, a := range op.Children[7].Children {
		attributes = append(attributes, a.Data.String())
	}
	what := base
	if base == "" {
		what = "root"
	}
	switch {
	case len(attributes) > 8:
		what += " all"
	case len(attributes) > 0:
		what += " " + strings.Join(attributes, ",")
	}
	d.asked = append(d.asked, what)
	if !d.bound && d.refusal > 0 && (base == "" && d.refuses == "root" || base == "cn=schema" && d.refuses == "schema") {
		reply(w, id, result(0x65, d.refusal, "bind first"))
		return
	}
	switch base {
	case "":
		reply(w, id, entry("", attribute("subschemaSubentry", "cn=schema"), attribute("vendorName", "Example")))
	case "cn=schema":
		reply(w, id, entry("cn=schema", attribute("modifyTimestamp", d.timestamp),
			attribute("attributeTypes", "( 2.5.4.3 NAME 'cn' )", "( 1.1 NAME 'n' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )")))
	default:
		reply(w, id, entry("cn=a", attribute("cn", "a"), attribute("n", "7")))
	}
	reply(w, id, result(0x65, 0, ""))
}

func (d *directory) took() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	asked := d.asked
	d.asked = nil
	return asked
}

func (d *directory) open(t *testing.T, so *server.Options, o *Options) *Connection {
	t.Helper()
	if d.timestamp == "" {
		d.timestamp = "20260101000000Z"
	}
	srv, err := server.New("ldap://directory", so)
	if err != nil {
		t.Fatal(err)
	}
	c := NewConnection(srv, whole(d.answer), o)
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestWhatIsReadOfAServer(t *testing.T) {
	const rootDSE, locate, schema, search = "root all", "root subschemaSubentry,+", "cn=schema all", "dc=x"
	set := &offline.Set{Info: schemajson.NewDsaInfo(nil), Schema: people()}
	tests := []struct {
		what         server.GetInfo
		asked        []string
		info, schema bool
	}{
		{"", []string{locate, schema, search}, false, true},
		{server.InfoSchema, []string{locate, schema, search}, false, true},
		{server.InfoNone, []string{search}, false, false},
		{server.InfoDSA, []string{rootDSE, search}, true, false},
		{server.InfoAll, []string{rootDSE, schema, search}, true, true},
		{"PREBUILT", []string{search}, true, true},
	}
	for _, test := range tests {
		t.Run(string(test.what), func(t *testing.T) {
			d := &directory{}
			c := d.open(t, &server.Options{GetInfo: test.what, Offline: func(string) (*schemajson.DsaInfo, *schemajson.SchemaInfo, error) { return set.Info, set.Schema, nil }}, nil)
			if got := d.took(); len(got) > 0 {
				t.Errorf("opening asks for %q", got)
			}
			for i := range 2 {
				n, isNumber := only(t, c, message.SearchRequest{Base: "dc=x"}).Values("n").Values[0].Int64()
				if want := c.Schema() != nil && test.what != "PREBUILT"; isNumber != want || want && n != 7 {
					t.Errorf("n is a number: %v", isNumber)
				}
				want := test.asked
				if i > 0 {
					want = []string{search}
				}
				if got := d.took(); !slices.Equal(got, want) {
					t.Errorf("search %d asks for %q", i+1, got)
				}
			}
			if (c.Info() != nil) != test.info || (c.Schema() != nil) != test.schema {
				t.Errorf("info %v, schema %v", c.Info(), c.Schema())
			}
			if test.info && test.what != "PREBUILT" && c.Info().VendorName[0] != "Example" {
				t.Errorf("info %+v", c.Info())
			}
		})
	}
}

// What cannot be read is a warning, and after a bind it is tried again.
func TestReadingIsRefused(t *testing.T) {
	for _, refuses := range []string{"root", "schema"} {
		t.Run(refuses, func(t *testing.T) {
			d := &directory{refuses: refuses, refusal: 1}
			var warnings []string
			c := d.open(t, nil, &Options{Warn: func(err error) { warnings = append(warnings, err.Error()) }})
			for range 2 {
				if _, isNumber := only(t, c, message.SearchRequest{Base: "dc=x", Attributes: []string{"zzz", "n"}}).Values("n").Values[0].Int64(); isNumber {
					t.Error("types without a schema")
				}
			}
			if len(warnings) != 1 || !strings.HasPrefix(warnings[0], "ldap://directory:389: reading the ") || !strings.HasSuffix(warnings[0], "search: operationsError: bind first") {
				t.Errorf("warnings %q", warnings)
			}
			if got := d.took(); slices.Contains(got, "bind") {
				t.Errorf("a search binds: %q", got)
			}
			if err := c.ReadInfo(t.Context()); !IsResult(err, message.ResultOperationsError) {
				t.Errorf("ReadInfo: %v", err)
			}
			if err := c.Bind(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n, _ := only(t, c, message.SearchRequest{Base: "dc=x"}).Values("n").Values[0].Int64(); n != 7 || len(warnings) != 1 {
				t.Errorf("n is %d, warnings %q", n, warnings)
			}
			var refused *NameError
			for _, err := range c.Search(t.Context(), message.SearchRequest{Base: "dc=x", Attributes: []string{"zzz"}}) {
				if !errors.As(err, &refused) {
					t.Errorf("%v", err)
				}
			}
		})
	}
}

func TestInfosAreShared(t *testing.T) {
	const locate, version, schema = "root subschemaSubentry,+", "cn=schema modifyTimestamp,nsSchemaCSN", "cn=schema all"
	d := &directory{}
	infos := new(server.Infos)
	for i, want := range [][]string{{locate, version, schema, "dc=x"}, {locate, version, "dc=x"}, {locate, version, schema, "dc=x"}} {
		if i == 2 {
			d.timestamp = "20270101000000Z"
		}
		c := d.open(t, nil, &Options{Infos: infos})
		only(t, c, message.SearchRequest{Base: "dc=x"})
		if got := d.took(); !slices.Equal(got, want) {
			t.Errorf("connection %d asks for %q", i+1, got)
		}
		c.Close()
	}
	// A connection of its own knows its server again.
	c := d.open(t, nil, nil)
	only(t, c, message.SearchRequest{Base: "dc=x"})
	d.took()
	c.Close()
	if err := c.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	only(t, c, message.SearchRequest{Base: "dc=x"})
	if got := d.took(); !slices.Equal(got, []string{locate, version, "dc=x"}) {
		t.Errorf("opened anew it asks for %q", got)
	}
	c.Close()
}

func TestManySearchesReadOnce(t *testing.T) {
	d := &directory{}
	c := d.open(t, nil, nil)
	var searching sync.WaitGroup
	for i := range 20 {
		searching.Go(func() {
			for e, err := range c.Search(t.Context(), message.SearchRequest{Base: fmt.Sprint("dc=x", i)}) {
				if err != nil || len(e.Values("n").Values) != 1 {
					t.Error(err)
				}
			}
		})
	}
	searching.Wait()
	schemas := 0
	for _, what := range d.took() {
		if strings.HasPrefix(what, "cn=schema") {
			schemas++
		}
	}
	if schemas != 1 {
		t.Errorf("the schema was read %d times", schemas)
	}
}

// A context that ends while the schema is read is the search's, and the next
// one reads it.
func TestContextEndsReading(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := &directory{timestamp: "x"}
		silent := true
		srv, err := server.New("ldap://directory", nil)
		if err != nil {
			t.Fatal(err)
		}
		c := NewConnection(srv, whole(func(w io.Writer, id int64, p *ber.Packet) {
			if !silent {
				d.answer(w, id, p)
			}
		}), &Options{Warn: func(err error) { t.Error(err) }})
		if err := c.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		enough := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() { synctest.Wait(); cancel(enough) }()
		for _, err := range c.Search(ctx, message.SearchRequest{Base: "dc=x"}) {
			if !errors.Is(err, enough) {
				t.Errorf("%v", err)
			}
		}
		synctest.Wait()
		silent = false
		if n, _ := only(t, c, message.SearchRequest{Base: "dc=x"}).Values("n").Values[0].Int64(); n != 7 {
			t.Errorf("n is %d", n)
		}
	})
}
