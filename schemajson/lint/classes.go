package lint

import (
	"slices"
	"strings"

	"github.com/ldapedge/ldapedge/schemajson"
)

// topOID is that of the class from which all structural classes derive (RFC
// 4512 §2.4.1).
const topOID = "2.5.6.0"

// classFacts is what the checks of an object class look at.
type classFacts struct {
	k *objectClass
	// sups are the direct superclasses that are defined.
	sups []*objectClass
	// underTop tells whether top is among the superclasses, or may be, as far as
	// they are defined.
	underTop bool
}

// checkObjectClasses checks what classes say, their hierarchy, and what content
// rules and name forms say of what they inherit.
func (c *checker) checkObjectClasses() {
	h := newHierarchy(c.s)
	loops := cycles(len(h.sups), func(i int32) []int32 { return h.sups[i] })
	underTop := h.underTop(loops)
	for i := range c.s.ObjectClasses {
		c.checkLists(c.at(objectClasses, i), h.must[i], h.may[i])
		facts := classFacts{k: &c.s.ObjectClasses[i], underTop: underTop[i]}
		for _, sup := range h.sups[i] {
			facts.sups = append(facts.sups, &c.s.ObjectClasses[sup])
		}
		run(c, c.at(objectClasses, i), facts, classChecks)
	}
	for _, loop := range loops {
		c.report(c.at(objectClasses, int(loop[0])), ClassCycle, "SUP", "the class is its own superclass: "+c.path(objectClasses, loop))
	}
	v := &classVisitor{checker: c, h: h, forms: c.checkNameForms(h)}
	rules := v.checkContentRules()
	h.walk(v)
	for _, r := range rules {
		r.report(c)
	}
	if h.detours <= 0 {
		c.report(place{collection: objectClasses, number: whole}, ClassTangle, "SUP", "the classes inherit on too many ways; not all that they inherit was checked")
	}
}

// underTop tells for each class whether top is among its superclasses. A class
// whose superclasses are not all known, or go round in a circle, has the
// benefit of the doubt, and so has everything where top is not defined.
func (h *hierarchy) underTop(loops [][]int32) []bool {
	n := len(h.sups)
	under := make([]bool, n)
	below := make([][]int32, n)
	var queue []int32
	add := func(i int32) {
		if !under[i] {
			under[i] = true
			queue = append(queue, i)
		}
	}
	defined := h.s.ObjectClass(topOID) != nil || h.s.ObjectClass("top") != nil
	for i := range int32(n) {
		for _, sup := range h.sups[i] {
			below[sup] = append(below[sup], i)
		}
		if !defined || h.broken[i] || isTop(&h.s.ObjectClasses[i]) {
			add(i)
		}
	}
	for _, loop := range loops {
		add(loop[0])
	}
	for i := 0; i < len(queue); i++ {
		for _, one := range below[queue[i]] {
			add(one)
		}
	}
	return under
}

func isTop(k *objectClass) bool {
	return k.OID == topOID || slices.ContainsFunc(k.Names, func(name string) bool { return strings.EqualFold(name, "top") })
}

// kindOf returns a class's kind. That of top is taken to be what it should be,
// lest a server that is wrong about it be wrong about all classes.
func kindOf(k *objectClass) schemajson.Kind {
	if isTop(k) {
		return schemajson.Abstract
	}
	return k.Kind
}

// kindCheck reports superclasses of kinds that a class of its kind may not
// have.
func kindCheck(kind schemajson.Kind, not ...schemajson.Kind) func(classFacts) string {
	return func(f classFacts) string {
		if kindOf(f.k) != kind {
			return ""
		}
		var bad []string
		for _, sup := range f.sups {
			if slices.Contains(not, kindOf(sup)) {
				bad = append(bad, sup.Name())
			}
		}
		if len(bad) == 0 {
			return ""
		}
		return "the class is " + kind.String() + ", but derives from " + listed(bad)
	}
}

var classChecks = []check[classFacts]{
	{ClassAbstractSup, "SUP", kindCheck(schemajson.Abstract, schemajson.Structural, schemajson.Auxiliary)},
	{ClassStructuralSup, "SUP", kindCheck(schemajson.Structural, schemajson.Auxiliary)},
	{ClassAuxiliarySup, "SUP", kindCheck(schemajson.Auxiliary, schemajson.Structural)},
	{ClassTopKind, "", func(f classFacts) string {
		if !isTop(f.k) || f.k.Kind == schemajson.Abstract {
			return ""
		}
		return "top is " + f.k.Kind.String() + ", not ABSTRACT"
	}},
	{ClassStructuralNoSup, "SUP", func(f classFacts) string {
		if kindOf(f.k) != schemajson.Structural || len(f.k.SUP) > 0 {
			return ""
		}
		return "the class is structural, but has no superclass"
	}},
	{ClassNotUnderTop, "SUP", func(f classFacts) string {
		notAbstract := func(sup *objectClass) bool { return kindOf(sup) != schemajson.Abstract }
		if kindOf(f.k) != schemajson.Structural || len(f.sups) == 0 || f.underTop || slices.ContainsFunc(f.sups, notAbstract) {
			return ""
		}
		return "the class is structural, but top is not among its superclasses"
	}},
}

