package ldap

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ldapedge/ldapedge/ldap/filter"
	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson"
	"github.com/ldapedge/ldapedge/server"
)

// ErrNoSubschema: the root DSE names no subschema subentry, or there is no
// entry under that name; to this client, as it is authenticated, the server
// publishes no schema.
var ErrNoSubschema = errors.New("the server publishes no schema")

// subschemaAttributes are asked for by name: servers return them only so, and
// Active Directory not even for "+".
var subschemaAttributes = []string{
	"attributeTypes", "objectClasses", "ldapSyntaxes", "matchingRules", "matchingRuleUse",
	"dITContentRules", "dITStructureRules", "nameForms", "createTimestamp", modifyTimestamp, "*", "+",
}

// dsaAttributes are those of the root DSE that python ldap3 asks for.
var dsaAttributes = []string{
	"altServer", "namingContexts", "supportedControl", "supportedExtension", "supportedFeatures", "supportedCapabilities",
	"supportedLdapVersion", "supportedSASLMechanisms", "vendorName", "vendorVersion", "subschemaSubentry", "*", "+",
}

// ReadDsaInfo reads the root DSE (RFC 4512 §5.1). With a server that refuses to
// answer before a bind it binds first.
func (c *Connection) ReadDsaInfo(ctx context.Context) (info *schemajson.DsaInfo, err error) {
	err = c.orBound(ctx, "reading the root DSE", func(s *session) error {
		info, err = c.readDsaInfo(ctx, s)
		return err
	})
	return info, err
}

func (c *Connection) readDsaInfo(ctx context.Context, s *session) (*schemajson.DsaInfo, error) {
	e, err := s.rootDSE(ctx, dsaAttributes)
	if err != nil {
		return nil, err
	}
	info := schemajson.NewDsaInfo(attributesOf(e))
	c.options.Infos.SetInfo(s.server, info)
	return info, nil
}

// ReadRootDSE reads the attributes of which [Connection.ReadDsaInfo] makes its
// answer.
func (c *Connection) ReadRootDSE(ctx context.Context) (attributes []schemajson.Attribute, err error) {
	err = c.orBound(ctx, "reading the root DSE", func(s *session) error {
		e, err := s.rootDSE(ctx, dsaAttributes)
		if err == nil {
			attributes = attributesOf(e)
		}
		return err
	})
	return attributes, err
}

func attributesOf(e message.Entry) (all []schemajson.Attribute) {
	for a := range e.Attributes() {
		all = append(all, schemajson.Attribute{Name: a.Name(), Values: a.Strings()})
	}
	return all
}

// ErrNoRootDSE: to this client, as it is authenticated, the server shows no
// root DSE.
var ErrNoRootDSE = errors.New("the root DSE may not be read")

// ReadSchema reads the schema that controls the root DSE: the entry that the
// root DSE's subschemaSubentry names (RFC 4512 §4.4, §5.1). With a server that
// refuses to answer before a bind it binds first.
//
// A schema that was read before, with [Options.Infos] by another connection, is
// taken from there if the entry's modifyTimestamp is still the same.
func (c *Connection) ReadSchema(ctx context.Context) (schema *schemajson.SchemaInfo, err error) {
	err = c.orBound(ctx, "reading the schema", func(s *session) error {
		schema, err = c.loadSchema(ctx, s, "")
		return err
	})
	return schema, err
}

// loadSchema reads the schema of that entry; an empty entry is the one that the
// root DSE names.
func (c *Connection) loadSchema(ctx context.Context, s *session, entry string) (_ *schemajson.SchemaInfo, err error) {
	if entry == "" {
		if entry, err = s.subschemaSubentry(ctx); err != nil {
			return nil, err
		}
	}
	infos, srv := c.options.Infos, s.server
	attributes := versionAttributes
	whole := c.alone && infos.Schema(srv) == srv.Schema() // nothing was read: there is nothing to compare with
	if whole {
		attributes = subschemaAttributes
	}
	e, err := s.subschema(ctx, entry, attributes)
	if err != nil {
		return nil, err
	}
	return infos.LoadSchema(ctx, srv, versionOf(entry, e), func(ctx context.Context) (*schemajson.SchemaInfo, error) {
		if !whole {
			if e, err = s.subschema(ctx, entry, subschemaAttributes); err != nil {
				return nil, err
			}
		}
		return schemajson.Parse(e.DN(), attributesOf(e)), nil
	})
}

