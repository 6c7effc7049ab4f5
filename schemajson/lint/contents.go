package lint

import "github.com/ldapedge/ldapedge/schemajson"

// extensibleObject is the OID of the class that allows every attribute (RFC
// 4512 §4.3).
const extensibleObject = "1.3.6.1.4.1.1466.101.120.111"

// ruleFacts gathers what a content rule and its classes say of the attributes
// that the rule precludes.
type ruleFacts struct {
	at             place
	must, may, not []*attributeType
	// required and allowed are those that one of the classes requires, or allows.
	required, allowed map[*attributeType]bool
	// unsure tells that not all of the classes are known.
	unsure bool
}

// checkContentRules checks what content rules say themselves, and has the walk
// of the classes gather what these have to say.
func (v *classVisitor) checkContentRules() []*ruleFacts {
	v.rules = make(map[int32][]*ruleFacts)
	all := make([]*ruleFacts, 0, len(v.s.DITContentRules))
	for i := range v.s.DITContentRules {
		rule := &v.s.DITContentRules[i]
		r := &ruleFacts{
			at:   v.at(contentRules, i),
			must: distinct(rule.Must, v.s.AttributeType), may: distinct(rule.May, v.s.AttributeType), not: distinct(rule.Not, v.s.AttributeType),
			required: make(map[*attributeType]bool), allowed: make(map[*attributeType]bool),
		}
		all = append(all, r)
		v.checkLists(r.at, r.must, r.may)
		classes := v.checkRuleClasses(r, rule)
		if len(r.not) == 0 {
			continue
		}
		for _, k := range classes {
			n := v.h.number[k]
			v.rules[n] = append(v.rules[n], r)
		}
	}
	return all
}

// checkRuleClasses checks the kinds of a content rule's classes, and returns
// them.
func (v *classVisitor) checkRuleClasses(r *ruleFacts, rule *contentRule) []*objectClass {
	classes := distinct(rule.Aux, v.s.ObjectClass)
	r.unsure = len(classes) < len(rule.Aux)
	var bad []string
	for _, k := range classes {
		if k.Kind != schemajson.Auxiliary {
			bad = append(bad, k.Name())
		}
	}
	if len(bad) > 0 {
		v.report(r.at, ContentRuleAuxKind, "AUX", listed(bad)+" "+isAre(len(bad))+" not auxiliary")
	}
	structural := v.s.ObjectClass(rule.OID)
	if structural == nil {
		r.unsure = true
		return classes
	}
	if structural.Kind != schemajson.Structural {
		v.report(r.at, ContentRuleClassKind, "OID", named(&structural.Definition)+" is "+structural.Kind.String()+", not STRUCTURAL")
	}
	return append(classes, structural)
}

// meet gathers what a class says, whose attributes the hierarchy has at hand.
func (r *ruleFacts) meet(h *hierarchy, k *objectClass) {
	h.detours -= len(r.not)
	if h.unknown > 0 || h.detours < 0 || k.OID == extensibleObject {
		r.unsure = true
	}
	if h.detours < 0 {
		return
	}
	for _, t := range r.not {
		if h.requires(t) {
			r.required[t] = true
		}
		if h.allows(t) {
			r.allowed[t] = true
		}
	}
}

// report compares NOT with the rule's own lists and its classes.
func (r *ruleFacts) report(c *checker) {
	if len(r.not) == 0 {
		return
	}
	must, may := setOf(r.must), setOf(r.may)
	tell := func(code Code, is func(*attributeType) bool, message string) {
		if names := typeNames(r.not, is); len(names) > 0 {
			c.report(r.at, code, "NOT", listed(names)+" "+isAre(len(names))+" "+message)
		}
	}
	tell(ContentRuleNotRequired, func(t *attributeType) bool { return must[t] || r.required[t] }, "precluded, but required by the rule or one of its classes")
	tell(ContentRuleNotAllowed, func(t *attributeType) bool { return may[t] }, "in MAY as well")
	if !r.unsure {
		tell(ContentRuleNotNeedless, func(t *attributeType) bool { return !must[t] && !may[t] && !r.allowed[t] }, "precluded, though no class of the rule allows as much")
	}
}
