package schemajson

// Dump is a schema as plain data, for JSON: a list for each collection under
// its LDAP name. Lists are always lists; what a definition does not have is
// left out; what is an RFC default and not in the text is named in Defaulted.
type Dump struct {
	Entry             string           `json:"entry,omitempty"`
	AttributeTypes    []DefinitionDump `json:"attributeTypes"`
	ObjectClasses     []DefinitionDump `json:"objectClasses"`
	LDAPSyntaxes      []DefinitionDump `json:"ldapSyntaxes"`
	MatchingRules     []DefinitionDump `json:"matchingRules"`
	MatchingRuleUse   []DefinitionDump `json:"matchingRuleUse"`
	DITContentRules   []DefinitionDump `json:"dITContentRules"`
	DITStructureRules []DefinitionDump `json:"dITStructureRules"`
	NameForms         []DefinitionDump `json:"nameForms"`
	Problems          []ProblemDump    `json:"problems"`
}

// DefinitionDump is a definition of any kind as plain data. The fields are
// those of the definition's text, own ones only.
type DefinitionDump struct {
	OID                string          `json:"oid,omitempty"`
	Names              []string        `json:"names,omitempty"`
	Desc               *string         `json:"desc,omitempty"`
	Obsolete           bool            `json:"obsolete,omitempty"`
	SUP                []string        `json:"sup,omitempty"`
	Equality           string          `json:"equality,omitempty"`
	Ordering           string          `json:"ordering,omitempty"`
	Substr             string          `json:"substr,omitempty"`
	Syntax             string          `json:"syntax,omitempty"`
	Length             int             `json:"length,omitempty"`
	SingleValue        bool            `json:"singleValue,omitempty"`
	Collective         bool            `json:"collective,omitempty"`
	NoUserModification bool            `json:"noUserModification,omitempty"`
	Usage              string          `json:"usage,omitempty"`
	Kind               string          `json:"kind,omitempty"`
	Must               []string        `json:"must,omitempty"`
	May                []string        `json:"may,omitempty"`
	Not                []string        `json:"not,omitempty"`
	Aux                []string        `json:"aux,omitempty"`
	Applies            []string        `json:"applies,omitempty"`
	Form               string          `json:"form,omitempty"`
	OC                 string          `json:"oc,omitempty"`
	Extensions         []ExtensionDump `json:"extensions,omitempty"`
	Defaulted          []string        `json:"defaulted,omitempty"`
	Raw                string          `json:"raw"`
}

// ExtensionDump is an extension as plain data.
type ExtensionDump struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// ProblemDump is a problem as plain data.
type ProblemDump struct {
	Code       ProblemCode `json:"code"`
	Collection string      `json:"collection"`
	Text       string      `json:"text"`
	Offset     int         `json:"offset"`
	Message    string      `json:"message"`
}

// Dump returns the schema as plain data.
func (s *SchemaInfo) Dump() *Dump {
	return &Dump{
		Entry:             s.Entry,
		AttributeTypes:    dumpAll(s.AttributeTypes, (*AttributeType).Dump),
		ObjectClasses:     dumpAll(s.ObjectClasses, (*ObjectClass).Dump),
		LDAPSyntaxes:      dumpAll(s.LDAPSyntaxes, (*LDAPSyntax).Dump),
		MatchingRules:     dumpAll(s.MatchingRules, (*MatchingRule).Dump),
		MatchingRuleUse:   dumpAll(s.MatchingRuleUses, (*MatchingRuleUse).Dump),
		DITContentRules:   dumpAll(s.DITContentRules, (*DITContentRule).Dump),
		DITStructureRules: dumpAll(s.DITStructureRules, (*DITStructureRule).Dump),
		NameForms:         dumpAll(s.NameForms, (*NameForm).Dump),
		Problems:          dumpAll(s.Problems, func(p *Problem) ProblemDump { return ProblemDump(*p) }),
	}
}

func dumpAll[D, T any](definitions []D, dump func(*D) T) []T {
	all := make([]T, 0, len(definitions))
	for i := range definitions {
		all = append(all, dump(&definitions[i]))
	}
	return all
}

func (d *Definition) dump() DefinitionDump {
	out := DefinitionDump{OID: d.OID, Names: d.Names, Obsolete: d.Obsolete, Raw: d.Raw}
	if d.DescGiven {
		out.Desc = &d.Desc
	}
	for _, e := range d.Extensions {
		out.Extensions = append(out.Extensions, ExtensionDump{e.Name, append([]string{}, e.Values...)})
	}
	return out
}

// Dump returns the definition as plain data.
func (t *AttributeType) Dump() DefinitionDump {
	out := t.Definition.dump()
	if t.SUP != "" {
		out.SUP = []string{t.SUP}
	}
	out.Equality, out.Ordering, out.Substr = t.Equality, t.Ordering, t.Substr
	out.Syntax, out.Length, out.Usage = t.Syntax, t.Length, t.Usage.String()
	out.SingleValue, out.Collective, out.NoUserModification = t.SingleValue, t.Collective, t.NoUserModification
	if !t.UsageGiven {
		out.Defaulted = []string{"usage"}
	}
	return out
}

// Dump returns the definition as plain data.
func (c *ObjectClass) Dump() DefinitionDump {
	out := c.Definition.dump()
	out.SUP, out.Kind, out.Must, out.May = c.SUP, c.Kind.String(), c.Must, c.May
	if !c.KindGiven {
		out.Defaulted = []string{"kind"}
	}
	return out
}

// Dump returns the definition as plain data.
func (x *LDAPSyntax) Dump() DefinitionDump { return x.Definition.dump() }

// Dump returns the definition as plain data.
func (r *MatchingRule) Dump() DefinitionDump {
	out := r.Definition.dump()
	out.Syntax = r.Syntax
	return out
}

// Dump returns the definition as plain data.
func (u *MatchingRuleUse) Dump() DefinitionDump {
	out := u.Definition.dump()
	out.Applies = u.Applies
	return out
}

// Dump returns the definition as plain data.
func (r *DITContentRule) Dump() DefinitionDump {
	out := r.Definition.dump()
	out.Aux, out.Must, out.May, out.Not = r.Aux, r.Must, r.May, r.Not
	return out
}

// Dump returns the definition as plain data.
func (r *DITStructureRule) Dump() DefinitionDump {
	out := r.Definition.dump()
	out.Form, out.SUP = r.Form, r.SUP
	return out
}

// Dump returns the definition as plain data.
func (f *NameForm) Dump() DefinitionDump {
	out := f.Definition.dump()
	out.OC, out.Must, out.May = f.OC, f.Must, f.May
	return out
}
