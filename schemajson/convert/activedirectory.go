package convert

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ldapedge/ldapedge/ldif"
	"github.com/ldapedge/ldapedge/schemajson"
)

// activeDirectory collects the classSchema objects of Active Directory's schema
// naming context (MS-ADTS §3.1.1.2.4): what is published of one depends on
// others.
type activeDirectory struct {
	classes []*adClass
	// byName has the classes by name and OID, in small letters.
	byName map[string]*adClass
	// work grows with the time and space that the content rules take.
	work int
}

// adClass is a classSchema object.
type adClass struct {
	schemajson.ObjectClass
	// aux are the auxiliary classes that all its entries have.
	aux []string
}

// add takes a record and reports whether it is of the schema naming context.
func (ad *activeDirectory) add(c *collector, r *ldif.Record) bool {
	collection := ""
	switch {
	case isA(r, "attributeSchema", "attributeID"):
		collection = schemajson.CollectionAttributeTypes
	case isA(r, "classSchema", "governsID"):
		collection = schemajson.CollectionObjectClasses
	default:
		return changesClass(c, r)
	}
	if _, parent, ok := strings.Cut(r.DN, ","); ok && c.entry == "" {
		c.entry = "CN=Aggregate," + parent
	}
	if isTrue(r, "isDefunct") {
		return true
	}
	d := schemajson.Definition{OID: firstValue(r, "attributeID") + firstValue(r, "governsID"), Desc: firstValue(r, "adminDescription")}
	d.DescGiven = d.Desc != ""
	name := firstValue(r, "lDAPDisplayName")
	if name != "" {
		d.Names = []string{name}
	}
	if name == "" || d.OID == "" {
		c.problem(schemajson.ProblemSyntax, collection, recordText(r), 0, "the object has no lDAPDisplayName, or no attributeID or governsID")
		return true
	}
	if collection == schemajson.CollectionAttributeTypes {
		c.addAttributeSchema(d, r)
	} else {
		ad.addClassSchema(c, d, r)
	}
	return true
}

func isA(r *ldif.Record, class, id string) bool {
	return firstValue(r, id) != "" || slices.ContainsFunc(r.Values("objectClass"), func(v string) bool { return strings.EqualFold(v, class) })
}

// changesClass reports whether a record adds something to a class that has been
// defined elsewhere, and that it is left out.
func changesClass(c *collector, r *ldif.Record) bool {
	if r.Change != ldif.ChangeModify {
		return false
	}
	for _, name := range []string{"mayContain", "mustContain", "auxiliaryClass", "possSuperiors"} {
		if r.Values(name) != nil {
			c.problem(schemajson.ProblemValue, schemajson.CollectionObjectClasses, recordText(r), 0, "a change of a class is left out")
			return true
		}
	}
	return false
}

func (c *collector) addAttributeSchema(d schemajson.Definition, r *ldif.Record) {
	t := &schemajson.AttributeType{
		Definition:         d,
		SingleValue:        isTrue(r, "isSingleValued"),
		NoUserModification: isTrue(r, "systemOnly"),
	}
	class := "" // in BER, where white space counts
	if values := r.Values("oMObjectClass"); len(values) > 0 {
		class = values[0]
	}
	syntax := adSyntaxOf(firstValue(r, "attributeSyntax"), firstValue(r, "oMSyntax"), class)
	if syntax != nil {
		t.Syntax = syntax.oid
		if length, err := strconv.Atoi(firstValue(r, "rangeUpper")); err == nil && syntax.sized {
			t.Length = max(length, 0)
		}
	}
	text := Format(t)
	if syntax == nil {
		c.problem(schemajson.ProblemValue, schemajson.CollectionAttributeTypes, text, 0,
			"no syntax is known for attributeSyntax "+schemajson.Quote(firstValue(r, "attributeSyntax"))+" with oMSyntax "+schemajson.Quote(firstValue(r, "oMSyntax")))
	}
	c.add(schemajson.CollectionAttributeTypes, text)
}

// adKinds are the kinds of the values of objectClassCategory. 0 is a class from
// before there were kinds; it is published as structural.
var adKinds = map[string]schemajson.Kind{"0": schemajson.Structural, "1": schemajson.Structural, "2": schemajson.Abstract, "3": schemajson.Auxiliary}

