package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/integration/testserver"
	"github.com/ldapedge/ldapedge/ldap"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/native/dial"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/server"
)

// live is a server that has been started to be read.
type live struct {
	url   string
	as    ldap.Credentials
	close func() error
}

// startSlapd starts a slapd with all schemas of Debian's slapd but dsee, which
// cannot be loaded together with dyngroup: both name the same OID. The modules
// are those that have a schema of their own for entries, and syncprov for its
// control.
func startSlapd(ctx context.Context) (live, error) {
	s, err := testserver.SlapdConfig{
		Schemas: []string{
			"core", "cosine", "inetorgperson", "nis", "collective", "corba", "duaconf", "dyngroup",
			"java", "misc", "msuser", "namedobject", "openldap", "pmi",
		},
		Modules: []string{"accesslog", "lastbind", "otp", "ppolicy", "syncprov"},
	}.Start(ctx)
	if err != nil {
		return live{}, err
	}
	return live{s.URL(), ldap.Credentials{}, s.Close}, nil
}

func startDS389(ctx context.Context) (live, error) {
	d, err := testserver.StartDS389(ctx)
	if err != nil {
		return live{}, err
	}
	return live{d.URL(), ldap.Credentials{}, d.Close}, nil
}

func startSamba(ctx context.Context) (live, error) {
	s, err := testserver.SambaConfig{BaseSchema: "2016"}.Start(ctx)
	if err != nil {
		return live{}, err
	}
	return live{s.URL(), s.Credentials, s.Close}, nil
}

// fromServer starts a server and reads its root DSE and its schema. tidy, which
// may be nil, puts the attributes of each in an order that is always the same.
func fromServer(start func(context.Context) (live, error), tidy func([]schemajson.Attribute)) func(context.Context) (texts, error) {
	return func(ctx context.Context) (t texts, err error) {
		l, err := start(ctx)
		if err != nil {
			return texts{}, err
		}
		defer func() { err = errors.Join(err, l.close()) }()
		info, schema, err := l.read(ctx)
		if err != nil {
			return texts{}, err
		}
		return documents(info, schema, tidy), nil
	}
}

// documents makes the texts of what was read of a server, less what is of the
// machine or the moment.
func documents(info []schemajson.Attribute, schema *schemajson.SchemaInfo, tidy func([]schemajson.Attribute)) texts {
	info, definitions := lasting(info), lasting(schema.Raw)
	if tidy != nil {
		tidy(info)
		tidy(definitions)
	}
	return texts{
		info:   schemajson.NewDsaInfo(info).JSON(nil),
		schema: schemajson.Parse(schema.Entry, definitions).JSON(nil),
	}
}

// rootDSEAttributes are asked for by name beside "*" and "+": not every server
// takes all of them for operational.
var rootDSEAttributes = []string{
	"*", "+", "altServer", "namingContexts", "supportedControl", "supportedExtension", "supportedFeatures",
	"supportedCapabilities", "supportedLDAPVersion", "supportedSASLMechanisms", "vendorName", "vendorVersion",
	"subschemaSubentry",
}

func (l live) read(ctx context.Context) (info []schemajson.Attribute, schema *schemajson.SchemaInfo, err error) {
	srv, err := server.New(l.url, nil)
	if err != nil {
		return nil, nil, err
	}
	c := ldap.NewConnection(srv, new(dial.Dialer), &ldap.Options{Credentials: l.as})
	if err := c.Open(ctx); err != nil {
		return nil, nil, err
	}
	defer c.Close()
	if err := c.Bind(ctx); err != nil {
		return nil, nil, err
	}
	for e, err := range c.Search(ctx, message.SearchRequest{Attributes: rootDSEAttributes}) {
		if err != nil {
			return nil, nil, fmt.Errorf("reading the root DSE: %w", err)
		}
		for a := range e.Entry.Attributes() {
			info = append(info, schemajson.Attribute{Name: a.Name(), Values: a.Strings()})
		}
	}
	schema, err = c.ReadSchema(ctx)
	return info, schema, err
}

// passing are the attributes, in small letters, that tell of the machine or of
// the moment.
var passing = []string{
	// times, and numbers that count changes
	"createtimestamp", "modifytimestamp", "currenttime", "whencreated", "whenchanged",
	"highestcommittedusn", "usncreated", "usnchanged", "entrycsn", "contextcsn", "nsschemacsn", "dataversion", "lastusn",
	// identities
	"entryuuid", "nsuniqueid", "objectguid",
	// the host, its ports, and entries that are named after it
	"netscapemdsuffix", "dnshostname", "ldapservicename", "servername", "dsservicename",
	// states
	"issynchronized", "isglobalcatalogready",
}

// lasting returns the attributes that are not of the machine or the moment.
// Which SASL mechanisms there are comes from the files of a folder, in whatever
// order that has them.
func lasting(attributes []schemajson.Attribute) (kept []schemajson.Attribute) {
	for _, a := range attributes {
		name := strings.ToLower(a.Name)
		if slices.Contains(passing, name) {
			continue
		}
		if strings.HasSuffix(name, "saslmechanisms") {
			a.Values = slices.Sorted(slices.Values(a.Values))
		}
		kept = append(kept, a)
	}
	return kept
}

// inNoOrder is for Samba, which has definitions in the order of identifiers
// that are random: it sorts them.
func inNoOrder(attributes []schemajson.Attribute) {
	for i, a := range attributes {
		switch strings.ToLower(a.Name) {
		case "attributetypes", "objectclasses", "ditcontentrules":
			attributes[i].Values = slices.Sorted(slices.Values(a.Values))
		}
	}
}
