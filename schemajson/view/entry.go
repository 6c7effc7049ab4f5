package view

import (
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// Entry is what an entry with some object classes must and may have.
type Entry struct {
	// Classes are the entry's classes with all their superclasses, each once.
	Classes []Ref `json:"classes"`
	// Structural is the most subordinate structural class, absent if there is
	// none.
	Structural *Ref `json:"structural,omitempty"`
	// ContentRule is the rule that governs the entry, absent if there is none.
	ContentRule *Ref `json:"contentRule,omitempty"`
	// Must and May are the attributes, each once.
	Must []EntryAttribute `json:"must"`
	May  []EntryAttribute `json:"may"`
	// Precluded are those that the content rule forbids.
	Precluded []EntryAttribute `json:"precluded"`
	// Any tells that the entry may have any user attribute.
	Any bool `json:"any"`
	// Problems are why no entry can be like this.
	Problems []EntryProblem `json:"problems"`
}

// EntryAttribute is an attribute that an entry must or may have.
type EntryAttribute struct {
	Ref
	// From is the class that requires or allows it, or the content rule.
	From Ref `json:"from"`
}

// EntryProblem is why no entry can have the classes.
type EntryProblem struct {
	Code EntryProblemCode `json:"code"`
	// Definitions are the names of the classes or attributes at fault.
	Definitions []string `json:"definitions"`
	// Message says it for people.
	Message string `json:"message"`
}

// EntryProblemCode tells the kinds of [EntryProblem] apart.
type EntryProblemCode string

// The codes.
const (
	UnknownClass       EntryProblemCode = "unknown-class"         // the schema does not define a class
	NoStructural       EntryProblemCode = "no-structural-class"   // no class is structural
	SeveralStructural  EntryProblemCode = "several-structural"    // structural classes are not one's superclasses
	AuxiliaryForbidden EntryProblemCode = "auxiliary-not-allowed" // the content rule does not list an auxiliary class
	RequiredForbidden  EntryProblemCode = "required-precluded"    // the content rule forbids what a class requires
	UnknownAttribute   EntryProblemCode = "unknown-attribute"     // the schema does not define a required attribute
)

// EntryOf returns what an entry of the classes, names or OIDs in any case, must
// and may have.
func EntryOf(info *schemajson.SchemaInfo, classes []string) *Entry {
	s := schema{info}
	of := info.EntryAttributes(classes)
	e := &Entry{
		Classes: s.classes(of.Classes), Any: of.Any,
		Must: s.entryAttributes(of.Must), May: s.entryAttributes(of.May), Precluded: s.entryAttributes(of.Precluded),
	}
	if of.Structural != nil {
		r := s.to(schemajson.CollectionObjectClasses, &of.Structural.Definition)
		e.Structural = &r
	}
	if of.ContentRule != nil {
		r := s.to(schemajson.CollectionDITContentRules, &of.ContentRule.Definition)
		e.ContentRule = &r
	}
	e.Problems = problemsOf(info, of)
	return e
}

func (s schema) entryAttributes(list []schemajson.ClassAttribute) []EntryAttribute {
	all := make([]EntryAttribute, 0, len(list))
	for _, a := range list {
		one := EntryAttribute{Ref: s.attributeRef(a.Name)}
		if a.Rule != nil {
			one.From = s.to(schemajson.CollectionDITContentRules, &a.Rule.Definition)
		} else {
			one.From = s.to(schemajson.CollectionObjectClasses, &a.From.Definition)
		}
		all = append(all, one)
	}
	return all
}

// problemsOf never returns nil.
func problemsOf(info *schemajson.SchemaInfo, of *schemajson.EntryAttributes) []EntryProblem {
	all := []EntryProblem{}
	add := func(code EntryProblemCode, names []string, message string) {
		all = append(all, EntryProblem{code, list(names), strings.TrimSpace(message + " " + strings.Join(names, ", "))})
	}
	if len(of.Unknown) > 0 {
		add(UnknownClass, of.Unknown, "the schema does not define")
	}
	switch {
	case of.Structural == nil && len(of.Classes) > 0:
		add(NoStructural, nil, "an entry has a structural class, and none of these is one")
	case len(of.OtherStructural) > 0:
		add(SeveralStructural, classNames(append([]*schemajson.ObjectClass{of.Structural}, of.OtherStructural...)),
			"an entry has one chain of structural classes, and none of these is a superclass of the others:")
	}
	if len(of.AuxiliaryNotAllowed) > 0 {
		add(AuxiliaryForbidden, classNames(of.AuxiliaryNotAllowed), "the content rule does not allow the auxiliary classes")
	}
	var forbidden, unknown []string
	for _, a := range of.Must {
		if a.Type == nil {
			unknown = append(unknown, a.Name)
		} else if of.ContentRule != nil && lists(info, of.ContentRule.Not, a.Type) {
			forbidden = append(forbidden, a.Name)
		}
	}
	if len(forbidden) > 0 {
		add(RequiredForbidden, forbidden, "the content rule forbids what is required:")
	}
	if len(unknown) > 0 {
		add(UnknownAttribute, unknown, "the schema does not define what is required:")
	}
	return all
}

// lists tells whether names have the attribute type among them.
func lists(info *schemajson.SchemaInfo, names []string, t *schemajson.AttributeType) bool {
	for _, name := range names {
		if info.AttributeType(name) == t {
			return true
		}
	}
	return false
}

func classNames(classes []*schemajson.ObjectClass) (names []string) {
	for _, c := range classes {
		names = append(names, c.Name())
	}
	return names
}
