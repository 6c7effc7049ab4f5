package diff

import (
	"slices"

	"github.com/ldapedge/ldapedge/schemajson"
)

type objectClass = schemajson.ObjectClass

var objectClassKind = &kind[objectClass]{
	collection:  objectClasses,
	definitions: func(s *schemajson.SchemaInfo) []objectClass { return s.ObjectClasses },
	shared:      func(k *objectClass) *schemajson.Definition { return &k.Definition },
	fields: []field[objectClass]{
		{name: "sup", list: true, to: objectClasses + 1, values: func(k *objectClass) []string { return k.SUP }, judge: judgeSuperclasses},
		{name: "kind", values: optional(func(k *objectClass) string { return k.Kind.String() }), judge: judgeClassKind},
		{name: "must", list: true, to: attributeTypes + 1, values: func(k *objectClass) []string { return k.Must }, judge: judgeMust},
		{name: "may", list: true, to: attributeTypes + 1, values: func(k *objectClass) []string { return k.May }, judge: judgeMay},
	},
	added: func(*comparison, *objectClass) verdict {
		return verdict{Compatible, "no entry has the class yet"}
	},
	removed: func(*comparison, *objectClass) verdict {
		return verdict{Breaking, "entries with the class violate the schema, and so do attributes that only it allows"}
	},
}

// What holds for all entries (RFC 4512 §2.4.1).
const (
	everyEntry = "every entry has it"
	underTop   = "every entry is of this class, be it by way of another"
)

// isObjectClass tells whether an attribute is objectClass, which every entry has.
func (c *comparison) isObjectClass(key any) bool {
	return key == c.identity(0, attributeTypes, "objectClass")
}

// needsNoClass tells of attributes that entries may have without a class to allow
// them: objectClass, and those that are operational in the schema of a side (RFC
// 4512 §3.3).
func (c *comparison) needsNoClass(side int, name string, key any) (v verdict, free bool) {
	if c.isObjectClass(key) {
		return verdict{Cosmetic, everyEntry}, true
	}
	if t := c.schemas[side].AttributeType(name); t != nil && t.Usage != schemajson.UserApplications {
		return verdict{Cosmetic, "it is operational, and entries may have it without"}, true
	}
	return verdict{}, false
}

// judgeClassKind knows that no entry has an abstract class by itself, so that all
// depends on the classes that derive from it (RFC 4512 §2.4).
func judgeClassKind(x *change[objectClass]) verdict {
	if x.from.Kind == schemajson.Abstract {
		fits := func(k *objectClass) bool { return k.Kind == x.to.Kind && len(k.SUP) == 1 }
		if !slices.ContainsFunc(x.schemas[1].Subclasses(x.to), func(k *objectClass) bool { return !fits(k) }) {
			return verdict{Compatible, "entries may have the class by itself"}
		}
	}
	return verdict{Breaking, "entries may not have the class as they have it, and classes may not derive from it as they do"}
}

// judgeMust looks at what superclasses require, and still allow.
var judgeMust = byValue(
	func(x *change[objectClass], key any) verdict {
		if x.lineage(0).of(x.from).requires(key) {
			return verdict{Cosmetic, "a superclass requires it already"}
		}
		if x.isObjectClass(key) {
			return verdict{Cosmetic, everyEntry}
		}
		return verdict{Breaking, "existing entries of the class may lack it"}
	},
	func(x *change[objectClass], key any) verdict {
		after := x.lineage(1).of(x.to)
		if after.requires(key) {
			return verdict{Cosmetic, "a superclass requires it still"}
		}
		if v, free := x.needsNoClass(1, x.before[0], key); free {
			return v
		}
		if after.allows(key) {
			return verdict{Compatible, "entries may have it, but clients may meet some without"}
		}
		return verdict{Breaking, "entries with it violate the schema, unless another class allows it"}
	})

// judgeMay looks at what the class and its superclasses allow anyway.
var judgeMay = byValue(
	func(x *change[objectClass], key any) verdict {
		if x.lineage(0).of(x.from).allows(key) {
			return verdict{Cosmetic, "entries may have it already"}
		}
		if v, free := x.needsNoClass(0, x.after[0], key); free {
			return v
		}
		return verdict{Compatible, "entries may have it"}
	},
	func(x *change[objectClass], key any) verdict {
		if x.lineage(1).of(x.to).allows(key) {
			return verdict{Cosmetic, "entries may, or must, have it still"}
		}
		if v, free := x.needsNoClass(1, x.before[0], key); free {
			return v
		}
		return verdict{Breaking, "entries with it violate the schema, unless another class allows it"}
	})

// judgeSuperclasses looks at what the class wins and loses with a superclass.
var judgeSuperclasses = byValue(
	func(x *change[objectClass], key any) verdict {
		before := x.lineage(0).of(x.from)
		if before.derives(key) {
			return verdict{Cosmetic, "it is a superclass already, by way of another"}
		}
		top := key == x.identity(0, objectClasses, "top")
		if top && x.from.Kind == schemajson.Auxiliary && x.to.Kind == schemajson.Auxiliary {
			return verdict{Cosmetic, underTop}
		}
		if sup := x.schemas[1].ObjectClass(x.after[0]); sup != nil {
			own := x.lineage(1).of(sup)
			if lacking := own.all(func(key any) bool { return !before.requires(key) && !x.isObjectClass(key) }, own.must); len(lacking) > 0 {
				return verdict{Breaking, "existing entries of the class may lack what it requires: " + shown(lacking)}
			}
			if top && len(own.all(func(key any) bool { return !before.allows(key) && !x.isObjectClass(key) }, own.may)) == 0 {
				return verdict{Cosmetic, underTop}
			}
		}
		return verdict{Compatible, "entries of the class may have what it allows"}
	},
	func(x *change[objectClass], key any) verdict {
		after := x.lineage(1).of(x.to)
		if after.derives(key) {
			return verdict{Cosmetic, "it is a superclass still, by way of another"}
		}
		top := key == x.identity(0, objectClasses, "top")
		if top && x.from.Kind == schemajson.Auxiliary && x.to.Kind == schemajson.Auxiliary {
			return verdict{Cosmetic, underTop}
		}
		if sup := x.schemas[0].ObjectClass(x.before[0]); sup != nil {
			own := x.lineage(0).of(sup)
			if lost := own.all(func(key any) bool { return !after.allows(key) && !x.isObjectClass(key) }, own.must, own.may); len(lost) > 0 {
				return verdict{Breaking, "entries with what only it allows violate the schema: " + shown(lost)}
			}
		}
		if top {
			return verdict{Cosmetic, underTop}
		}
		return verdict{Breaking, "filters for it no longer find entries of the class"}
	})
