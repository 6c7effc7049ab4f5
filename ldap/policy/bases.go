package policy

import (
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/dn"
)

// baseRules tell which entries may be named. They do not change once made.
type baseRules struct {
	// bases are normalised; none means everywhere.
	bases []name
	// subschema are the entries that have the schema.
	subschema []name
	// activeDirectory takes the schema of any forest for one of them.
	activeDirectory bool
	rootDSE         bool
	types           attributeTypes
}

// name is a DN whose RDNs are texts that are equal if the RDNs are.
type name []string

func newBaseRules(r *Rules, types attributeTypes) (baseRules, error) {
	b := baseRules{rootDSE: !r.RefuseRootDSE, types: types}
	var err error
	if b.bases, err = b.names(r.Bases); err != nil || r.RefuseSubschema {
		return b, err
	}
	entries := items(r.SubschemaEntries, defaultSubschema)
	if types.schema != nil && types.schema.Entry != "" && r.SubschemaEntries == nil {
		if n, _, ok := b.parse(types.schema.Entry); ok {
			b.subschema = append(b.subschema, n)
		}
	}
	b.activeDirectory = r.SubschemaEntries == nil || slices.Contains(r.SubschemaEntries, orDefault)
	named, err := b.names(entries)
	b.subschema = append(b.subschema, named...)
	return b, err
}

func (b *baseRules) names(texts []string) (all []name, err error) {
	for _, text := range texts {
		d, err := dn.Parse(text)
		if err != nil {
			return nil, err
		}
		all = append(all, b.normalise(d))
	}
	return all, nil
}

func (b *baseRules) limited() bool { return len(b.bases) > 0 }

// parse returns a DN normalised, and as it is written anew (RFC 4514), so that
// the server reads what has been judged.
func (b *baseRules) parse(text string) (n name, written string, ok bool) {
	d, err := dn.Parse(text)
	if err != nil {
		return nil, "", false
	}
	return b.normalise(d), d.String(), true
}

// under tells whether the DN is one of the bases or under one.
func (b *baseRules) under(n name) bool {
	return slices.ContainsFunc(b.bases, func(base name) bool {
		return len(n) >= len(base) && slices.Equal(n[len(n)-len(base):], base)
	})
}

// schemaOf tells whether the DN is that of the schema.
func (b *baseRules) schemaOf(n name) bool {
	if slices.ContainsFunc(b.subschema, func(s name) bool { return slices.Equal(n, s) }) {
		return true
	}
	// MS-ADTS §3.1.1.3.1.1.1
	return b.activeDirectory && len(n) > len(aggregate) && slices.Equal(n[:len(aggregate)], b.aggregate())
}

var aggregate = [...]string{"Aggregate", "Schema", "Configuration"}

func (b *baseRules) aggregate() (n name) {
	for _, cn := range aggregate {
		n = append(n, b.rdn(dn.RDN{{Type: "cn", Value: cn}}))
	}
	return n
}

func (b *baseRules) normalise(d dn.DN) name {
	n := make(name, len(d))
	for i, r := range d {
		n[i] = b.rdn(r)
	}
	return n
}

// rdn normalises as caseIgnoreMatch does (RFC 4517 §4.2.11), but where the
// schema says that case matters. Values in hexadecimal are left as they are,
// and so are equal to their like alone.
func (b *baseRules) rdn(r dn.RDN) string {
	var parts []string
	for _, a := range r {
		value := a.Value
		if !a.Hex {
			value = strings.Join(strings.FieldsFunc(value, func(c rune) bool { return c == ' ' }), " ")
			if !b.exact(a.Type) {
				value = strings.ToLower(value)
			}
		}
		a.Type, a.Value = b.types.canonical(a.Type), value
		parts = append(parts, a.String())
	}
	slices.Sort(parts)
	return strings.Join(parts, "+")
}

// exact tells whether the values of an attribute type compare with their case.
func (b *baseRules) exact(attribute string) bool {
	if b.types.schema == nil {
		return false
	}
	t := b.types.schema.AttributeType(key(attribute))
	if t == nil {
		return false
	}
	equality, _, _ := b.types.schema.RulesOf(t)
	return strings.HasPrefix(strings.ToLower(equality.Name), "caseexact") || equality.Name == "2.5.13.5"
}
