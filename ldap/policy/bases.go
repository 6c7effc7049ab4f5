package policy

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ldapedge/ldapedge/dn"
	"github.com/ldapedge/ldapedge/ldap/ldapurl"
)

// baseRules tell which entries may be named. They do not change once made.
type baseRules struct {
	// bases are those at or under which entries are; none means everywhere.
	bases []base
	// subschema are the entries that have the schema.
	subschema []base
	// activeDirectory is how the name of the schema begins in any forest, nil if
	// that is no exception.
	activeDirectory *base
	rootDSE         bool
}

func newBaseRules(r *Rules, types attributeTypes) (baseRules, error) {
	b := baseRules{rootDSE: !r.RefuseRootDSE}
	var err error
	if b.bases, err = newBases(r.Bases, types); err != nil || r.RefuseSubschema {
		return b, err
	}
	if types.schema != nil && r.SubschemaEntries == nil {
		if d, err := dn.Parse(types.schema.Entry); err == nil && len(d) > 0 {
			b.subschema = append(b.subschema, newBase(d, types))
		}
	}
	if r.SubschemaEntries == nil || slices.Contains(r.SubschemaEntries, orDefault) {
		b.activeDirectory = new(newBase(aggregate, types))
	}
	named, err := newBases(items(r.SubschemaEntries, defaultSubschema), types)
	b.subschema = append(b.subschema, named...)
	return b, err
}

// aggregate is how the schema's name begins in Active Directory (MS-ADTS
// §3.1.1.3.1.1.1).
var aggregate = dn.DN{{{Type: "cn", Value: "Aggregate"}}, {{Type: "cn", Value: "Schema"}}, {{Type: "cn", Value: "Configuration"}}}

func (b *baseRules) limited() bool { return len(b.bases) > 0 }

// under tells whether the DN is one of the bases or under one.
func (b *baseRules) under(d dn.DN) bool {
	return slices.ContainsFunc(b.bases, func(base base) bool { return base.ends(d) })
}

// apart tells whether the DN is that of the root DSE or the schema, which may be
// read although they are under no base.
func (b *baseRules) apart(d dn.DN) bool {
	if len(d) == 0 {
		return b.rootDSE
	}
	if slices.ContainsFunc(b.subschema, func(s base) bool { return len(s.rdns) == len(d) && s.ends(d) }) {
		return true
	}
	n := len(aggregate)
	return b.activeDirectory != nil && len(d) > n && b.activeDirectory.ends(d[:n])
}

// holds tells whether an entry may be shown that a server has returned under the
// name; those that are apart count if such a one was asked for.
func (b *baseRules) holds(name []byte, apart bool) bool {
	if slices.ContainsFunc(b.bases, func(base base) bool { return base.endsText(name) }) {
		return true
	}
	d, err := dn.Parse(withoutExtended(string(name)))
	return err == nil && (b.under(d) || apart && b.apart(d))
}

// withoutExtended returns the DN of an extended one: <GUID=…>;<SID=…>;DN (MS-ADTS
// §3.1.1.3.4.1.5).
func withoutExtended(name string) string {
	for strings.HasPrefix(name, "<") {
		_, rest, found := strings.Cut(name, ">;")
		if !found {
			break
		}
		name = rest
	}
	return name
}

// holdsURL tells whether a reference may be shown. One without a name is to the
// base of the search.
func (b *baseRules) holdsURL(text string) bool {
	u, err := ldapurl.Parse(text)
	if err != nil {
		return false
	}
	return u.DN == "" || b.holds([]byte(u.DN), false)
}

// base is a DN that others are held against.
type base struct {
	rdns []baseRDN
	// plain is the DN as servers mostly write it, which in small letters is the
	// same; empty if there is no such text.
	plain []byte
}

// baseRDN has the types and values of an RDN, most often one.
type baseRDN []baseAVA

type baseAVA struct {
	types []string // all keys of the attribute type
	value string   // prepared
	hex   bool
	exact bool
}