// classVisitor checks what classes inherit, and the content rules and name
// forms that depend on it.
type classVisitor struct {
	*checker
	h *hierarchy
	// forms are the name forms for each class, by their numbers.
	forms map[int32][]int
	// rules are the content rules for each class, and those that list it in AUX.
	rules map[int32][]*ruleFacts
	// auxiliary are the attributes of the auxiliary classes, once asked for.
	auxiliary map[*attributeType]bool
}

// inherited checks a class against its superclasses.
func (v *classVisitor) inherited(class int32, redundant []int32) {
	at := v.at(objectClasses, int(class))
	repeats := func(code Code, field string, own []*attributeType) {
		if names := typeNames(own, v.h.requires); len(names) > 0 {
			v.report(at, code, field, "a superclass requires "+listed(names)+" already")
		}
	}
	repeats(MustRequired, "MUST", v.h.must[class])
	repeats(MayRequired, "MAY", v.h.may[class])
	v.checkSuperclasses(at, v.h.sups[class], redundant)
}

// checkSuperclasses checks the direct superclasses of a class against each
// other.
func (v *classVisitor) checkSuperclasses(at place, sups, redundant []int32) {
	var needless, needed, structural []string
	isRedundant := make(map[int32]bool, len(redundant))
	for _, sup := range redundant {
		isRedundant[sup] = true
	}
	for _, sup := range sups {
		k := &v.s.ObjectClasses[sup]
		if isRedundant[sup] {
			needless = append(needless, k.Name())
			continue
		}
		needed = append(needed, k.Name())
		if kindOf(k) == schemajson.Structural {
			structural = append(structural, k.Name())
		}
	}
	if len(needless) > 0 {
		v.report(at, ClassSupRedundant, "SUP", "another superclass derives from "+listed(needless)+" already")
	}
	switch {
	case len(structural) > 1 && len(withoutStandard(at, ClassStructuralChains, structural)) == 0:
	case len(structural) > 1:
		v.report(at, ClassStructuralChains, "SUP", listed(structural)+" are structural, and none derives from the other")
	case len(needed) > 1:
		v.report(at, ClassSupMultiple, "SUP", "the class derives from several: "+listed(needed))
	}
}

// complete checks the name forms and content rules that are for a class.
func (v *classVisitor) complete(class int32) {
	for _, number := range v.forms[class] {
		v.checkFormAttributes(number)
	}
	k := &v.s.ObjectClasses[class]
	for _, rule := range v.rules[class] {
		rule.meet(v.h, k)
	}
}

// checkLists checks the attributes of a class, content rule or name form.
func (c *checker) checkLists(at place, must, may []*attributeType) {
	if len(must) > 0 && len(may) > 0 {
		required := setOf(must)
		both := typeNames(may, func(t *attributeType) bool { return required[t] })
		if both = withoutStandard(at, MustAndMay, both); len(both) > 0 {
			c.report(at, MustAndMay, "MAY", listed(both)+" "+isAre(len(both))+" in MUST as well")
		}
	}
	collective := func(t *attributeType) bool { return t.Collective }
	if names := typeNames(must, collective); len(names) > 0 {
		c.report(at, CollectiveRequired, "MUST", listed(names)+" "+isAre(len(names))+" collective, and no entry has it of its own")
	}
	switch names := typeNames(may, collective); {
	case len(names) == 0:
	case at.collection == nameForms:
		c.report(at, CollectiveRequired, "MAY", listed(names)+" "+isAre(len(names))+" collective, and no entry has it of its own")
	case at.collection == objectClasses:
		c.report(at, CollectiveAllowed, "MAY", listed(names)+" "+isAre(len(names))+" collective, which is for content rules to allow")
	}
}

// typeNames returns the names of the attribute types that are selected.
func typeNames(types []*attributeType, is func(*attributeType) bool) []string {
	var names []string
	for _, t := range types {
		if is(t) {
			names = append(names, t.Name())
		}
	}
	return names
}

func setOf(types []*attributeType) map[*attributeType]bool {
	set := make(map[*attributeType]bool, len(types))
	for _, t := range types {
		set[t] = true
	}
	return set
}