func (ad *activeDirectory) addClassSchema(c *collector, d schemajson.Definition, r *ldif.Record) {
	class := &adClass{
		ObjectClass: schemajson.ObjectClass{
			Definition: d, KindGiven: true,
			Must: nameList(r, "systemMustContain", "mustContain"),
			May:  nameList(r, "systemMayContain", "mayContain"),
		},
		aux: nameList(r, "systemAuxiliaryClass", "auxiliaryClass"),
	}
	// top is said to be a subclass of itself.
	if sup := firstValue(r, "subClassOf"); sup != "" && !strings.EqualFold(sup, d.Name()) && sup != d.OID {
		class.SUP = []string{sup}
	}
	kind, known := adKinds[firstValue(r, "objectClassCategory")]
	if class.Kind = kind; !known {
		class.Kind = schemajson.Structural
		c.problem(schemajson.ProblemValue, schemajson.CollectionObjectClasses, Format(&class.ObjectClass), 0,
			"the objectClassCategory "+schemajson.Quote(firstValue(r, "objectClassCategory"))+" is not known")
	}
	ad.classes = append(ad.classes, class)
	if ad.byName == nil {
		ad.byName = make(map[string]*adClass)
	}
	for _, key := range []string{d.Name(), d.OID} {
		if key = strings.ToLower(key); ad.byName[key] == nil {
			ad.byName[key] = class
		}
	}
	c.add(schemajson.CollectionObjectClasses, Format(&class.ObjectClass))
}

// addContentRules adds the content rules of the structural classes, as Active
// Directory publishes them: any auxiliary class is allowed, and what those that
// an entry always has bring is required and allowed.
func (ad *activeDirectory) addContentRules(c *collector) {
	var auxiliaries []string
	for _, class := range ad.classes {
		if class.Kind == schemajson.Auxiliary {
			auxiliaries = append(auxiliaries, class.Name())
		}
	}
	for _, class := range ad.classes {
		if class.Kind != schemajson.Structural {
			continue
		}
		rule := &schemajson.DITContentRule{
			Definition: schemajson.Definition{OID: class.OID, Names: class.Names},
			Aux:        auxiliaries,
		}
		text := ""
		if rule.Must, rule.May = ad.auxiliaryAttributes(class); len(rule.Aux)+len(rule.Must)+len(rule.May) > 0 {
			text = Format(rule)
		}
		if ad.work += len(text); ad.work > maxText {
			c.problem(schemajson.ProblemValue, schemajson.CollectionDITContentRules, text, 0, "there are too many classes; this content rule and those that follow are left out")
			return
		}
		if text != "" {
			c.add(schemajson.CollectionDITContentRules, text)
		}
	}
}

// auxiliaryAttributes returns the attributes that the auxiliary classes of a
// class and of its superclasses bring, without those that the class has anyway.
func (ad *activeDirectory) auxiliaryAttributes(class *adClass) (must, may []string) {
	chain := ad.closure([]*adClass{class}, func(c *adClass) []string { return c.SUP })
	required, allowed := make(map[string]bool), make(map[string]bool)
	var direct []*adClass
	for _, c := range chain {
		addNew(required, c.Must)
		addNew(allowed, c.May)
		direct = append(direct, ad.find(c.aux)...)
	}
	all := ad.closure(direct, func(c *adClass) []string { return append(slices.Clip(c.SUP), c.aux...) })
	for _, c := range all {
		must = append(must, addNew(required, c.Must)...)
	}
	for key := range required {
		allowed[key] = true
	}
	for _, c := range all {
		may = append(may, addNew(allowed, c.May)...)
	}
	return must, may
}

// find returns the classes with the names or OIDs that are there.
func (ad *activeDirectory) find(names []string) (all []*adClass) {
	for _, name := range names {
		if class := ad.byName[strings.ToLower(name)]; class != nil {
			all = append(all, class)
		}
	}
	return all
}

// closure returns classes and those that they lead to, nearest first, each once.
func (ad *activeDirectory) closure(from []*adClass, to func(*adClass) []string) (all []*adClass) {
	seen := make(map[*adClass]bool)
	for next := slices.Clone(from); len(next) > 0; next = next[1:] {
		if !seen[next[0]] {
			seen[next[0]] = true
			all = append(all, next[0])
			next = append(next, ad.find(to(next[0]))...)
		}
	}
	ad.work += len(all)
	return all
}

// addNew adds names to a set and returns those that were not in it.
func addNew(set map[string]bool, names []string) (added []string) {
	for _, name := range names {
		if key := strings.ToLower(name); !set[key] {
			set[key] = true
			added = append(added, name)
		}
	}
	return added
}

// firstValue returns the first value of an attribute, empty if there is none.
func firstValue(r *ldif.Record, name string) string {
	if values := r.Values(name); len(values) > 0 {
		return strings.TrimSpace(values[0])
	}
	return ""
}

func isTrue(r *ldif.Record, name string) bool { return strings.EqualFold(firstValue(r, name), "TRUE") }

// nameList returns the names that are the values of some attributes, each once. In
// Microsoft's text files a value has several, with commas between.
func nameList(r *ldif.Record, attributes ...string) (names []string) {
	seen := make(map[string]bool)
	for _, a := range attributes {
		for _, v := range r.Values(a) {
			for name := range strings.SplitSeq(v, ",") {
				if name = strings.TrimSpace(name); name != "" {
					names = append(names, addNew(seen, []string{name})...)
				}
			}
		}
	}
	return names
}

// recordText shows a record.
func recordText(r *ldif.Record) string {
	var b strings.Builder
	if err := writeRecord(&b, r); err != nil {
		return r.DN
	}
	return b.String()
}