func newBases(texts []string, types attributeTypes) (all []base, err error) {
	for _, text := range texts {
		d, err := dn.Parse(text)
		if err != nil {
			return nil, err
		}
		all = append(all, newBase(d, types))
	}
	return all, nil
}

func newBase(d dn.DN, types attributeTypes) base {
	b := base{rdns: make([]baseRDN, len(d)), plain: []byte(d.String())}
	for i, r := range d {
		for _, a := range r {
			one := baseAVA{types: types.keys(a.Type), value: a.Value, hex: a.Hex, exact: types.exact(a.Type)}
			if !a.Hex {
				one.value = prepare(a.Value, one.exact)
			}
			if one.exact {
				b.plain = nil
			}
			b.rdns[i] = append(b.rdns[i], one)
		}
	}
	if bytes.ContainsFunc(b.plain, func(c rune) bool { return c >= utf8.RuneSelf }) {
		b.plain = nil
	}
	return b
}

// ends tells whether the DN is the base or under it.
func (b *base) ends(d dn.DN) bool {
	if len(d) < len(b.rdns) {
		return false
	}
	d = d[len(d)-len(b.rdns):]
	for i := len(b.rdns) - 1; i >= 0; i-- {
		if !b.rdns[i].equal(d[i]) {
			return false
		}
	}
	return true
}

// endsText tells the same of a DN that is written as servers mostly do, and
// otherwise perhaps nothing. What is before the base is not looked at: quotes, in
// which a separator is none, do not come here.
func (b *base) endsText(name []byte) bool {
	n := len(name) - len(b.plain)
	if len(b.plain) == 0 || n < 0 || !equalLetters(name[n:], b.plain) || bytes.IndexByte(name, '"') >= 0 {
		return false
	}
	if n == 0 {
		return true
	}
	if n--; name[n] != ',' {
		return false
	}
	escapes := n - len(bytes.TrimRight(name[:n], `\`))
	return escapes%2 == 0
}

// equalLetters tells whether two texts are equal but for the case of ASCII
// letters.
func equalLetters[A, B ~string | ~[]byte](a A, b B) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if a[i] != b[i] && small(a[i]) != small(b[i]) {
			return false
		}
	}
	return true
}

// small returns an ASCII letter as a small one.
func small(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c |= 0x20
	}
	return c
}

// equal compares RDNs: their types and values in any order.
func (r baseRDN) equal(other dn.RDN) bool {
	if len(r) != len(other) {
		return false
	}
	for _, a := range r {
		if !slices.ContainsFunc(other, a.equal) {
			return false
		}
	}
	for _, b := range other {
		if !slices.ContainsFunc(r, func(a baseAVA) bool { return a.equal(b) }) {
			return false
		}
	}
	return true
}

// equal compares as caseIgnoreMatch does (RFC 4517 §4.2.11), but where the schema
// says that case matters. Values in hexadecimal are equal to their like alone.
func (a *baseAVA) equal(b dn.AVA) bool {
	switch {
	case a.hex != b.Hex || !slices.ContainsFunc(a.types, func(k string) bool { return equalLetters(k, b.Type) }):
		return false
	case a.value == b.Value || !a.hex && !a.exact && equalLetters(a.value, b.Value):
		return true
	}
	return !a.hex && a.value == prepare(b.Value, a.exact)
}

// prepare prepares a value for comparison: spaces that say nothing go, and so do
// capital letters unless case matters.
func prepare(value string, exact bool) string {
	value = strings.Join(strings.FieldsFunc(value, func(c rune) bool { return c == ' ' }), " ")
	if exact || !utf8.ValidString(value) {
		return value
	}
	return strings.Map(func(c rune) rune {
		if l := unicode.ToLower(c); c < utf8.RuneSelf || l >= utf8.RuneSelf { // K, the unit, is not k
			return l
		}
		return c
	}, value)
}
