package convert

import "github.com/ldapedge/ldapedge/schemajson"

// dependenciesFirst returns definitions in an order in which each comes after
// those that it names, and otherwise in the schema's order. A cycle is broken
// where it closes.
func dependenciesFirst[D any](definitions []D, needs func(*D) []*D) (sorted []*D) {
	type visit struct {
		d    *D
		left []*D
	}
	seen := make(map[*D]bool, len(definitions))
	for i := range definitions {
		if seen[&definitions[i]] {
			continue
		}
		seen[&definitions[i]] = true
		path := []visit{{&definitions[i], needs(&definitions[i])}}
		for len(path) > 0 {
			last := &path[len(path)-1]
			if len(last.left) == 0 {
				sorted = append(sorted, last.d)
				path = path[:len(path)-1]
				continue
			}
			d := last.left[0]
			last.left = last.left[1:]
			if d != nil && !seen[d] {
				seen[d] = true
				path = append(path, visit{d, needs(d)})
			}
		}
	}
	return sorted
}

// attributeTypes returns the attribute types, supertypes first.
func attributeTypes(s *schemajson.SchemaInfo) []*schemajson.AttributeType {
	return dependenciesFirst(s.AttributeTypes, func(t *schemajson.AttributeType) []*schemajson.AttributeType {
		return []*schemajson.AttributeType{s.AttributeType(t.SUP)}
	})
}

// objectClasses returns the object classes, superclasses first.
func objectClasses(s *schemajson.SchemaInfo) []*schemajson.ObjectClass {
	return dependenciesFirst(s.ObjectClasses, func(c *schemajson.ObjectClass) []*schemajson.ObjectClass {
		sup := make([]*schemajson.ObjectClass, len(c.SUP))
		for i, name := range c.SUP {
			sup[i] = s.ObjectClass(name)
		}
		return sup
	})
}
