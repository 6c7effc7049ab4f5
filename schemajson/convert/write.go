package convert

import (
	"fmt"
	"io"

	"github.com/ldapedge/ldapedge/ldif"
	"github.com/ldapedge/ldapedge/schemajson"
)

// Options are for the functions that write. Nil stands for the zero value.
type Options struct {
	// Exclude leaves out the definitions for which it returns true. Default:
	// none. See [DefinedIn] and [BuiltIntoSlapd].
	Exclude func(collection string, d *schemajson.Definition) bool
	// Changed is told of a definition that the format cannot hold as it is: what
	// is left out of it, or that it is left out. Default: nobody is.
	Changed func(collection string, d *schemajson.Definition, what string)
	// Name is the schema's name in cn=config. Default: "converted".
	Name string
	// ID is the $id of a JSON Schema, an absolute URI. Default: none.
	ID string
	// Title is the title of a JSON Schema. Default: the names of the classes.
	Title string
}

func (o *Options) excluded(collection string, d *schemajson.Definition) bool {
	return o != nil && o.Exclude != nil && o.Exclude(collection, d)
}

func (o *Options) changed(collection string, d *schemajson.Definition, what string) {
	if o != nil && o.Changed != nil {
		o.Changed(collection, d, what)
	}
}

func (o *Options) name() string {
	if o == nil || o.Name == "" {
		return "converted"
	}
	return o.Name
}

// DefinedIn returns an [Options.Exclude] that leaves out what another schema
// defines: a definition of the same collection with the OID or, where there is
// none, with the name.
func DefinedIn(s *schemajson.SchemaInfo) func(collection string, d *schemajson.Definition) bool {
	return func(collection string, d *schemajson.Definition) bool {
		key := d.OID
		if key == "" {
			key = d.Name()
		}
		switch collection {
		case schemajson.CollectionAttributeTypes:
			return s.AttributeType(key) != nil
		case schemajson.CollectionObjectClasses:
			return s.ObjectClass(key) != nil
		case schemajson.CollectionLDAPSyntaxes:
			return s.LDAPSyntax(key) != nil
		case schemajson.CollectionMatchingRules:
			return s.MatchingRule(key) != nil
		case schemajson.CollectionMatchingRuleUse:
			return s.MatchingRuleUse(key) != nil
		case schemajson.CollectionDITContentRules:
			return s.DITContentRule(key) != nil
		case schemajson.CollectionDITStructureRules:
			return s.DITStructureRule(key) != nil
		case schemajson.CollectionNameForms:
			return s.NameForm(key) != nil
		}
		return false
	}
}

// WriteLDIF writes a schema as a subschema entry (RFC 4512 §4.2): all attributes
// of the entry, the definitions as they were received. Where the schema has not
// been read from an entry its DN is cn=Subschema and its object classes are those
// that RFC 4512 §4.2 names. Values that are no definitions are left out.
func WriteLDIF(w io.Writer, s *schemajson.SchemaInfo, o *Options) error {
	r := &ldif.Record{DN: s.Entry}
	if s.Entry == "" {
		r.DN = "cn=Subschema"
	}
	if s.Attribute("objectClass") == nil {
		r.Attributes = append(r.Attributes, ldif.Attribute{Name: "objectClass", Values: []string{"top", "subentry", "subschema"}})
		if s.Entry == "" {
			r.Attributes = append(r.Attributes, ldif.Attribute{Name: "cn", Values: []string{"Subschema"}})
		}
	}
	eachAttribute(s, o, func(a schemajson.Attribute) { r.Attributes = append(r.Attributes, ldif.Attribute(a)) })
	return writeRecord(w, r)
}

// eachAttribute calls do for each attribute of the schema's entry, without the
// definitions that are excluded and the values that are no definitions.
func eachAttribute(s *schemajson.SchemaInfo, o *Options, do func(schemajson.Attribute)) {
	written := make(map[string]bool)
	for _, a := range s.Raw {
		collection := collectionOf(a.Name)
		if collection != "" {
			if written[collection] {
				continue
			}
			written[collection] = true
			a.Values = raws(s, collection, o)
		}
		do(a)
	}
}

// writeRecord writes one record as LDIF that servers take too.
func writeRecord(w io.Writer, r *ldif.Record) error {
	to := ldif.NewWriter(w)
	to.WithoutVersion = true
	if err := to.Write(r); err != nil {
		return fmt.Errorf("writing a schema: %w", err)
	}
	return nil
}

// raws returns the definitions of a collection as received.
func raws(s *schemajson.SchemaInfo, collection string, o *Options) (all []string) {
	eachOf(s, collection, func(d *schemajson.Definition) {
		if !o.excluded(collection, d) {
			all = append(all, d.Raw)
		}
	})
	return all
}

// eachOf calls do for each definition of a collection.
func eachOf(s *schemajson.SchemaInfo, collection string, do func(*schemajson.Definition)) {
	switch collection {
	case schemajson.CollectionAttributeTypes:
		for i := range s.AttributeTypes {
			do(&s.AttributeTypes[i].Definition)
		}
	case schemajson.CollectionObjectClasses:
		for i := range s.ObjectClasses {
			do(&s.ObjectClasses[i].Definition)
		}
	case schemajson.CollectionLDAPSyntaxes:
		for i := range s.LDAPSyntaxes {
			do(&s.LDAPSyntaxes[i].Definition)
		}
	case schemajson.CollectionMatchingRules:
		for i := range s.MatchingRules {
			do(&s.MatchingRules[i].Definition)
		}
	case schemajson.CollectionMatchingRuleUse:
		for i := range s.MatchingRuleUses {
			do(&s.MatchingRuleUses[i].Definition)
		}
	case schemajson.CollectionDITContentRules:
		for i := range s.DITContentRules {
			do(&s.DITContentRules[i].Definition)
		}
	case schemajson.CollectionDITStructureRules:
		for i := range s.DITStructureRules {
			do(&s.DITStructureRules[i].Definition)
		}
	case schemajson.CollectionNameForms:
		for i := range s.NameForms {
			do(&s.NameForms[i].Definition)
		}
	}
}

// Part returns the schema without the definitions that the options exclude; its
// other attributes stay.
func Part(s *schemajson.SchemaInfo, o *Options) *schemajson.SchemaInfo {
	var all []schemajson.Attribute
	eachAttribute(s, o, func(a schemajson.Attribute) { all = append(all, a) })
	return schemajson.Parse(s.Entry, all)
}
