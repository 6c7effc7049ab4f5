package policy

import (
	"bytes"
	"strings"
	"sync"

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
	// lengths has a bit for each length that a refused key has, so that most
	// attributes of an entry cost nothing.
	lengths uint64
}

// short is the length below which lengths tells.
const short = 64

func newAttributeRules(r *Rules, types attributeTypes) attributeRules {
	a := attributeRules{types: types}
	refused := items(r.RefusedAttributes, DefaultRefusedAttributes())
	a.refused = types.expand(refused, subtypes)
	a.tested = types.expand(keysOf(a.refused), supertypes)
	a.writable = types.expand(r.WritableAttributes, nil)
	for key := range a.refused {
		if len(key) < short {
			a.lengths |= 1 << len(key)
		}
	}
	return a
}

// hidden tells whether an attribute must not be shown. It is called for every
// attribute of every entry.
func (a *attributeRules) hidden(description []byte) bool {
	if i := bytes.IndexByte(description, ';'); i >= 0 {
		description = description[:i]
	}
	n := len(description)
	if n == 0 || n >= short || n > 3 && description[3] == '.' || description[0] <= ' ' || isDigit(description[0]) || description[n-1] <= ' ' {
		return a.isRefused(string(description)) // which takes all of it into account
	}
	if a.lengths>>n&1 == 0 {
		return false
	}
	var small [short]byte
	for i, c := range description {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		small[i] = c
	}
	return a.refused[string(small[:n])]
}

// isRefused tells whether an attribute may not be asked for. What is named by an
// OID that cannot be resolved, or is no name at all, may be anything.
func (a *attributeRules) isRefused(description string) bool { return a.in(a.refused, description) }

// isTested tells whether a test of the attribute tells of a refused one.
func (a *attributeRules) isTested(description string) bool { return a.in(a.tested, description) }

// mayWrite tells whether an update may set the attribute.
func (a *attributeRules) mayWrite(description string) bool {
	return !a.isRefused(description) || a.writable[key(description)]
}

func (a *attributeRules) in(set map[string]bool, description string) bool {
	if len(a.refused) == 0 {
		return false
	}
	k := key(description)
	return set[k] || strings.Trim(k, keyLetters) != "" || k != "" && (isDigit(k[0]) || strings.Contains(k, ".")) && !a.types.resolves(k)
}

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

// attributeTypes finds all names of an attribute type.
type attributeTypes struct {
	schema *schemajson.SchemaInfo // nil if there is none
}

// wellKnown are names and OIDs that belong together without a schema: those of
// RFC 4514 §3, which DNs are made of, and the secrets.
var wellKnown = sync.OnceValue(func() map[string]string {
	known := map[string]string{
		"cn": "2.5.4.3", "l": "2.5.4.7", "st": "2.5.4.8", "o": "2.5.4.10", "ou": "2.5.4.11", "c": "2.5.4.6",
		"street": "2.5.4.9", "dc": "0.9.2342.19200300.100.1.25", "uid": "0.9.2342.19200300.100.1.1",
		"objectclass": "2.5.4.0", "sn": "2.5.4.4",
	}
	for _, s := range secrets {
		if s.oid != "" {
			known[strings.ToLower(s.name)] = s.oid
		}
	}
	both := make(map[string]string, 2*len(known))
	for name, oid := range known {
		both[name], both[oid] = oid, name
	}
	return both
})

// resolves tells whether it is known what the key stands for.
func (t attributeTypes) resolves(k string) bool {
	return wellKnown()[k] != "" || t.schema != nil && t.schema.AttributeType(k) != nil
}

// direction leads from an attribute type to related ones.
type direction func(*schemajson.SchemaInfo, *schemajson.AttributeType) []*schemajson.AttributeType

func subtypes(s *schemajson.SchemaInfo, t *schemajson.AttributeType) []*schemajson.AttributeType {
	return s.Subtypes(t)
}

func supertypes(s *schemajson.SchemaInfo, t *schemajson.AttributeType) []*schemajson.AttributeType {
	return s.Supertypes(t)
}

// expand returns the keys of the attribute types, of all definitions that have
// one of them, and of what the direction leads to.
func (t attributeTypes) expand(names []string, to direction) map[string]bool {
	all := make(map[string]bool)
	for next := names; len(next) > 0; {
		k := key(next[0])
		next = next[1:]
		if all[k] || k == "" {
			continue
		}
		all[k] = true
		next = append(next[:len(next):len(next)], t.related(k, to)...)
	}
	return all
}

func (t attributeTypes) related(k string, to direction) (keys []string) {
	if alias := wellKnown()[k]; alias != "" {
		keys = append(keys, alias)
	}
	if t.schema == nil {
		return keys
	}
	for _, definition := range t.schema.AttributeTypesNamed(k) {
		keys = append(append(keys, definition.Names...), definition.OID)
		if to == nil {
			continue
		}
		for _, other := range to(t.schema, definition) {
			keys = append(append(keys, other.Names...), other.OID)
		}
	}
	return keys
}

// canonical returns one key for all names of an attribute type.
func (t attributeTypes) canonical(name string) string {
	k := key(name)
	if t.schema != nil {
		if definition := t.schema.AttributeType(k); definition != nil && definition.OID != "" {
			return strings.ToLower(definition.OID)
		}
	}
	if alias := wellKnown()[k]; alias != "" && !isDigit(k[0]) {
		return alias
	}
	return k
}

func keysOf(set map[string]bool) []string {
	var keys []string
	for k := range set {
		keys = append(keys, k)
	}
	return keys
}
