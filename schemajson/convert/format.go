package convert

import (
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Definition is a definition of any of the eight kinds.
type Definition interface {
	*schemajson.AttributeType | *schemajson.ObjectClass | *schemajson.LDAPSyntax | *schemajson.MatchingRule |
		*schemajson.MatchingRuleUse | *schemajson.DITContentRule | *schemajson.DITStructureRule | *schemajson.NameForm
}

// Format returns a definition in the form and order of fields of RFC 4512 §4.1.
// What the definition leaves to the RFC's default is left out: parsing the text
// gives the definition again, but for its Raw.
//
// What RFC 4512 has no form for is written so that it is read back: a name with
// a space in it and an empty OID are quoted, and a keyword that the RFC does not
// know comes with the extensions. Only such a keyword without a value cannot be
// told from one with a value if the next is not all capitals and hyphens.
func Format[D Definition](d D) string {
	return "( " + strings.Join(fields(d), " ") + " )"
}

// fields returns the definition's fields, each with its keyword, the identifier
// first.
func fields[D Definition](d D) []string {
	switch d := any(d).(type) {
	case *schemajson.AttributeType:
		return attributeTypeFields(d)
	case *schemajson.ObjectClass:
		return objectClassFields(d)
	case *schemajson.LDAPSyntax:
		return begin(&d.Definition).end(&d.Definition)
	case *schemajson.MatchingRule:
		return begin(&d.Definition).word("SYNTAX", d.Syntax).end(&d.Definition)
	case *schemajson.MatchingRuleUse:
		return begin(&d.Definition).oids("APPLIES", d.Applies).end(&d.Definition)
	case *schemajson.DITContentRule:
		return begin(&d.Definition).oids("AUX", d.Aux).oids("MUST", d.Must).oids("MAY", d.May).oids("NOT", d.Not).end(&d.Definition)
	case *schemajson.DITStructureRule:
		return begin(&d.Definition).word("FORM", d.Form).ruleIDs("SUP", d.SUP).end(&d.Definition)
	case *schemajson.NameForm:
		return begin(&d.Definition).word("OC", d.OC).oids("MUST", d.Must).oids("MAY", d.May).end(&d.Definition)
	}
	return nil
}

func attributeTypeFields(d *schemajson.AttributeType) []string {
	syntax := d.Syntax
	if d.Length > 0 {
		syntax += "{" + strconv.Itoa(d.Length) + "}"
	}
	f := begin(&d.Definition).word("SUP", d.SUP).
		word("EQUALITY", d.Equality).word("ORDERING", d.Ordering).word("SUBSTR", d.Substr).word("SYNTAX", syntax).
		flag("SINGLE-VALUE", d.SingleValue).flag("COLLECTIVE", d.Collective).flag("NO-USER-MODIFICATION", d.NoUserModification)
	if d.UsageGiven {
		f = append(f, "USAGE "+d.Usage.String())
	}
	return f.end(&d.Definition)
}

func objectClassFields(d *schemajson.ObjectClass) []string {
	return begin(&d.Definition).oids("SUP", d.SUP).flag(d.Kind.String(), d.KindGiven).
		oids("MUST", d.Must).oids("MAY", d.May).end(&d.Definition)
}

// fieldList collects a definition's fields.
type fieldList []string

func begin(d *schemajson.Definition) fieldList {
	f := fieldList{identifier(d.OID)}.descriptors("NAME", d.Names)
	if d.DescGiven || d.Desc != "" {
		f = append(f, "DESC "+quote(d.Desc))
	}
	return f.flag("OBSOLETE", d.Obsolete)
}

func (f fieldList) end(d *schemajson.Definition) []string {
	for _, x := range d.Extensions {
		switch {
		case len(x.Values) > 0:
			f = f.descriptors(x.Name, x.Values)
		case isExtension(x.Name):
			f = append(f, x.Name+" ( )")
		default:
			f = append(f, x.Name)
		}
	}
	return f
}

// isExtension tells an xstring (RFC 4512 §4.1) from a keyword that the RFC does
// not know.
func isExtension(keyword string) bool {
	return len(keyword) > 2 && (keyword[0] == 'X' || keyword[0] == 'x') && (keyword[1] == '-' || keyword[1] == '_')
}

// word adds a name or OID, unless it is empty.
func (f fieldList) word(keyword, value string) fieldList {
	if value == "" {
		return f
	}
	return append(f, keyword+" "+oid(value))
}

func (f fieldList) flag(keyword string, given bool) fieldList {
	if !given {
		return f
	}
	return append(f, keyword)
}

// oids adds names or OIDs that are separated by dollars.
func (f fieldList) oids(keyword string, values []string) fieldList {
	return f.list(keyword, values, " $ ", oid)
}

// ruleIDs adds numbers that are separated by spaces.
func (f fieldList) ruleIDs(keyword string, values []string) fieldList {
	return f.list(keyword, values, " ", oid)
}

// descriptors adds strings in quotes.
func (f fieldList) descriptors(keyword string, values []string) fieldList {
	return f.list(keyword, values, " ", quote)
}

func (f fieldList) list(keyword string, values []string, separator string, form func(string) string) fieldList {
	switch len(values) {
	case 0:
		return f
	case 1:
		return append(f, keyword+" "+form(values[0]))
	}
	var b strings.Builder
	b.WriteString(keyword + " ( ")
	for i, v := range values {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(form(v))
	}
	b.WriteString(" )")
	return append(f, b.String())
}

// identifier forms the identifier that a definition begins with. It has no
// escapes.
func identifier(s string) string {
	switch strings.ToUpper(s) {
	case "NAME", "DESC", "OBSOLETE":
	default:
		if isWord(s) {
			return s
		}
	}
	return "'" + s + "'"
}

// oid forms a name or OID: as it is where it can be read like that.
func oid(s string) string {
	if isWord(s) {
		return s
	}
	return quote(s)
}

// isWord tells whether a scanner reads s as one word.
func isWord(s string) bool {
	t := schemajson.NewScanner(s).Next()
	return t.Kind == schemajson.TokenWord && t.Start == 0 && t.End == len(s)
}

// quote forms a qdstring: in quotes, with the escapes of RFC 4512 §4.1.
func quote(s string) string {
	return "'" + escapes.Replace(s) + "'"
}

var escapes = strings.NewReplacer("'", `\27`, `\`, `\5c`)
