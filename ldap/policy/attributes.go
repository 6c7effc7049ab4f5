package policy

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/ldapedge/ldapedge/ldap/message"
	"github.com/ldapedge/ldapedge/schemajson"
)

// attributeRules tell which attributes are refused. They do not change once
// made.
type attributeRules struct {
	// refused are those that are never shown, by every key that they have.
	refused map[string]bool
	// tested are the refused ones and their supertypes: a test of a supertype
	// tests its subtypes (RFC 4511 §4.5.1.7.1).
	tested   map[string]bool
	writable map[string]bool
	types    attributeTypes
	// sieve holds the refused keys, so that most attributes of an entry cost nothing.
	sieve message.Sieve
}

func newAttributeRules(r *Rules, types attributeTypes) attributeRules {
	a := attributeRules{types: types}
	refused := items(r.RefusedAttributes, DefaultRefusedAttributes())
	a.refused = types.expand(refused, toSubtypes)
	a.tested = types.expand(slices.Collect(maps.Keys(a.refused)), toSupertypes)
	a.writable = newWritable(r.WritableAttributes, refused, types)
	for key := range a.refused {
		a.sieve.Add(key)
	}
	a.sieve.Add("oid.")
	return a
}

// newWritable returns the keys of the attributes that may be written. A server's
// schema gives them more names, but none that without it is that of a refused
// attribute.
func newWritable(names, refused []string, types attributeTypes) map[string]bool {
	known := attributeTypes{}
	writable := known.expand(names, nowhere)
	elsewhere := known.expand(refused, nowhere)
	for key := range types.expand(names, nowhere) {
		if !elsewhere[key] {
			writable[key] = true
		}
	}
	return writable
}

// hidden tells whether an attribute must not be shown. It is called for every
// attribute of every entry.
func (a *attributeRules) hidden(description []byte) bool {
	return a.sieve.Holds(description) && in(a, a.refused, description)
}

// isRefused tells whether an attribute may not be asked for. What is named by an
// OID that cannot be resolved, or is no name at all, may be anything.
func (a *attributeRules) isRefused(description string) bool { return in(a, a.refused, description) }

// isTested tells whether a test of the attribute tells of a refused one.
func (a *attributeRules) isTested(description string) bool { return in(a, a.tested, description) }

// mayWrite tells whether an update may set the attribute.
func (a *attributeRules) mayWrite(description string) bool {
	return !a.isRefused(description) || a.writable[key(description)]
}

func in[B ~string | ~[]byte](a *attributeRules, set map[string]bool, description B) bool {
	if len(a.refused) == 0 {
		return false
	}
	var folded [64]byte
	if n := fold(&folded, description); n > 0 {
		return set[string(folded[:n])]
	}
	k := key(string(description))
	return set[k] || strings.Trim(k, keyLetters) != "" || k != "" && (isDigit(k[0]) || strings.Contains(k, ".")) && !a.types.resolves(k)
}

