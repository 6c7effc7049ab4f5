// Package source opens schemas wherever they are: in files of any format that
// [convert] reads or python ldap3 wrote, among the pre-built ones, or on a live
// server.
package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/schemajson/convert"
	"github.com/ldapedge/ldapedge/schemajson/offline"
	"github.com/ldapedge/ldapedge/server"
)

// Source is an open schema.
type Source struct {
	// Name is what it was asked for by.
	Name   string
	Schema *schemajson.SchemaInfo
	// Info is the root DSE; nil for a source that has none.
	Info *schemajson.DsaInfo
}

// Options are for live servers.
type Options struct {
	// DN and Password are for a simple bind; without a DN nothing is bound.
	DN, Password string
	// TLS are the wishes for ldaps.
	TLS server.TLS
	// Timeout bounds connecting, and each wait for a response.
	Timeout time.Duration
}

// offlinePrefix begins the name of a pre-built schema.
const offlinePrefix = "offline:"

// maxFile is the largest file that is read, in bytes.
const maxFile = 64 << 20

// Open opens the source of that name: "offline:NAME", an LDAP URL, or else a
// file. options may be nil.
func Open(ctx context.Context, name string, o *Options) (*Source, error) {
	if o == nil {
		o = &Options{}
	}
	if prebuilt, ok := strings.CutPrefix(name, offlinePrefix); ok {
		set, err := offline.Load(prebuilt)
		if err != nil {
			return nil, err
		}
		return &Source{name, set.Schema, set.Info}, nil
	}
	if IsURL(name) {
		return live(ctx, name, o)
	}
	schema, err := file(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Source{name, schema, nil}, nil
}

// IsURL tells whether a source is a live server.
func IsURL(name string) bool {
	scheme, _, ok := strings.Cut(name, "://")
	return ok && strings.HasPrefix(strings.ToLower(scheme), "ldap")
}

func live(ctx context.Context, url string, o *Options) (*Source, error) {
	srv, err := server.New(url, &server.Options{TLS: o.TLS, ConnectTimeout: o.Timeout})
	if err != nil {
		return nil, err
	}
	c := ldap.NewConnection(srv, new(dial.Dialer), &ldap.Options{
		Credentials: ldap.Credentials{DN: o.DN, Password: o.Password}, Timeout: o.Timeout,
	})
	if err := c.Open(ctx); err != nil {
		return nil, err
	}
	defer c.Close()
	if o.DN != "" {
		if err := c.Bind(ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", srv, err)
		}
	}
	info, err := c.ReadDsaInfo(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", srv, err)
	}
	schema, err := c.ReadSchema(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", srv, err)
	}
	return &Source{url, schema, info}, nil
}

func file(name string) (*schemajson.SchemaInfo, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, errors.Unwrap(err) // the name is said already
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("%d bytes are more than the %d that a schema may have", info.Size(), maxFile)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, errors.Unwrap(err)
	}
	switch convert.Detect(b) {
	case convert.FormatJSON:
		return schemajson.SchemaInfoFromJSON(b)
	case convert.FormatLDIF:
		return convert.ReadLDIF(bytes.NewReader(b))
	case convert.FormatOpenLDAP:
		return convert.ReadOpenLDAP(bytes.NewReader(b))
	default:
		return convert.ReadDefinitions(string(b))
	}
}
