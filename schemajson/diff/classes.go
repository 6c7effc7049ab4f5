package diff

import "github.com/ldapedge/ldapedge/schemajson"

type objectClass = schemajson.ObjectClass

var objectClassKind = &kind[objectClass]{
	collection:  objectClasses,
	definitions: func(s *schemajson.SchemaInfo) []objectClass { return s.ObjectClasses },
	shared:      func(k *objectClass) *schemajson.Definition { return &k.Definition },
	fields: []field[objectClass]{
		{name: "sup", list: true, to: objectClasses + 1, values: func(k *objectClass) []string { return k.SUP }, judge: judgeSuperclasses},
		{name: "kind", values: optional(func(k *objectClass) string { return k.Kind.String() }), judge: always[objectClass](Breaking, "entries may not have the class as they have it, and classes may not derive from it as they do")},
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

// judgeMust looks at what superclasses require, and still allow.
var judgeMust = byValue(
	func(x *change[objectClass], key any) verdict {
		if x.lineage(0).of(x.from).requires(key) {
			return verdict{Cosmetic, "a superclass requires it already"}
		}
		return verdict{Breaking, "existing entries of the class may lack it"}
	},
	func(x *change[objectClass], key any) verdict {
		after := x.lineage(1).of(x.to)
		if after.requires(key) {
			return verdict{Cosmetic, "a superclass requires it still"}
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
		return verdict{Compatible, "entries may have it"}
	},
	func(x *change[objectClass], key any) verdict {
		if x.lineage(1).of(x.to).allows(key) {
			return verdict{Cosmetic, "entries may, or must, have it still"}
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
		if sup := x.schemas[1].ObjectClass(x.after[0]); sup != nil {
			own := x.lineage(1).of(sup)
			if lacking := own.all(func(key any) bool { return !before.requires(key) }, own.must); len(lacking) > 0 {
				return verdict{Breaking, "existing entries of the class may lack what it requires: " + shown(lacking)}
			}
		}
		return verdict{Compatible, "entries of the class may have what it allows"}
	},
	func(x *change[objectClass], key any) verdict {
		after := x.lineage(1).of(x.to)
		if after.derives(key) {
			return verdict{Cosmetic, "it is a superclass still, by way of another"}
		}
		if sup := x.schemas[0].ObjectClass(x.before[0]); sup != nil {
			own := x.lineage(0).of(sup)
			if lost := own.all(func(key any) bool { return !after.allows(key) }, own.must, own.may); len(lost) > 0 {
				return verdict{Breaking, "entries with what only it allows violate the schema: " + shown(lost)}
			}
		}
		return verdict{Breaking, "filters for it no longer find entries of the class"}
	})
