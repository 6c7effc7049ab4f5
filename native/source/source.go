// Package source opens schemas wherever they are: in files of any format that
// [convert] reads or python ldap3 wrote, among the pre-built ones, or on a live
// server.
package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

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

// Options are for live servers, but for Stdin.
type Options struct {
	// Credentials are for a simple bind; without a DN nothing is bound.
	Credentials ldap.Credentials
	// Server is what is said of the server beside its URL. Its ConnectTimeout
	// also bounds each wait for a response.
	Server server.Options
	// Dialer dials the server. Default (nil): the zero one.
	Dialer ldap.Dialer
	// Stdin is what the source "-" reads. Default: standard input.
	Stdin io.Reader
}

// offlinePrefix begins the name of a pre-built schema.
const offlinePrefix = "offline:"

// Stdin is the name of standard input as a source.
const Stdin = "-"

// maxText is the longest text that is read, in bytes.
const maxText = 64 << 20

// Open opens the source of that name: "offline:NAME", an LDAP URL, "-" for
// standard input, or else a file. options may be nil.
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
	schema, err := text(ctx, name, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", cmp.Or(name, `""`), err)
	}
	return &Source{name, schema, nil}, nil
}

// url is how a URL begins (RFC 3986 §3.1). Of a drive's letter no scheme is made.
var url = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]+://`)

// IsURL tells whether a source is a live server, if perhaps one of a kind that
// cannot be opened.
func IsURL(name string) bool { return url.MatchString(name) }

func live(ctx context.Context, name string, o *Options) (*Source, error) {
	srv, err := server.New(name, &o.Server)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	dialer := o.Dialer
	if dialer == nil {
		dialer = new(dial.Dialer)
	}
	c := ldap.NewConnection(srv, dialer, &ldap.Options{Credentials: o.Credentials, Timeout: o.Server.ConnectTimeout})
	if err := c.Open(ctx); err != nil {
		if of := new(dial.Error); errors.As(err, &of) {
			return nil, of // it names the server
		}
		return nil, err
	}
	defer c.Close()
	if o.Credentials.DN != "" {
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
	return &Source{name, schema, info}, nil
}

// text reads a schema from a file or standard input.
func text(ctx context.Context, name string, o *Options) (*schemajson.SchemaInfo, error) {
	var b []byte
	var err error
	read := make(chan struct{})
	go func() { // a pipe may keep it waiting
		b, err = content(name, o)
		close(read)
	}()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-read:
	}
	if err != nil {
		return nil, err
	}
	return convert.Read(b)
}

func content(name string, o *Options) ([]byte, error) {
	if name == Stdin {
		if o.Stdin == nil {
			return limited(os.Stdin)
		}
		return limited(o.Stdin)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, errors.Unwrap(err) // the name is said already
	}
	defer f.Close()
	b, err := limited(f)
	if of := new(os.PathError); errors.As(err, &of) {
		return nil, of.Err
	}
	return b, err
}

// limited reads what need not have a size, as a pipe.
func limited(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxText {
		return nil, fmt.Errorf("more than the %d bytes that a schema may have", maxText)
	}
	return b, nil
}
