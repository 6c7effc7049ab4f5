// Command gen writes the table of the built-in types, docs/formatters.md, of
// the code.
package main

import (
	"cmp"
	"fmt"
	"os"
	"strings"

	"github.com/ldapedge/ldapedge/formatters"
	"github.com/ldapedge/ldapedge/formatters/syntax"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen FILE")
		os.Exit(2)
	}
	if err := os.WriteFile(os.Args[1], []byte(page()), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// samples are values of each kind as they come from a server.
var samples = []struct {
	kind           formatters.Kind
	attribute, raw string
	note           string
}{
	{formatters.KindText, "", "Zoë", "UTF-8, as it is"},
	{formatters.KindBytes, "", "\xff", "any bytes"},
	{formatters.KindInteger, "supportedLDAPVersion", "3", "of any size; a number of a 64-bit syntax (type largeInteger) is a string, as doubles hold no more than 53 bits"},
	{formatters.KindBoolean, "isSynchronized", "TRUE", ""},
	{formatters.KindTime, "lastLogon", "131234567890123456", "RFC 3339, in the zone given and with the digits given"},
	{formatters.KindInterval, "maxPwdAge", "-36288000000000", "an ISO 8601 duration, and ticks of 100 ns"},
	{formatters.KindNever, "accountExpires", "9223372036854775807", "a time that does not come or has not come, an interval without end"},
	{formatters.KindGUID, "objectGUID", "\x68\x9e\x03\x07\x73\x43\x4d\x26\xa0\xa7\x07\x03\x9e\x68\x43\x73", "in braces where Active Directory keeps it"},
	{formatters.KindSID, "objectSid", "\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00", ""},
	{formatters.KindFlags, "userAccountControl", "514", "the number, and the names of the bits that are set"},
	{formatters.KindEnumeration, "trustDirection", "3", "the number, and its name"},
	{formatters.KindDescriptor, "nTSecurityDescriptor", descriptor, "the bytes, SDDL, and the parts"},
}

// descriptor is O:SYG:SYD:(A;;RPWP;;;AU).
const descriptor = "\x01\x00\x04\x80\x30\x00\x00\x00\x3c\x00\x00\x00\x00\x00\x00\x00\x14\x00\x00\x00" +
	"\x04\x00\x1c\x00\x01\x00\x00\x00\x00\x00\x14\x00\x30\x00\x00\x00\x01\x01\x00\x00\x00\x00\x00\x05\x0b\x00\x00\x00" +
	"\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00" + "\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00"

// page returns the whole text.
func page() string {
	var b strings.Builder
	b.WriteString(`# Typed values

What the bytes of an attribute's values mean, by attribute or by syntax. ` + "`go generate ./formatters`" + ` writes this page.

The type is the first that is found: a custom one, then a built-in one, each by the attribute's name as it was returned, by
its OID, by any name of that OID, by its syntax (its own, one inherited through SUP, or that of its equality rule). Names
compare without case, options do not matter. An attribute that the schema defines under another OID does not get a built-in
type by its name. Values of an attribute of which nothing is known are text if they are UTF-8, else bytes. A value that is
not what its attribute says stays as it came, as bytes, with the reason beside it.

An attribute that the schema has as SINGLE-VALUE is its value, any other a list.

## Kinds of value, and their JSON

`)
	f := formatters.New(nil, nil)
	b.WriteString("| kind | JSON | |\n|---|---|---|\n")
	for _, s := range samples {
		v, err := f.Attribute(s.attribute).Format([]byte(s.raw))
		if err != nil || v.Kind() != s.kind {
			panic(fmt.Sprint(s.attribute, " ", v.Kind(), " ", err))
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", s.kind, v.AppendJSON(nil), s.note)
	}
	b.WriteString("\nWhat is read back of this JSON, the attribute's validator takes for the same value.\n")
	syntaxes(&b)
	attributes(&b)
	return b.String()
}

// checks are how far the validator of a syntax looks at a value.
var checks = map[syntax.Depth]string{
	syntax.Grammar:  "by its grammar",
	syntax.Outline:  "in outline",
	syntax.Anything: "takes anything",
}

func syntaxes(b *strings.Builder) {
	infos := make(map[string]syntax.Info)
	for _, i := range syntax.All() {
		infos[i.OID] = i
	}
	b.WriteString("\n## Syntaxes\n\nThe validator checks values as the document says; notes are in the package `formatters/syntax`.\n\n" +
		"| OID | name | type | kinds | document | validated |\n|---|---|---|---|---|---|\n")
	for _, k := range formatters.Keys() {
		if k.Attribute {
			continue
		}
		i := infos[k.OID]
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", k.OID, k.Name, k.Type.Name, kinds(k), i.Doc, checks[i.Depth])
	}
}

func attributes(b *strings.Builder) {
	b.WriteString("\n## Attributes\n\n| OID | name | type | kinds |\n|---|---|---|---|\n")
	for _, k := range formatters.Keys() {
		if k.Attribute {
			fmt.Fprintf(b, "| %s | %s | %s | %s |\n", cmp.Or(k.OID, "–"), k.Name, k.Type.Name, kinds(k))
		}
	}
}

func kinds(k formatters.Key) string {
	names := make([]string, len(k.Type.Kinds))
	for i, kind := range k.Type.Kinds {
		names[i] = kind.String()
	}
	return strings.Join(names, ", ")
}
