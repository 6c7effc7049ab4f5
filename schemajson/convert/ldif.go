package convert

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/ldif"
	"github.com/ldapedge/ldapedge/schemajson"
)

// ReadLDIF reads a schema from LDIF, of these kinds, which it tells apart:
//
//   - subschema entries (RFC 4512 §4.2), as ldapsearch prints them and as 389
//     Directory Server and others keep them in files;
//   - entries of OpenLDAP's cn=config with olcAttributeTypes, olcObjectClasses,
//     olcLdapSyntaxes, olcDitContentRules and olcObjectIdentifier. What they
//     define by olcObjectIdentifier is put in place;
//   - Active Directory's attributeSchema and classSchema objects, as ldifde and
//     ldapsearch print them and as Microsoft publishes them, also those whose
//     records have no DN. They become what Active Directory itself publishes in
//     its subschema entry, with descriptions and lengths beside (MS-ADTS
//     §3.1.1.3.1.1.1); defunct ones are left out, as there.
//
// Several entries are added together in their order, and entries of other kinds
// are left out. Changes that add to an entry are read as the entry.
//
// It returns an [*ldif.Error] for what is not LDIF and [ErrNoDefinitions] for
// LDIF that has no definition in it.
func ReadLDIF(r io.Reader) (*schemajson.SchemaInfo, error) {
	in := ldif.NewReader(r)
	in.WithoutDN = true
	c := &collector{}
	var ad activeDirectory
	for {
		record, err := in.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("reading a schema: %w", err)
		}
		switch {
		case ad.add(c, record):
		case c.addConfig(record):
		default:
			c.addSubschema(record)
		}
	}
	ad.addContentRules(c)
	s, err := c.schema()
	if err != nil {
		return nil, fmt.Errorf("reading a schema from LDIF: %w", err)
	}
	return s, nil
}

// addSubschema adds the definitions of a subschema entry, and all of the first
// such entry.
func (c *collector) addSubschema(r *ldif.Record) {
	holds := func(a ldif.Attribute) bool { return collectionOf(a.Name) != "" }
	if !slices.ContainsFunc(r.Attributes, holds) {
		return
	}
	first := len(c.attributes) == 0
	if first {
		c.entry = r.DN
	}
	for _, a := range r.Attributes {
		if first || holds(a) {
			c.add(a.Name, a.Values...)
		}
	}
}

// configAttributes are the attributes of cn=config that hold definitions, in
// small letters.
var configAttributes = map[string]string{
	"olcattributetypes":  schemajson.CollectionAttributeTypes,
	"olcobjectclasses":   schemajson.CollectionObjectClasses,
	"olcldapsyntaxes":    schemajson.CollectionLDAPSyntaxes,
	"olcditcontentrules": schemajson.CollectionDITContentRules,
}

const olcObjectIdentifier = "olcObjectIdentifier"

// addConfig adds the definitions of an entry of cn=config and reports whether
// it is one.
func (c *collector) addConfig(r *ldif.Record) (found bool) {
	for _, a := range r.Attributes {
		if strings.EqualFold(a.Name, olcObjectIdentifier) {
			found = true
			for _, v := range inOrder(a.Values) {
				c.define(v)
			}
			continue
		}
		collection := configAttributes[strings.ToLower(a.Name)]
		if collection == "" {
			continue
		}
		found = true
		for _, v := range inOrder(a.Values) {
			c.unexpanded = append(c.unexpanded, definition{collection, v})
		}
	}
	return found
}

// inOrder returns values without the {n} that tells their place among the
// others (X-ORDERED), sorted by it if all have one.
func inOrder(values []string) []string {
	type ordered struct {
		n     int
		value string
	}
	all := make([]ordered, len(values))
	every := true
	for i, v := range values {
		n, rest, ok := cutOrder(v)
		all[i] = ordered{n, rest}
		every = every && ok
	}
	if every {
		slices.SortStableFunc(all, func(a, b ordered) int { return cmp.Compare(a.n, b.n) })
	}
	plain := make([]string, len(all))
	for i := range all {
		plain[i] = all[i].value
	}
	return plain
}

func cutOrder(value string) (n int, rest string, ok bool) {
	if inside, rest, found := strings.Cut(value, "}"); found && strings.HasPrefix(inside, "{") {
		if n, err := strconv.Atoi(inside[1:]); err == nil {
			return n, rest, true
		}
	}
	return 0, value, false
}
