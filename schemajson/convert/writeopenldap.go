package convert

import (
	"fmt"
	"io"
	"strings"

	"github.com/ldapedge/ldapedge/ldif"
	"github.com/ldapedge/ldapedge/schemajson"
)

// WriteOpenLDAPLDIF writes a schema as an entry of OpenLDAP's cn=config,
// cn=NAME,cn=schema,cn=config with the name of the options, for ldapadd and
// slapadd.
//
// It has the attribute types, supertypes first, the object classes, superclasses
// first, the content rules, and the syntaxes that are defined by another
// (X-SUBST): what slapd lets a configuration define. [Options.Changed] is told of
// what slapd would refuse and is therefore left out:
//
//   - operational attributes, which only slapd's own code defines;
//   - NO-USER-MODIFICATION of other attributes;
//   - keywords that RFC 4512 does not know;
//   - a definition with the OID or a name of an earlier one, or with a name in
//     place of an OID.
//
// What slapd has built in is to be left out with [Options.Exclude], as by
// [BuiltIntoSlapd]; and whatever the definitions name, such as matching rules and
// syntaxes, must be known to slapd.
func WriteOpenLDAPLDIF(w io.Writer, s *schemajson.SchemaInfo, o *Options) error {
	r := &ldif.Record{
		DN: "cn=" + escapeRDN(o.name()) + ",cn=schema,cn=config",
		Attributes: []ldif.Attribute{
			{Name: "objectClass", Values: []string{"olcSchemaConfig"}},
			{Name: "cn", Values: []string{o.name()}},
		},
	}
	for _, part := range forSlapd(s, o) {
		values := make([]string, len(part.definitions))
		for i, fields := range part.definitions {
			values[i] = "( " + strings.Join(fields, " ") + " )"
		}
		r.Attributes = append(r.Attributes, ldif.Attribute{Name: part.attribute, Values: values})
	}
	return writeRecord(w, r)
}

// escapeRDN escapes a value for a DN (RFC 4514 §2.4).
func escapeRDN(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == 0:
			b.WriteString(`\00`)
			continue
		case strings.IndexByte(`",;<>\+=`, c) >= 0, c == '#' && i == 0, c == ' ' && (i == 0 || i == len(s)-1):
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

// WriteOpenLDAP writes a schema in OpenLDAP's older format (slapd.conf(5)), that
// of the files named .schema: what [WriteOpenLDAPLDIF] writes, with a line for
// each field.
func WriteOpenLDAP(w io.Writer, s *schemajson.SchemaInfo, o *Options) error {
	var b strings.Builder
	for _, part := range forSlapd(s, o) {
		for _, fields := range part.definitions {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(part.directive + " ( " + fields[0])
			for _, f := range fields[1:] {
				wrap(&b, lineEnds.Replace(f))
			}
			b.WriteString(" )\n")
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing a schema for slapd.conf: %w", err)
	}
	return nil
}

// wrap writes a field on a line of its own, and on more if it is a list of many.
func wrap(b *strings.Builder, field string) {
	const columns = 80
	indent := "\n\t"
	for len(field) > columns {
		cut := strings.LastIndex(field[:columns], " $ ")
		if cut < 0 || strings.Contains(field[:cut], "'") {
			break
		}
		b.WriteString(indent + field[:cut])
		field = field[cut+1:]
		indent = "\n\t\t"
	}
	b.WriteString(indent + field)
}
