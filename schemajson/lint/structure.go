package lint

import (
	"maps"

	"github.com/ldapedge/ldapedge/schemajson"
)

// checkNameForms checks what name forms say themselves. It returns their
// numbers by the class they are for, whose attributes checkFormAttributes
// compares with theirs.
func (c *checker) checkNameForms(h *hierarchy) map[int32][]int {
	forms := make(map[int32][]int)
	for i := range c.s.NameForms {
		f := &c.s.NameForms[i]
		at := c.at(nameForms, i)
		run(c, at, f, formChecks)
		must, may := distinct(f.Must, c.s.AttributeType), distinct(f.May, c.s.AttributeType)
		c.checkLists(at, must, may)
		c.checkFormEquality(at, "MUST", must)
		c.checkFormEquality(at, "MAY", may)
		class := c.s.ObjectClass(f.OC)
		if class == nil {
			continue
		}
		if class.Kind != schemajson.Structural {
			c.report(at, NameFormClassKind, "OC", named(&class.Definition)+" is "+class.Kind.String()+", not STRUCTURAL")
		}
		n := h.number[class]
		forms[n] = append(forms[n], i)
	}
	return forms
}

var formChecks = []check[*nameForm]{
	{NameFormNoClass, "OC", func(f *nameForm) string {
		if f.OC != "" {
			return ""
		}
		return "the name form has no OC"
	}},
	{NameFormNoMust, "MUST", func(f *nameForm) string {
		if len(f.Must) > 0 {
			return ""
		}
		return "the name form has no MUST"
	}},
}

// checkFormEquality reports attributes of a name form that cannot be compared.
func (c *checker) checkFormEquality(at place, field string, types []*attributeType) {
	if len(c.s.MatchingRules) == 0 {
		return
	}
	bare := typeNames(types, func(t *attributeType) bool { return c.types.has[c.types.number[t]].equality == "" })
	if len(bare) > 0 {
		c.report(at, NameFormEquality, field, listed(bare)+" "+hasHave(len(bare))+" no EQUALITY, and cannot be used for naming")
	}
}

// addable returns the attributes that entries of a name form's class may have
// beside those of the class: by an auxiliary class, as an organization is named
// by the dc of dcObject (RFC 2377), or by the content rule.
func (v *classVisitor) addable(f *nameForm) map[*attributeType]bool {
	if v.auxiliary == nil {
		v.auxiliary = v.h.auxiliaryAttributes()
	}
	class := v.s.ObjectClass(f.OC)
	if class == nil || class.OID == "" {
		return v.auxiliary
	}
	rule := v.s.DITContentRule(class.OID)
	if rule == nil || len(rule.Must)+len(rule.May) == 0 {
		return v.auxiliary
	}
	all := maps.Clone(v.auxiliary)
	for _, names := range [][]string{rule.Must, rule.May} {
		for _, t := range distinct(names, v.s.AttributeType) {
			all[t] = true
		}
	}
	return all
}

// checkFormAttributes reports attributes of a name form that its class, whose
// attributes the hierarchy has at hand, does not allow.
func (v *classVisitor) checkFormAttributes(number int) {
	if v.h.unknown > 0 {
		return
	}
	f := &v.s.NameForms[number]
	addable := v.addable(f)
	refused := func(t *attributeType) bool { return !v.h.allows(t) && !addable[t] }
	for _, list := range []struct {
		field string
		names []string
	}{{"MUST", f.Must}, {"MAY", f.May}} {
		if names := typeNames(distinct(list.names, v.s.AttributeType), refused); len(names) > 0 {
			v.report(v.at(nameForms, number), NameFormAttribute, list.field, "neither the class "+schemajson.Quote(f.OC)+" nor what may be added to it allows "+listed(names))
		}
	}
}

// checkStructureRules checks what structure rules say, and whether entries can
// come under them. That a rule is superior to itself, on whatever way, is no
// fault: an organizationalUnit may be below another.
func (c *checker) checkStructureRules() {
	n := len(c.s.DITStructureRules)
	number := make(map[*structureRule]int32, n)
	for i := range c.s.DITStructureRules {
		number[&c.s.DITStructureRules[i]] = int32(i)
	}
	superior, below := make([][]int32, n), make([][]int32, n)
	reached := make([]bool, n)
	var queue []int32
	for i := range c.s.DITStructureRules {
		r := &c.s.DITStructureRules[i]
		if r.Form == "" {
			c.report(c.at(structureRules, i), StructureRuleNoForm, "FORM", "the structure rule has no FORM")
		}
		for _, sup := range distinct(r.SUP, c.s.DITStructureRule) {
			superior[i] = append(superior[i], number[sup])
			below[number[sup]] = append(below[number[sup]], int32(i))
		}
		if len(r.SUP) == 0 || len(superior[i]) < len(r.SUP) {
			reached[i] = true // what is not defined has the benefit of the doubt
			queue = append(queue, int32(i))
		}
	}
	for i := 0; i < len(queue); i++ {
		for _, one := range below[queue[i]] {
			if !reached[one] {
				reached[one] = true
				queue = append(queue, one)
			}
		}
	}
	for _, cycle := range cycles(n, func(i int32) []int32 { return superior[i] }) {
		if !reached[cycle[0]] {
			c.report(c.at(structureRules, int(cycle[0])), StructureRuleCycle, "SUP", "no rule without SUP leads to these, which are superior to one another: "+c.path(structureRules, cycle))
		}
	}
}