// fold writes the key of a description that is a name and options, and returns
// its length; 0 if it may be something else.
func fold[B ~string | ~[]byte](key *[64]byte, description B) int {
	n := 0
	for ; n < len(description) && description[n] != ';'; n++ {
		c := small(description[n])
		if n == len(key) || !isLetter(c) && (n == 0 || !isDigit(c) && c != '-' && c != '_') {
			return 0
		}
		key[n] = c
	}
	return n
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// keyLetters are those of names and OIDs; some servers have underscores.
const keyLetters = "abcdefghijklmnopqrstuvwxyz0123456789-_."

// any tells whether there are refused attributes.
func (a *attributeRules) any() bool { return len(a.refused) > 0 }

// key is what an attribute type is known by: its name or OID in small letters,
// without options (RFC 4512 §2.5), LDAPv2's "OID." and spaces, which some
// servers ignore.
func key(description string) string {
	k, _, _ := strings.Cut(description, ";")
	k = strings.ToLower(strings.TrimSpace(k))
	if rest, ok := strings.CutPrefix(k, "oid."); ok && rest != "" && isDigit(rest[0]) {
		k = rest
	}
	return k
}

// attributeTypes finds all names of an attribute type: those that are known here
// and those of a schema. What the schema says adds to what is known and never
// takes the place of it, for it may be a hostile server's.
type attributeTypes struct {
	// named are the definitions with a name or OID, by its key, and under those
	// that have it for their supertype.
	named, under map[string][]*schemajson.AttributeType
	schema       *schemajson.SchemaInfo // nil if there is none
}

func newAttributeTypes(schema *schemajson.SchemaInfo) attributeTypes {
	t := attributeTypes{schema: schema}
	if schema == nil {
		return t
	}
	t.named, t.under = make(map[string][]*schemajson.AttributeType), make(map[string][]*schemajson.AttributeType)
	for i := range schema.AttributeTypes {
		d := &schema.AttributeTypes[i]
		for _, name := range append(d.Names[:len(d.Names):len(d.Names)], d.OID) {
			t.named[key(name)] = append(t.named[key(name)], d)
		}
		t.under[key(d.SUP)] = append(t.under[key(d.SUP)], d)
	}
	return t
}

// wellKnown are names and OIDs that belong together without a schema: those of
// RFC 4519 that DNs are made of, and the secrets.
var wellKnown = sync.OnceValue(func() map[string][]string {
	groups := [][]string{
		{"2.5.4.3", "cn", "commonName"}, {"2.5.4.7", "l", "localityName"}, {"2.5.4.8", "st", "stateOrProvinceName"},
		{"2.5.4.10", "o", "organizationName"}, {"2.5.4.11", "ou", "organizationalUnitName"}, {"2.5.4.6", "c", "countryName"},
		{"2.5.4.9", "street"}, {"0.9.2342.19200300.100.1.25", "dc", "domainComponent"},
		{"0.9.2342.19200300.100.1.1", "uid", "userid"}, {"2.5.4.0", "objectClass"}, {"2.5.4.4", "sn", "surname"},
	}
	for _, s := range secrets {
		if s.oid != "" {
			groups = append(groups, []string{s.oid, s.name})
		}
	}
	known := make(map[string][]string)
	for _, group := range groups {
		for i := range group {
			group[i] = strings.ToLower(group[i])
		}
		for _, k := range group {
			known[k] = group
		}
	}
	return known
})

// resolves tells whether it is known what the key stands for.
func (t attributeTypes) resolves(k string) bool { return wellKnown()[k] != nil || t.named[k] != nil }

// direction leads from attribute types to related ones.
type direction int

const (
	nowhere direction = iota
	toSubtypes
	toSupertypes
)

// expand returns the keys of the attribute types, of all definitions that have
// one of them, and of those that the direction leads to. Each definition is looked
// at once, however many there are.
func (t attributeTypes) expand(names []string, to direction) map[string]bool {
	all, seen := make(map[string]bool), make(map[*schemajson.AttributeType]bool)
	next := slices.Clone(names)
	visit := func(definitions []*schemajson.AttributeType) {
		for _, d := range definitions {
			if seen[d] {
				continue
			}
			seen[d] = true
			next = append(append(next, d.Names...), d.OID)
			if to == toSupertypes {
				next = append(next, d.SUP)
			}
		}
	}
	for len(next) > 0 {
		k := key(next[len(next)-1])
		next = next[:len(next)-1]
		if all[k] || k == "" {
			continue
		}
		all[k] = true
		next = append(next, wellKnown()[k]...)
		visit(t.named[k])
		if to == toSubtypes {
			visit(t.under[k])
		}
	}
	return all
}

// keys returns all keys of an attribute type. What is known to be another is none
// of them, whatever the schema says.
func (t attributeTypes) keys(name string) (all []string) {
	known := attributeTypes{}.expand([]string{name}, nowhere)
	for k := range t.expand([]string{name}, nowhere) {
		if known[k] || wellKnown()[k] == nil {
			all = append(all, k)
		}
	}
	return all
}

// exact tells whether the values of an attribute type compare with their case.
func (t attributeTypes) exact(name string) bool {
	return slices.ContainsFunc(t.named[key(name)], func(d *schemajson.AttributeType) bool {
		equality, _, _ := t.schema.RulesOf(d)
		return strings.HasPrefix(strings.ToLower(equality.Name), "caseexact") || equality.Name == "2.5.13.5"
	})
}
