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

// ReadDsaInfo reads the root DSE (RFC 4512 §5.1). A server that refuses to
// answer before a bind is bound anonymously first.
func (c *Connection) ReadDsaInfo(ctx context.Context) (*schemajson.DsaInfo, error) {
	e, err := c.rootDSE(ctx, dsaAttributes)
	if err != nil {
		return nil, err
	}
	info := schemajson.NewDsaInfo(attributesOf(e))
	if c.options.Infos != nil {
		c.options.Infos.SetInfo(c.Server(), info)
	}
	return info, nil
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
// root DSE's subschemaSubentry names (RFC 4512 §4.4, §5.1). A server that
// refuses to answer before a bind is bound anonymously first.
//
// With [Options.Infos] a schema that another connection has read is taken from
// there if the entry's modifyTimestamp is still the same.
func (c *Connection) ReadSchema(ctx context.Context) (*schemajson.SchemaInfo, error) {
	entry, err := c.subschemaSubentry(ctx)
	if err != nil {
		return nil, err
	}
	if c.options.Infos == nil {
		return c.readSchema(ctx, entry)
	}
	e, err := c.subschema(ctx, entry, versionAttributes)
	if err != nil {
		return nil, err
	}
	version := server.SchemaVersion{Subentry: entry}
	for _, name := range versionAttributes {
		if a, has := e.Attribute(name); has {
			version.ModifyTimestamp += strings.Join(a.Strings(), " ") + " "
		}
	}
	return c.options.Infos.LoadSchema(ctx, c.Server(), version, func(ctx context.Context) (*schemajson.SchemaInfo, error) {
		return c.readSchema(ctx, entry)
	})
}

const modifyTimestamp = "modifyTimestamp"

// versionAttributes tell one state of the schema from another. 389 has no
// modifyTimestamp, but a change sequence number.
var versionAttributes = []string{modifyTimestamp, "nsSchemaCSN"}

func (c *Connection) readSchema(ctx context.Context, entry string) (*schemajson.SchemaInfo, error) {
	e, err := c.subschema(ctx, entry, subschemaAttributes)
	if err != nil {
		return nil, err
	}
	return schemajson.Parse(e.DN(), attributesOf(e)), nil
}

// subschema reads the schema's entry.
func (c *Connection) subschema(ctx context.Context, entry string, attributes []string) (message.Entry, error) {
	e, ok, err := c.first(ctx, message.SearchRequest{
		Base: entry, Filter: filter.Equal("objectClass", "subschema"), Attributes: attributes,
	})
	if err != nil {
		return message.Entry{}, fmt.Errorf("reading the schema %q: %w", entry, err)
	}
	if !ok {
		return message.Entry{}, fmt.Errorf("%w: the entry %q is not there or may not be read", ErrNoSubschema, entry)
	}
	return e, nil
}

// subschemaSubentry returns the DN of the schema's entry.
func (c *Connection) subschemaSubentry(ctx context.Context) (string, error) {
	const name = "subschemaSubentry"
	// "+" beside the name is for servers that know one and not the other.
	e, err := c.rootDSE(ctx, []string{name, "+"})
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

func (c *Connection) rootDSE(ctx context.Context, attributes []string) (message.Entry, error) {
	r := message.SearchRequest{Attributes: attributes}
	e, ok, err := c.first(ctx, r)
	if IsResult(err, message.ResultOperationsError, message.ResultInappropriateAuthentication, message.ResultStrongerAuthRequired) {
		// Some servers answer nothing before a bind, be it an anonymous one.
		if bindErr := c.Bind(ctx); bindErr != nil {
			return message.Entry{}, fmt.Errorf("reading the root DSE: %w (and then %w)", err, bindErr)
		}
		e, ok, err = c.first(ctx, r)
	}
	if err != nil {
		return message.Entry{}, fmt.Errorf("reading the root DSE: %w", err)
	}
	if !ok {
		return message.Entry{}, ErrNoRootDSE
	}
	return e, nil
}

// Check asks the server for its root DSE without attributes, to see that it
// answers. Any well-formed result but busy and unavailable is an answer.
func (c *Connection) Check(ctx context.Context) error {
	_, _, err := c.first(ctx, message.SearchRequest{Attributes: []string{"1.1"}})
	var refused *ResultError
	if errors.As(err, &refused) && !IsResult(err, message.ResultBusy, message.ResultUnavailable) {
		return nil
	}
	return err
}
