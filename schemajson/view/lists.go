package view

import (
	"strconv"

	"github.com/ldapedge/ldapedge/schemajson"
)

// List is one collection with a line for each definition.
type List struct {
	// Collection is the LDAP attribute that holds the definitions.
	Collection string `json:"collection"`
	// Definitions are in the schema's order.
	Definitions []Item `json:"definitions"`
}

// Item is a definition as a line of a list.
type Item struct {
	Name string `json:"name"`
	// Ordinal is its place among the definitions with the name, absent if it is
	// the first: the one that look-ups take.
	Ordinal int    `json:"ordinal,omitempty"`
	OID     string `json:"oid"`
	Desc    string `json:"desc,omitempty"`
	// Kind is of object classes, Usage of attribute types.
	Kind     string `json:"kind,omitempty"`
	Usage    string `json:"usage,omitempty"`
	Obsolete bool   `json:"obsolete,omitempty"`
	// SUP are the places in the list of the direct superclasses, or of the
	// supertype, as far as the schema defines them.
	SUP []int `json:"sup,omitempty"`
	// Origin is where it comes from, as X-ORIGIN or X-SCHEMA-FILE says.
	Origin []string `json:"origin,omitempty"`
	// Unused tells of an attribute type that no class names.
	Unused bool `json:"unused,omitempty"`
}

// AppendJSON appends the list as encoding/json has it.
func (l List) AppendJSON(dst []byte) []byte {
	dst = appendMember(append(dst, '{'), "collection", l.Collection)
	dst = append(dst, `,"definitions":[`...)
	for n, i := range l.Definitions {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = i.AppendJSON(dst)
	}
	return append(dst, "]}"...)
}

// AppendJSON appends the line as encoding/json has it.
func (i Item) AppendJSON(dst []byte) []byte {
	dst = appendMember(append(dst, '{'), "name", i.Name)
	if i.Ordinal != 0 {
		dst = strconv.AppendInt(append(dst, `,"ordinal":`...), int64(i.Ordinal), 10)
	}
	dst = appendMember(append(dst, ','), "oid", i.OID)
	for _, m := range [...]struct{ name, value string }{{"desc", i.Desc}, {"kind", i.Kind}, {"usage", i.Usage}} {
		if m.value != "" {
			dst = appendMember(append(dst, ','), m.name, m.value)
		}
	}
	if i.Obsolete {
		dst = append(dst, `,"obsolete":true`...)
	}
	if len(i.SUP) > 0 {
		dst = appendList(append(dst, `,"sup":`...), i.SUP, func(dst []byte, place int) []byte { return strconv.AppendInt(dst, int64(place), 10) })
	}
	if len(i.Origin) > 0 {
		dst = appendList(append(dst, `,"origin":`...), i.Origin, schemajson.AppendJSONText)
	}
	if i.Unused {
		dst = append(dst, `,"unused":true`...)
	}
	return append(dst, '}')
}

func appendMember(dst []byte, name, value string) []byte {
	return schemajson.AppendJSONText(append(schemajson.AppendJSONString(dst, name), ':'), value)
}

func appendList[T any](dst []byte, all []T, one func([]byte, T) []byte) []byte {
	dst = append(dst, '[')
	for i, v := range all {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = one(dst, v)
	}
	return append(dst, ']')
}

// Collections are all collections in the order of [Lists]: what one looks for first
// comes first.
var Collections = [...]string{
	schemajson.CollectionObjectClasses, schemajson.CollectionAttributeTypes, schemajson.CollectionMatchingRules,
	schemajson.CollectionLDAPSyntaxes, schemajson.CollectionMatchingRuleUse, schemajson.CollectionDITContentRules,
	schemajson.CollectionDITStructureRules, schemajson.CollectionNameForms,
}

// Lists returns the lists of all collections, also of those without definitions.
func Lists(info *schemajson.SchemaInfo) []List {
	s := schema{info}
	inClass := s.attributesInClasses()
	classes, attributes := places(s.ObjectClasses), places(s.AttributeTypes)
	return []List{
		newList(schemajson.CollectionObjectClasses, s.ObjectClasses, func(c *schemajson.ObjectClass) Item {
			i := s.item(&c.Definition)
			i.Kind = c.Kind.String()
			for _, name := range c.SUP {
				if sup := s.ObjectClass(name); sup != nil && sup != c {
					i.SUP = append(i.SUP, classes[sup])
				}
			}
			return i
		}),
		newList(schemajson.CollectionAttributeTypes, s.AttributeTypes, func(t *schemajson.AttributeType) Item {
			i := s.item(&t.Definition)
			i.Usage = t.Usage.String()
			i.Unused = !inClass[t]
			if sup := s.AttributeType(t.SUP); sup != nil && sup != t {
				i.SUP = []int{attributes[sup]}
			}
			return i
		}),
		newList(schemajson.CollectionMatchingRules, s.MatchingRules, func(r *schemajson.MatchingRule) Item { return s.item(&r.Definition) }),
		newList(schemajson.CollectionLDAPSyntaxes, s.LDAPSyntaxes, func(x *schemajson.LDAPSyntax) Item { return s.item(&x.Definition) }),
		newList(schemajson.CollectionMatchingRuleUse, s.MatchingRuleUses, func(u *schemajson.MatchingRuleUse) Item { return s.item(&u.Definition) }),
		newList(schemajson.CollectionDITContentRules, s.DITContentRules, func(r *schemajson.DITContentRule) Item { return s.item(&r.Definition) }),
		newList(schemajson.CollectionDITStructureRules, s.DITStructureRules, func(r *schemajson.DITStructureRule) Item { return s.item(&r.Definition) }),
		newList(schemajson.CollectionNameForms, s.NameForms, func(f *schemajson.NameForm) Item { return s.item(&f.Definition) }),
	}
}

func newList[D any](collection string, definitions []D, line func(*D) Item) List {
	l := List{Collection: collection, Definitions: make([]Item, len(definitions))}
	for i := range definitions {
		l.Definitions[i] = line(&definitions[i])
	}
	return l
}

func (s schema) item(d *schemajson.Definition) Item {
	return Item{Name: d.Name(), Ordinal: s.ordinal(d), OID: d.OID, Desc: d.Desc, Obsolete: d.Obsolete, Origin: origin(d)}
}

// origin is all that the definition says of where it comes from.
func origin(d *schemajson.Definition) (all []string) {
	for _, e := range d.Extensions {
		if e.Name == "X-ORIGIN" || e.Name == "X-SCHEMA-FILE" {
			all = append(all, e.Values...)
		}
	}
	return all
}

// attributesInClasses are the attribute types that some class names.
func (s schema) attributesInClasses() map[*schemajson.AttributeType]bool {
	all := make(map[*schemajson.AttributeType]bool, len(s.AttributeTypes))
	for i := range s.ObjectClasses {
		for _, names := range [][]string{s.ObjectClasses[i].Must, s.ObjectClasses[i].May} {
			for _, name := range names {
				if t := s.AttributeType(name); t != nil {
					all[t] = true
				}
			}
		}
	}
	return all
}

// places are those of a collection's definitions.
func places[D any](definitions []D) map[*D]int {
	all := make(map[*D]int, len(definitions))
	for i := range definitions {
		all[&definitions[i]] = i
	}
	return all
}