const modifyTimestamp = "modifyTimestamp"

// versionAttributes tell one state of the schema from another. 389 has no
// modifyTimestamp, but a change sequence number.
var versionAttributes = []string{modifyTimestamp, "nsSchemaCSN"}

func versionOf(entry string, e message.Entry) server.SchemaVersion {
	version := server.SchemaVersion{Subentry: entry}
	for _, name := range versionAttributes {
		if a, has := e.Attribute(name); has {
			version.ModifyTimestamp += strings.Join(a.Strings(), " ") + " "
		}
	}
	return version
}

// subschema reads the schema's entry.
func (s *session) subschema(ctx context.Context, entry string, attributes []string) (message.Entry, error) {
	e, ok, err := s.first(ctx, message.SearchRequest{
		Base: entry, Filter: filter.Equal("objectClass", "subschema"), Attributes: attributes,
	}, nil)
	if err != nil {
		return message.Entry{}, fmt.Errorf("reading the schema %q: %w", entry, err)
	}
	if !ok {
		return message.Entry{}, fmt.Errorf("%w: the entry %q is not there or may not be read", ErrNoSubschema, entry)
	}
	return e, nil
}

// subschemaSubentry returns the DN of the schema's entry.
func (s *session) subschemaSubentry(ctx context.Context) (string, error) {
	const name = "subschemaSubentry"
	// "+" beside the name is for servers that know one and not the other.
	e, err := s.rootDSE(ctx, []string{name, "+"})
	if errors.Is(err, ErrNoRootDSE) {
		return "", fmt.Errorf("%w: %w", ErrNoSubschema, err)
	}
	if err != nil {
		return "", err
	}
	if a, has := e.Attribute(name); has {
		for v := range a.Values() {
			return string(v), nil
		}
	}
	return "", fmt.Errorf("%w: the root DSE has no %s", ErrNoSubschema, name)
}

func (s *session) rootDSE(ctx context.Context, attributes []string) (message.Entry, error) {
	e, ok, err := s.first(ctx, message.SearchRequest{Attributes: attributes}, nil)
	if err != nil {
		return message.Entry{}, fmt.Errorf("reading the root DSE: %w", err)
	}
	if !ok {
		return message.Entry{}, ErrNoRootDSE
	}
	return e, nil
}

// orBound reads, and if that is refused binds and reads again: some servers
// answer nothing before a bind, be it an anonymous one.
func (c *Connection) orBound(ctx context.Context, what string, read func(*session) error) error {
	once := func() error {
		return c.onSession(ctx, what, func(s *session) (bool, error) { return true, read(s) })
	}
	err := once()
	if !IsResult(err, message.ResultOperationsError, message.ResultInappropriateAuthentication, message.ResultStrongerAuthRequired) {
		return err
	}
	if bindErr := c.Bind(ctx); bindErr != nil {
		return fmt.Errorf("%w (and then %w)", err, bindErr)
	}
	return once()
}

// Check asks the server for its root DSE without attributes, to see that it
// answers. Any well-formed result but busy and unavailable is an answer.
func (c *Connection) Check(ctx context.Context) error {
	err := c.onSession(ctx, "search", func(s *session) (bool, error) {
		_, _, err := s.first(ctx, message.SearchRequest{Attributes: []string{"1.1"}}, nil)
		return true, err
	})
	var refused *ResultError
	if errors.As(err, &refused) && !IsResult(err, message.ResultBusy, message.ResultUnavailable) {
		return nil
	}
	return err
}
